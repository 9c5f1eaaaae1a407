import { type HeldValue, type HeldValues, valueKey } from './value.ts';

/** One promoted value that two targets do not hold alike; null where one of them does not hold it. */
export interface ValueDifference extends Pick<HeldValue, 'kind' | 'name' | 'part'> {
  one: string | null;
  other: string | null;
}

/** What differs between the promoted values of two targets, in the order of the first one. */
export function compareHeld(one: HeldValues, other: HeldValues): ValueDifference[] {
  const others = new Map(other.values.map((value) => [valueKey(value), value]));
  const differences: ValueDifference[] = [];
  for (const { kind, name, part, value } of one.values) {
    const key = valueKey({ kind, name, part });
    const there = others.get(key)?.value ?? null;
    others.delete(key);
    if (there !== value) differences.push({ kind, name, part, one: value, other: there });
  }
  for (const { kind, name, part, value } of others.values())
    differences.push({ kind, name, part, one: null, other: value });
  return differences;
}
