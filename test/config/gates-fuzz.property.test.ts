import fc from 'fast-check';
import { parse } from 'yaml';
import { type ConfigProblem, parseConfig } from '../../src/config/parse-config.ts';
import type { GateSpec } from '../../src/domain/gate-spec.ts';
import { evaluateEach } from '../../src/domain/gates/evaluate-gates.ts';
import type { GateFacts } from '../../src/domain/gates/facts.ts';
import { type GateState, unknown } from '../../src/domain/gates/gate.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { facts } from '../domain/gates/support.ts';
import { KINDS } from './fuzz/gate-kinds.ts';
import { mutatedConfig } from './fuzz/mutate.ts';
import { assertNoWeaker } from './fuzz/plain-config.ts';
import { isPlainlyOpen } from './fuzz/plain-window.ts';

const RUNS = 10_000;

/** All facts unknown, those too that later gates bring. */
const NOTHING_KNOWN: GateFacts = {
  ...facts(),
  ...Object.fromEntries(Object.entries(facts()).map(([name, fact]) => [name, withoutFact(fact)])),
};

function withoutFact(fact: unknown): unknown {
  if (fact instanceof Map) return new Map();
  const isKnowable = typeof fact === 'object' && fact !== null && 'known' in fact;
  return isKnowable ? unknown('GitHub did not answer') : fact;
}

const gate = fc.constantFrom(
  ...Object.entries(KINDS).flatMap(([kind, { examples }]) =>
    examples.map((example) => (example === null ? kind : { [kind]: example })),
  ),
);

/** Gates wherever a config may have them. */
const config = fc
  .record({
    gates: fc.uniqueArray(gate, { minLength: 1, maxLength: 4 }),
    added: gate,
    place: fc.nat({ max: 3 }),
  })
  .map(({ gates, added, place }) => {
    const shared = { path: 'apps/{app}/{env}' };
    const prod = { from: 'dev', 'auto-merge': true, allow: '>=1.4 <2' };
    const payments = { applications: ['payments-*', 'ledger'], environments: 'prod' };
    if (place === 0) return { ...shared, environments: { dev: null, prod: { ...prod, gates } } };
    if (place === 1)
      return {
        ...shared,
        environments: { dev: { gates: [] }, prod },
        defaults: { gates, 'allow-downgrade': false },
      };
    const others = gates.filter((each) => each !== added);
    const environments = { dev: null, prod: { ...prod, gates: others } };
    return place === 2
      ? { ...shared, environments, overrides: [{ ...payments, gates, 'auto-merge': false }] }
      : {
          ...shared,
          environments,
          overrides: [
            { ...payments, 'add-gates': [added] },
            { applications: '**', 'allow-floating': false },
          ],
        };
  });

test('a mutated config is refused with a place in the file, or no weaker than it is written', () => {
  let accepted = 0;
  const atMs = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-12-31') });
  fc.assert(
    fc.property(mutatedConfig(config), atMs, (text, nowMs) => {
      const parsed = parseConfig(text);
      if (parsed.ok) {
        accepted += 1;
        assertNoWeaker(parse(text), parsed.settings);
        for (const each of gatesOf(parsed.settings)) assertShut(each, nowMs);
        return;
      }
      const wrong = findMisplaced(text, parsed.problems);
      if (wrong !== null) throw new Error(wrong);
    }),
    { numRuns: RUNS },
  );
  // Or the mutations would be so coarse that nothing but the reader of YAML is tried.
  expect(accepted).toBeGreaterThan(RUNS / 20);
}, 300_000);

test('the gate sections that the fuzz starts from are right', () => {
  fc.assert(
    fc.property(config, (right) => {
      const parsed = parseConfig(JSON.stringify(right));
      expect(parsed).toMatchObject({ ok: true });
      if (parsed.ok) assertNoWeaker(right, parsed.settings);
    }),
  );
});

/** A problem that says nothing to people, or has no place in the file. */
function findMisplaced(text: string, problems: readonly ConfigProblem[]): string | null {
  if (problems.length === 0) return 'it is refused without a problem';
  const lines = text.split('\n');
  for (const { message, line, column } of problems) {
    if (/Invalid input|undefined|\[object|^$/.test(message)) return `this tells nothing: ${message}`;
    const isInside = line >= 1 && column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1;
    if (!isInside) return `${line}:${column} is not in the file`;
  }
  return null;
}

function gatesOf({ environments, overrides }: Settings): GateSpec[] {
  return [
    ...environments.flatMap(({ gates }) => gates),
    ...overrides.flatMap(({ terms, addedGates }) => [...(terms.gates ?? []), ...addedGates]),
  ];
}

/** With nothing known, no gate passes but a window, which is open only when its texts say so. */
function assertShut(each: GateSpec, nowMs: number): void {
  const [result] = evaluateEach([each], NOTHING_KNOWN, nowMs);
  const allowed = each.kind === 'window' ? [stateOf(each, nowMs)] : ['waiting', 'failed'];
  if (!result || !allowed.includes(result.state)) throw new Error(`${each.kind} is ${result?.state}`);
}

function stateOf({ allow, block, zone }: Extract<GateSpec, { kind: 'window' }>, nowMs: number): GateState {
  const texts = (entries: typeof block) => entries.map(({ text }) => text);
  const isOpen = isPlainlyOpen({ allow: allow && texts(allow), block: texts(block), zone }, nowMs);
  return isOpen ? 'passed' : 'waiting';
}
