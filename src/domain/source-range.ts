import type { BuildSource } from './settings.ts';
import { readTemplate } from './tag-template.ts';
import { roleOf, type ValueChange } from './value.ts';

/** From one commit of an application's source to another; each is a SHA, the beginning of one, or a tag. */
export interface SourceRange {
  /** `owner/name` */
  repository: string;
  base: string;
  head: string;
}

/**
 * The commits of the source between what a target holds and what it is given, by the tags that its builds publish; null
 * when they do not tell both.
 */
export function findSourceRange(
  sources: readonly BuildSource[],
  application: string,
  changes: readonly ValueChange[],
): SourceRange | null {
  for (const source of sources.filter((each) => each.application === application)) {
    for (const change of changes.filter((each) => setsTag(source, each))) {
      const base = readTemplate(source.tag, change.from ?? '');
      const head = readTemplate(source.tag, change.to ?? '');
      if (base !== null && head !== null && base !== head)
        return { repository: source.repository, base, head };
    }
  }
  return null;
}

function setsTag({ images }: BuildSource, change: ValueChange): boolean {
  if (change.kind === 'image' && images.length > 0 && !images.includes(change.name)) return false;
  return roleOf(change) === 'tag' || change.kind === 'field';
}
