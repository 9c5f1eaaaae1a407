import type { GateResult, GateState } from '../../domain/gates/gate.ts';

/** First what keeps the group from merging. */
const ORDER: Record<GateState, number> = { failed: 0, waiting: 1, overridden: 2, passed: 3 };

/**
 * The gates of several applications in one list: what is the same for all of them is told once, the others with the
 * application they are of.
 */
export function mergeGates(
  members: readonly { application: string; gates: readonly GateResult[] }[],
): GateResult[] {
  const [only] = members;
  if (members.length === 1 && only) return [...only.gates];
  const said = new Map<string, { result: GateResult; applications: Set<string> }>();
  for (const { application, gates } of members) {
    for (const result of gates) {
      const key = JSON.stringify(result);
      const same = said.get(key) ?? { result, applications: new Set() };
      same.applications.add(application);
      said.set(key, same);
    }
  }
  return [...said.values()]
    .map(({ result, applications }) =>
      applications.size === members.length
        ? result
        : { ...result, gate: `${result.gate} of ${[...applications].join(', ')}` },
    )
    .toSorted((a, b) => ORDER[a.state] - ORDER[b.state]);
}
