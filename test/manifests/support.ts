import type { PromoteRule } from '../../src/domain/promote-rule.ts';
import type { HeldValue, HeldValues } from '../../src/domain/value.ts';
import { readValues } from '../../src/manifests/read-values.ts';
import { type ValueEdit, writeValues } from '../../src/manifests/write-values.ts';

export const IMAGES: PromoteRule = { kind: 'images', parts: ['newTag', 'digest', 'newName'], names: [] };
export const KUSTOMIZATION = 'apps/checkout/dev/kustomization.yaml';
export const FILE = 'image-tags/dev/checkout';

/** Reads files of one folder target. */
export function readFolder(files: Record<string, string>, ...rules: PromoteRule[]): HeldValues {
  const target = { application: 'checkout', environment: 'dev', root: 'apps/checkout/dev', isFile: false };
  return readValues(
    rules,
    target,
    Object.entries(files).map(([path, text]) => ({ path, text })),
    [],
  );
}

/** Reads one field of a target that is a file. */
export function readFieldOf(text: string, path: string, file = FILE): HeldValues {
  const target = { application: 'checkout', environment: 'dev', root: file, isFile: true };
  return readValues([{ kind: 'field', file: null, path }], target, [{ path: file, text }], []);
}

/** What a target holds, one line a value. */
export function summary({ values }: HeldValues): string[] {
  return values.map(({ kind, name, part, value }) => `${kind} ${name} ${part} = ${value}`);
}

export function editsOf(value: HeldValue, path: string, to: string): ValueEdit[] {
  return value.occurrences
    .filter((occurrence) => occurrence.path === path)
    .map((occurrence) => ({ occurrence, kind: value.kind, part: value.part, from: value.value, to }));
}

/** Replaces the only value of a file text; the new text, or the problems as `line: message`. */
export function replace(text: string, held: HeldValues, path: string, to: string): string | string[] {
  const [value] = held.values;
  if (!value || held.values.length !== 1) throw new Error(`expected one value: ${JSON.stringify(held)}`);
  const result = writeValues({ path, text }, editsOf(value, path, to));
  return result.ok ? result.text : result.problems.map(({ line, message }) => `${line}: ${message}`);
}
