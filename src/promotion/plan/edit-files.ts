import { subject, type ValueChange } from '../../domain/compare-values.ts';
import { matchTargets } from '../../domain/path-template.ts';
import type { Settings } from '../../domain/settings.ts';
import { describeTarget } from '../../domain/target.ts';
import { describeProblem, type HeldValue, type Occurrence, valueKey } from '../../domain/value.ts';
import { writeValues } from '../../manifests/write-values.ts';
import type { FileEdit } from '../ports/git.ts';
import type { Base, Target } from '../snapshot.ts';

type Edited = { ok: true; files: FileEdit[] } | { ok: false; reasons: string[] };
type Write = { occurrence: Occurrence; kind: ValueChange['kind']; part: string; from: string; to: string };

/** The files of a target with the changes made in them: all, or none and the reasons. */
export function editFiles(
  base: Base,
  settings: Settings,
  target: Target,
  changes: readonly ValueChange[],
): Edited {
  const held = new Map(target.held.values.map((value) => [valueKey(value), value]));
  const files: FileEdit[] = changes
    .filter(({ kind }) => kind === 'file')
    .map((change) => editWhole(target, change));
  const reasons = files.flatMap(({ path }) => intrusion(settings, target, path) ?? []);
  const writes = new Map<string, Write[]>();
  for (const change of changes.filter(({ kind }) => kind !== 'file')) {
    const value = held.get(valueKey(change));
    if (!value || change.from === null || change.to === null) {
      reasons.push(`${subject(change)} is not held by the target`);
      continue;
    }
    collect(writes, value, change.from, change.to);
  }
  for (const [path, changesOfFile] of writes) {
    const written = writeValues({ path, text: target.texts.get(path)! }, changesOfFile);
    if (written.ok) files.push({ path, content: written.text, mode: base.files.get(path)!.mode });
    else reasons.push(...written.problems.map(describeProblem));
  }
  return reasons.length > 0 ? { ok: false, reasons } : { ok: true, files };
}

function collect(writes: Map<string, Write[]>, value: HeldValue, from: string, to: string): void {
  for (const occurrence of value.occurrences) {
    const write = { occurrence, kind: value.kind, part: value.part, from, to };
    writes.set(occurrence.path, [...(writes.get(occurrence.path) ?? []), write]);
  }
}

function editWhole(target: Target, { name, to }: ValueChange): FileEdit {
  const path = `${target.location.root}/${name}`;
  if (to === null) return { path, deleted: true };
  const [mode, sha] = to.split(' ') as [string, string];
  return { path, mode, sha };
}

/** A whole file may be new: it must not land in the folder of another target, whose gates it would pass by. */
function intrusion(settings: Settings, { location }: Target, path: string): string | null {
  const owner = matchTargets(settings.environments, [path])
    .toSorted((a, b) => b.root.length - a.root.length)
    .find((each) => each.root.length > location.root.length);
  return owner ? `\`${path}\` would belong to ${describeTarget(owner)}` : null;
}
