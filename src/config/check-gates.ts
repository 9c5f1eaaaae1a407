import { toGate } from './gates/gate.ts';
import type { Finding } from './problem.ts';
import type { Config } from './schema.ts';

/** Finds gates that an environment names twice, and checks that it waits for twice. */
export function checkGates(config: Config): Finding[] {
  return Object.entries(config.environments).flatMap(([name, environment]) => {
    const seen = new Set<string>();
    return (environment?.gates ?? []).flatMap((written, index): Finding[] => {
      const gate = toGate(written);
      const parts = gate.kind === 'checks' ? gate.checks.map((check) => ({ on: gate.on, ...check })) : [gate];
      const path = ['environments', name, 'gates', index];
      const findings: Finding[] = [];
      for (const part of parts) {
        const key = JSON.stringify(part);
        if (seen.has(key)) {
          const what = 'name' in part ? `the check ${JSON.stringify(part.name)}` : `this ${gate.kind} gate`;
          findings.push({ message: `${what} is there twice; keep one`, path });
        }
        seen.add(key);
      }
      return findings.slice(0, 1);
    });
  });
}
