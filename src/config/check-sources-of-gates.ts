import { toGate } from './gates/gate.ts';
import type { Finding } from './problem.ts';
import type { Config } from './schema.ts';

/** Gates that ask the environment which the release comes from. */
const ASKING = ['soak', 'health'];

/** Finds gates that could never pass: no environment to ask, or no `health` to count from. */
export function checkSourcesOfGates({ environments, defaults }: Config): Finding[] {
  return Object.entries(environments).flatMap(([name, value]) => {
    const own = value?.gates;
    const gates = (own ?? defaults?.gates ?? []).map(toGate);
    const place = (index: number) =>
      own ? ['environments', name, 'gates', index] : ['defaults', 'gates', index];
    return gates.flatMap((gate, index): Finding[] => {
      if (value?.from === undefined && ASKING.includes(gate.kind)) {
        const hint = own ? 'remove it here' : `write \`gates: []\` in ${name}`;
        const message = `${name} takes builds, so ${gate.kind} has no environment to ask; ${hint}`;
        return [{ message, path: place(index) }];
      }
      const isLost =
        gate.kind === 'soak' && gate.since === 'healthy' && !gates.some(({ kind }) => kind === 'health');
      const message = '`since: healthy` counts from a `health` gate; add one beside it';
      return isLost ? [{ message, path: place(index) }] : [];
    });
  });
}
