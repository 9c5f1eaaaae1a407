import { expect, test } from '@jest/globals';
import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import type { GateFacts } from '../../../src/domain/gates/facts.ts';
import { known } from '../../../src/domain/gates/gate.ts';
import type { Environment } from '../../../src/domain/settings.ts';
import { plan } from '../../../src/promotion/plan/plan.ts';
import type { Candidate } from '../../../src/promotion/snapshot.ts';
import { facts } from '../../domain/gates/support.ts';
import { environment } from '../../domain/support.ts';
import { settings, snapshotOf, withProd } from '../support.ts';

const NOW_MS = Date.parse('2026-11-27T12:00:00Z');
const HOUR_MS = 60 * 60 * 1000;

const SOAK: GateSpec = { kind: 'soak', durationMs: 24 * HOUR_MS, since: 'merged' };
const ON_HEAD: GateSpec = {
  kind: 'checks',
  on: 'promotion',
  checks: [{ name: 'e2e', app: null }],
  accept: [],
};
const APPROVALS: GateSpec = {
  kind: 'approvals',
  rule: { kind: 'count', count: 1, from: [{ kind: 'role', role: 'write' }] },
  allowAuthor: false,
  allowRequester: false,
};

/** The plan for a release that prod is due, with these gates and facts. */
function planned(
  gates: GateSpec[],
  found: Partial<GateFacts> = {},
  change: Partial<Candidate> = {},
  terms: Partial<Environment> = {},
) {
  const prod = environment('prod', ['dev'], { gates, open: 'when-ready', ...terms });
  const config = settings({ environments: [environment('dev'), prod] });
  const snapshot = snapshotOf({ dev: 'v2', prod: 'v1' }, config);
  return plan(withProd(snapshot, { facts: facts(found), ...change }), NOW_MS);
}

const landed = (hoursAgo: number) =>
  known([{ environment: 'dev', landedMs: NOW_MS - hoursAgo * HOUR_MS, isAtLatest: false }]);
const kinds = (result: ReturnType<typeof plan>) => result.actions.map(({ kind }) => kind);

test('a release that soaks is listed with the reason, and looked at again when it has', () => {
  const result = planned([SOAK, APPROVALS, ON_HEAD], { landings: landed(20) });
  expect(kinds(result)).toEqual([]);
  expect(result.promotions).toEqual([]);
  expect(result.notPromoted).toEqual([
    {
      application: 'checkout',
      from: ['dev'],
      to: 'prod',
      reason:
        'v2 is not ready for a pull request (soak: in dev since Thu 2026-11-26 16:00 UTC; 1d are over Fri 2026-11-27 16:00 UTC); `/promote checkout to prod` opens it at once',
    },
  ]);
  expect(result.lookAgainMs).toBe(4 * HOUR_MS);
});

test('the pull request opens when only approvals and checks on its head are missing', () => {
  const result = planned([SOAK, APPROVALS, ON_HEAD], { landings: landed(24) });
  expect(kinds(result)).toEqual(['open-promotion']);
  expect(result.promotions[0]?.gates.map(({ gate, state }) => [gate, state])).toEqual([
    ['soak', 'passed'],
    ['approvals', 'waiting'],
    ['checks', 'waiting'],
  ]);
});

test('it opens at once for a person who may say so, and where the config does not say otherwise', () => {
  expect(kinds(planned([SOAK], { landings: landed(1) }, { requestedBy: 'dan' }))).toEqual(['open-promotion']);
  expect(kinds(planned([SOAK], { landings: landed(1) }, {}, { open: 'at-once' }))).toEqual([
    'open-promotion',
  ]);
});

test('a gate that asks for a person waits for the command that can be given now', () => {
  const result = planned([{ kind: 'manual' }]);
  expect(kinds(result)).toEqual([]);
  expect(result.notPromoted[0]?.reason).toContain(
    '(manual: somebody who may says `/promote checkout to prod`)',
  );
  expect(result.lookAgainMs).toBeNull();
});

test('a gate that failed keeps it from being opened too', () => {
  const spec: GateSpec = { ...ON_HEAD, on: 'source' };
  const red = known([[{ name: 'e2e', app: null, conclusion: 'failure' }]]);
  const result = planned([spec], { sourceChecks: red });
  expect(kinds(result)).toEqual([]);
  expect(result.notPromoted[0]?.reason).toContain('checks on source failed: ');
});

test('what GitHub did not tell keeps it from being opened, and is asked again', () => {
  const landings = { known: false, reason: 'the activity could not be read', isPassing: true } as const;
  const result = planned([SOAK], { landings });
  expect(kinds(result)).toEqual([]);
  expect(result.notPromoted[0]?.reason).toContain('soak: the activity could not be read');
  expect(result.lookAgainMs).toBe(60_000);
});

test('a clock that only the pull request can start does not keep it from being opened', () => {
  const landings = known([{ environment: 'dev', landedMs: null, isAtLatest: false }]);
  const result = planned([SOAK], { landings });
  expect(kinds(result)).toEqual(['open-promotion']);
  expect(result.promotions[0]?.gates).toMatchObject([{ gate: 'soak', state: 'waiting' }]);
});

test('a gate that has passed gives no reason to look again while others wait', () => {
  const allow = [{ text: 'daily 09:00-13:00', days: [], hours: [{ startMinute: 540, endMinute: 780 }] }];
  const gate: GateSpec = { kind: 'window', allow, block: [], zone: 'UTC' };
  expect(planned([gate, SOAK], { landings: landed(20) }).lookAgainMs).toBe(4 * HOUR_MS);
});
