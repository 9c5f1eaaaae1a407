import type { Promotion } from '../../domain/promotion.ts';
import type { Settings } from '../../domain/settings.ts';
import { targetKey } from '../../domain/target.ts';
import type { FileEdit } from '../ports/git.ts';
import type { Base, Target } from '../snapshot.ts';
import { editFiles } from './edit-files.ts';

/** The files of several promotions, and those promotions that cannot be made, with the reasons. */
export interface EditedGroup {
  files: FileEdit[];
  /** By application. */
  refused: ReadonlyMap<string, readonly string[]>;
}

/**
 * Makes all changes of a group in the files of its members, one member after the other: two may hold their values in
 * one file. A member whose changes cannot be made has none of them made.
 */
export function editGroup(
  base: Base,
  settings: Settings,
  targets: ReadonlyMap<string, Target>,
  promotions: readonly Promotion[],
): EditedGroup {
  const files = new Map<string, FileEdit>();
  const refused = new Map<string, readonly string[]>();
  for (const { application, to, changes } of promotions) {
    const target = targets.get(targetKey({ application, environment: to }))!;
    const edited = editFiles(base, settings, withTexts(target, files), changes);
    const reasons = edited.ok ? edited.files.flatMap((edit) => collision(files, edit)) : edited.reasons;
    if (reasons.length > 0) refused.set(application, reasons);
    else if (edited.ok) for (const edit of edited.files) files.set(edit.path, edit);
  }
  return { files: [...files.values()], refused };
}

/** The target as the members before it leave it. */
function withTexts(target: Target, files: ReadonlyMap<string, FileEdit>): Target {
  const texts = [...target.texts].map(([path, text]): [string, string] => {
    const edit = files.get(path);
    return [path, edit && 'content' in edit ? edit.content : text];
  });
  return { ...target, texts: new Map(texts) };
}

/** A text goes on from the one before; whole files must be the same. */
function collision(files: ReadonlyMap<string, FileEdit>, edit: FileEdit): string[] {
  const before = files.get(edit.path);
  if (!before || ('content' in before && 'content' in edit)) return [];
  const isSame = JSON.stringify(before) === JSON.stringify(edit);
  return isSame ? [] : [`\`${edit.path}\` is changed in another way by another application of the group`];
}
