import type { GateSpec } from '../domain/gate-spec.ts';
import { toGate } from './gates/gate.ts';
import { matchEnvironments } from './match-environments.ts';
import type { Finding } from './problem.ts';
import type { Config } from './schema.ts';

/** Gates that ask the environment which the release comes from. */
const ASKING = ['soak', 'health'];

/** Finds gates that could never pass: no environment to ask, or no `health` to count from. */
export function checkSourcesOfGates(config: Config): Finding[] {
  return [...checkEnvironments(config), ...checkOverriddenGates(config)];
}

function checkEnvironments({ environments, defaults }: Config): Finding[] {
  return Object.entries(environments).flatMap(([name, value]) => {
    const own = value?.gates;
    const gates = (own ?? defaults?.gates ?? []).map(toGate);
    const place = (index: number) =>
      own ? ['environments', name, 'gates', index] : ['defaults', 'gates', index];
    return gates.flatMap((gate, index): Finding[] => {
      if (value?.from === undefined && ASKING.includes(gate.kind)) {
        const hint = own ? 'remove it here' : `write \`gates: []\` in ${name}`;
        return [{ message: nothingToAsk(name, gate, hint), path: place(index) }];
      }
      return isLost(gate, gates) ? [{ message: NO_HEALTH, path: place(index) }] : [];
    });
  });
}

/** Overrides may come together for one application: a `health` gate of any of them is one to count from. */
function checkOverriddenGates({ environments, defaults, overrides }: Config): Finding[] {
  const names = Object.keys(environments);
  const brought = overrides.flatMap((each) => [...(each.gates ?? []), ...(each['add-gates'] ?? [])]);
  return overrides.flatMap((override, index) => {
    const meant = matchEnvironments(override.environments, names);
    const first = meant.find((name) => environments[name]?.from === undefined);
    const standing = meant.flatMap((name) => environments[name]?.gates ?? defaults?.gates ?? []);
    // `gates` replaces what stands there.
    const beside = [...brought, ...(override.gates ? [] : standing)].map(toGate);
    return (['gates', 'add-gates'] as const).flatMap((key) =>
      (override[key] ?? []).map(toGate).flatMap((gate, at): Finding[] => {
        const path = ['overrides', index, key, at];
        if (first !== undefined && ASKING.includes(gate.kind)) {
          const hint = 'say with `environments` where it goes, or remove it here';
          return [{ message: nothingToAsk(first, gate, hint), path }];
        }
        return isLost(gate, beside) ? [{ message: NO_HEALTH, path }] : [];
      }),
    );
  });
}

const NO_HEALTH = '`since: healthy` counts from a `health` gate; add one beside it';

function isLost(gate: GateSpec, beside: readonly GateSpec[]): boolean {
  return gate.kind === 'soak' && gate.since === 'healthy' && !beside.some(({ kind }) => kind === 'health');
}

function nothingToAsk(environment: string, { kind }: GateSpec, hint: string): string {
  return `${environment} takes builds, so ${kind} has no environment to ask; ${hint}`;
}
