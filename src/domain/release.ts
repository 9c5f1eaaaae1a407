import { createHash } from 'node:crypto';
import { type HeldValue, roleOf, valueKey } from './value.ts';

/** What a release consists of, without the places where it stands. */
export type ReleaseValue = Pick<HeldValue, 'kind' | 'name' | 'part' | 'value'>;

/** The promoted values that a target holds at one commit. */
export interface Release {
  /** For people: `v1.4.2`, `5479148`, `v1.4.2 + 1.6.39`. */
  label: string;
  /** For programs: equal exactly when all values are equal. 16 hexadecimal digits. */
  fingerprint: string;
  values: ReleaseValue[];
}

const LABEL_PARTS = 2;
const LABEL_LENGTH = 60;

/** Makes a release of values, whatever their order. `prominent` values name it; all values do when there are none. */
export function makeRelease(
  values: readonly ReleaseValue[],
  prominent: readonly ReleaseValue[] = [],
): Release {
  const sorted = sortValues(values.map(({ kind, name, part, value }) => ({ kind, name, part, value })));
  return {
    label: labelOf(prominent.length > 0 ? prominent : sorted),
    fingerprint: fingerprintOf(sorted),
    values: sorted,
  };
}

/** The label alone, for whoever shows thousands of releases. */
export function labelRelease(values: readonly ReleaseValue[]): string {
  return labelOf(sortValues(values));
}

function sortValues(values: readonly ReleaseValue[]): ReleaseValue[] {
  return values.toSorted((a, b) => compareText(valueKey(a), valueKey(b)));
}

function fingerprintOf(sorted: readonly ReleaseValue[]): string {
  const text = JSON.stringify(sorted.map((value) => [valueKey(value), value.value]));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function labelOf(values: readonly ReleaseValue[]): string {
  const distinct = [...new Set(labelled(values).map(({ value }) => shortValue(value)))];
  if (distinct.length === 0) return 'nothing';
  const shown = distinct.slice(0, LABEL_PARTS).join(' + ');
  const more = distinct.length - LABEL_PARTS;
  return (more > 0 ? `${shown} + ${more} more` : shown).slice(0, LABEL_LENGTH);
}

/** The values that name a release best: tags, else fields and refs, else digests, else whatever there is. */
function labelled(values: readonly ReleaseValue[]): readonly ReleaseValue[] {
  const choices: ((value: ReleaseValue) => boolean)[] = [
    (value) => value.kind !== 'field' && roleOf(value) === 'tag',
    (value) => value.kind === 'field' || roleOf(value) === 'version',
    (value) => roleOf(value) === 'digest',
  ];
  for (const choice of choices) {
    const chosen = values.filter(choice);
    if (chosen.length > 0) return chosen;
  }
  return values.filter(({ kind }) => kind === 'file').length === values.length && values.length > 0
    ? [{ ...values[0]!, value: `files ${fingerprintOf(values).slice(0, 7)}` }]
    : values;
}

/** Whether people mean this release: by its whole label, or by one of the parts that the label is made of. */
export function namesRelease(said: string, label: string): boolean {
  return said === label || label.split(' + ').includes(said);
}

/** A value as people say it: a full commit SHA or digest by its first seven digits. */
export function shortValue(value: string): string {
  if (/^[0-9a-f]{40}$/.test(value)) return value.slice(0, 7);
  const digest = /^sha256:([0-9a-f]{7})[0-9a-f]+$/.exec(value);
  return digest ? `sha256:${digest[1]}` : value;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
