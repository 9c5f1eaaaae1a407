import type { AmbiguousValue, HeldValue, HeldValues, Occurrence, ValueChange } from './value.ts';
import { valueKey } from './value.ts';

/** A value that is not what it was, with where it stands now. */
export interface PlacedChange extends ValueChange {
  place: Occurrence | null;
}

/**
 * What is other in the second of two states of one target, by value and not by text: added and removed values too. A
 * target that held nothing before is a new one, and changes nothing.
 */
export function findDirectChanges(before: HeldValues, after: HeldValues): PlacedChange[] {
  if (before.values.length + before.ambiguous.length === 0) return [];
  const [was, is] = [byKey(before), byKey(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [old, now] = [was.get(key), is.get(key)];
    if (old?.text === now?.text) return [];
    const { kind, name, part } = (now ?? old)!;
    return [{ kind, name, part, from: old?.text ?? null, to: now?.text ?? null, place: now?.place ?? null }];
  });
}

type Told = Pick<HeldValue, 'kind' | 'name' | 'part'> & { text: string; place: Occurrence | null };

function byKey({ values, ambiguous }: HeldValues): Map<string, Told> {
  const told = [
    ...values.map((value) => tell(value, [value])),
    ...ambiguous.map((value: AmbiguousValue) => tell(value, value.values)),
  ];
  return new Map(told.map((each) => [valueKey(each), each]));
}

function tell(
  { kind, name, part }: Pick<HeldValue, 'kind' | 'name' | 'part'>,
  values: readonly { value: string; occurrences: Occurrence[] }[],
): Told {
  const text = [...new Set(values.map(({ value }) => value))].sort().join(', ');
  return { kind, name, part, text, place: values[0]?.occurrences[0] ?? null };
}
