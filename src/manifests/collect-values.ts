import {
  type HeldValue,
  type HeldValues,
  type ManifestProblem,
  type Occurrence,
  valueKey,
} from '../domain/value.ts';

/** Takes in what is read, place by place. */
export interface ValueCollector {
  add(value: Omit<HeldValue, 'occurrences'>, occurrence: Occurrence): void;
  report(problem: ManifestProblem): void;
  /** Places with one value together, places that disagree as ambiguous; in the order of their keys. */
  result(): HeldValues;
}

type Held = Omit<HeldValue, 'value' | 'occurrences'> & { values: Map<string, Occurrence[]> };

export function createCollector(): ValueCollector {
  const held = new Map<string, Held>();
  const seen = new Set<string>();
  const problems = new Map<string, ManifestProblem>();
  return {
    add({ kind, name, part, value }, occurrence) {
      const key = valueKey({ kind, name, part });
      const place = JSON.stringify([key, occurrence.path, occurrence.document, occurrence.address]);
      // Rules that overlap read one place twice.
      if (seen.has(place)) return;
      seen.add(place);
      const entry = held.get(key) ?? { kind, name, part, values: new Map<string, Occurrence[]>() };
      entry.values.set(value, [...(entry.values.get(value) ?? []), occurrence]);
      held.set(key, entry);
    },
    report(problem) {
      problems.set(JSON.stringify([problem.path, problem.line, problem.message]), problem);
    },
    result: () => ({ ...splitAmbiguous(held), problems: [...problems.values()] }),
  };
}

function splitAmbiguous(held: Map<string, Held>): Pick<HeldValues, 'values' | 'ambiguous'> {
  const result: Pick<HeldValues, 'values' | 'ambiguous'> = { values: [], ambiguous: [] };
  for (const key of [...held.keys()].sort()) {
    const { kind, name, part, values } = held.get(key)!;
    const places = [...values].map(([value, occurrences]) => ({ value, occurrences }));
    const [only] = places;
    if (places.length === 1 && only) result.values.push({ kind, name, part, ...only });
    else result.ambiguous.push({ kind, name, part, values: places });
  }
  return result;
}
