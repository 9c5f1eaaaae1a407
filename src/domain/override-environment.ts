import type { GateSpec } from './gate-spec.ts';
import type { Environment, Override, Terms } from './settings.ts';

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
    const { gates, ...others } = withTerms(resolved, terms);
    resolved = { ...others, gates: [...gates, ...withoutStanding(addedGates, gates)] };
  }
  return resolved;
}

/** The terms with others in their place. Of who may do what, each thing that is said replaces that thing alone. */
export function withTerms<Own extends Partial<Terms>>(own: Own, others: Partial<Terms>): Own {
  const permissions = { ...own.permissions, ...others.permissions };
  return { ...own, ...others, ...(Object.keys(permissions).length > 0 && { permissions }) };
}

/** Equal gates would only be told twice. */
function withoutStanding(added: readonly GateSpec[], gates: readonly GateSpec[]): GateSpec[] {
  if (added.length === 0) return [];
  const standing = new Set(gates.map((gate) => JSON.stringify(gate)));
  return added.filter((gate) => !standing.has(JSON.stringify(gate)));
}
