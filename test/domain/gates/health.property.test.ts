import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { known } from '../../../src/domain/gates/gate.ts';
import { evaluateHealth, healthKey } from '../../../src/domain/gates/health.ts';
import { type HealthReport, summarizeHealth } from '../../../src/domain/health-report.ts';
import { SHA_2 } from '../support.ts';
import { facts } from './support.ts';

const SOURCE = { kind: 'status', name: 'argocd/*', by: null } as const;
/** Times are seconds from here, as GitHub's are whole seconds. */
const START_MS = Date.parse('2026-11-23T12:00:00Z');
const NOW_S = 12;

interface Told {
  name: string;
  state: HealthReport['state'];
  atS: number;
}

/** The reports of one environment in the order in which GitHub got them; clocks may be ahead of ours. */
const environment: fc.Arbitrary<Told[]> = fc
  .array(
    fc.record({
      name: fc.constantFrom('argocd/a', 'argocd/b'),
      state: fc.constantFrom('healthy', 'healthy', 'healthy', 'unhealthy', 'pending'),
      atS: fc.integer({ min: 0, max: NOW_S + 3 }),
    }),
    { maxLength: 7 },
  )
  .map((reports) => reports.toSorted((a, b) => a.atS - b.atS));

function judge(environments: readonly Told[][], durationS: number, nowS: number) {
  const found = environments.map((reports, index) => {
    const all = reports.map(({ name, state, atS }, id) => {
      return { name, state, by: null, atMs: START_MS + atS * 1000, id, sha: SHA_2 };
    });
    // What is read comes in any order.
    const health = summarizeHealth(all.toReversed());
    return { environment: `stage-${index}`, name: 'argocd/*', ...health };
  });
  const health = new Map([[healthKey(SOURCE), known(found)]]);
  const spec = { kind: 'health', source: SOURCE, durationMs: durationS * 1000 } as const;
  return evaluateHealth(spec, facts({ health }), START_MS + nowS * 1000);
}

/** Plays the reports of an environment one after the other, as somebody who watches its names would note them down. */
function watch(reports: readonly Told[]) {
  const names = new Map<string, { state: Told['state']; sinceS: number }>();
  for (const { name, state, atS } of reports) {
    if (names.get(name)?.state !== state) names.set(name, { state, sinceS: atS });
  }
  return [...names.values()];
}

/** Goes through the seconds that it must have been healthy in, and looks at each. */
function expected(environments: readonly Told[][], durationS: number, nowS: number) {
  const watched = environments.map(watch);
  if (watched.some((names) => names.some(({ state }) => state === 'unhealthy'))) return 'failed';
  for (const names of watched) {
    if (names.length === 0) return 'waiting';
    for (const { state, sinceS } of names) {
      if (state !== 'healthy') return 'waiting';
      for (let second = nowS - durationS; second < nowS && durationS > 0; second++) {
        if (second < sinceS) return 'waiting';
      }
    }
  }
  return 'passed';
}

test('the gate says what somebody says who watched every report and every second', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.array(environment, { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 0, max: NOW_S }),
      (environments, durationS) => {
        const { state } = judge(environments, durationS, NOW_S);
        expect(state).toBe(expected(environments, durationS, NOW_S));
        seen.add(state);
      },
    ),
    { numRuns: 1_000 },
  );
  expect([...seen].sort()).toEqual(['failed', 'passed', 'waiting']);
});

test('when nothing more is reported, it passes at the told time and not before', () => {
  fc.assert(
    fc.property(environment, fc.integer({ min: 1, max: NOW_S }), (reports, durationS) => {
      const { lookAgainAtMs } = judge([reports], durationS, NOW_S);
      const seconds = Array.from({ length: 40 }, (_, index) => NOW_S + index);
      const first = seconds.find((second) => expected([reports], durationS, second) === 'passed');
      const isLater = first !== undefined && first > NOW_S;
      expect(lookAgainAtMs).toBe(isLater ? START_MS + first * 1000 : undefined);
    }),
    { numRuns: 500 },
  );
});
