import type { GateSpec } from './gate-spec.ts';
import type { Environment, Override } from './settings.ts';

/**
 * The environment with other terms, as the overrides of one application say them: later ones win. A gate that is added
 * where the same one stands already is there once.
 */
export function overrideEnvironment(
  environment: Environment,
  overrides: readonly Pick<Override, 'terms' | 'addedGates'>[],
): Environment {
  let resolved = environment;
  for (const { terms, addedGates } of overrides) {
    const { gates, ...others } = { ...resolved, ...terms };
    resolved = { ...others, gates: [...gates, ...withoutStanding(addedGates, gates)] };
  }
  return resolved;
}

/** Equal gates would only be told twice. */
function withoutStanding(added: readonly GateSpec[], gates: readonly GateSpec[]): GateSpec[] {
  if (added.length === 0) return [];
  const standing = new Set(gates.map((gate) => JSON.stringify(gate)));
  return added.filter((gate) => !standing.has(JSON.stringify(gate)));
}
