import { evaluateEach, evaluateGates, STANDING_GATES } from '../../../src/domain/gates/evaluate-gates.ts';
import type { HoldFact } from '../../../src/domain/gates/facts.ts';
import { type Known, known, unknown } from '../../../src/domain/gates/gate.ts';
import { facts } from './support.ts';

const NOW_MS = Date.parse('2026-11-27T16:00:00Z');
const HOUR_MS = 60 * 60 * 1000;

const hold = (more: Partial<HoldFact> = {}): HoldFact => ({
  by: 'sam',
  what: '**checkout** in **prod**',
  reason: 'errors',
  resume: '`/resume checkout prod`',
  url: 'https://github.example/acme/gitops/issues/1#issuecomment-5',
  untilMs: null,
  ...more,
});

const evaluate = (...holds: HoldFact[]) =>
  evaluateEach(STANDING_GATES, facts({ holds: known(holds) }), NOW_MS)[0];

test('passes when nobody holds the target', () => {
  expect(evaluate()).toEqual({ gate: 'hold', state: 'passed', reason: 'nobody holds this' });
});

test('waits without end for a hold without one, and says who, why and what ends it', () => {
  expect(evaluate(hold())).toEqual({
    gate: 'hold',
    state: 'waiting',
    reason:
      'sam holds **checkout** in **prod** until somebody resumes it: errors (https://github.example/acme/gitops/issues/1#issuecomment-5); `/resume checkout prod` ends that',
  });
});

test('waits until the first of several ends, and is over at that very moment', () => {
  const soon = hold({ untilMs: NOW_MS + HOUR_MS });
  const late = hold({ by: 'ann', what: 'everything in **prod**', untilMs: NOW_MS + 2 * HOUR_MS });
  expect(evaluate(soon, late)).toMatchObject({
    state: 'waiting',
    reason: expect.stringMatching(
      /^sam holds .* until Fri 2026-11-27 17:00 UTC: .*; ann holds everything in \*\*prod\*\* until Fri 2026-11-27 18:00 UTC: /,
    ),
    lookAgainAtMs: NOW_MS + HOUR_MS,
  });
  expect(evaluate(hold({ untilMs: NOW_MS + 1 }))).toMatchObject({ state: 'waiting' });
  expect(evaluate(hold({ untilMs: NOW_MS }))).toMatchObject({ state: 'passed' });
});

test('of very many, some are told and the others counted', () => {
  const all = Array.from({ length: 7 }, (_, index) => hold({ by: `person${index}` }));
  expect(evaluate(...all)?.reason).toMatch(/^person0 .*person3 .*; and 3 more$/);
});

test('waits while it is not known what is held', () => {
  const [result] = evaluateGates([], facts({ holds: unknown('the holds could not be read') }), NOW_MS);
  expect(result).toEqual({ gate: 'hold', state: 'waiting', reason: 'the holds could not be read' });
});

test('is told beside the gates of the config only when it stops something', () => {
  const nothing = facts();
  expect(evaluateGates([{ kind: 'manual' }], nothing, NOW_MS).map(({ gate }) => gate)).toEqual(['manual']);
  const held = facts({ holds: known([hold()]) });
  expect(evaluateGates([{ kind: 'manual' }], held, NOW_MS).map(({ gate }) => gate)).toEqual([
    'hold',
    'manual',
  ]);
});

const overrideOf = (...holds: string[]) => ({
  gate: 'hold',
  by: 'ann',
  reason: 'it mends it',
  url: 'https://github.example/c/1',
  holds,
});

test('can be overridden, and says what for', () => {
  const override = overrideOf(hold().url);
  const [result] = evaluateGates([], facts({ holds: known([hold()]), overrides: [override] }), NOW_MS);
  expect(result).toMatchObject({ gate: 'hold', state: 'overridden' });
  expect(result?.reason).toContain('Without that it is waiting: sam holds');
});

test('that somebody takes later is not passed by what was said before', () => {
  const later = hold({ by: 'dan', url: 'https://github.example/acme/gitops/issues/1#issuecomment-6' });
  const judge = (holds: Known<readonly HoldFact[]>, ...subjects: string[]) =>
    evaluateGates([], facts({ holds, overrides: [overrideOf(...subjects)] }), NOW_MS)[0]?.state;
  expect(judge(known([hold(), later]), hold().url)).toBe('waiting');
  expect(judge(known([hold(), later]), hold().url, later.url)).toBe('overridden');
  expect(judge(known([hold(), { ...later, untilMs: NOW_MS }]), hold().url)).toBe('overridden');
  expect(judge(unknown('nobody knows'), hold().url)).toBe('waiting');
  expect(judge(unknown('nobody knows'), 'unknown')).toBe('overridden');
  expect(judge(known([hold()]), 'unknown')).toBe('waiting');
});
