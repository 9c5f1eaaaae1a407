import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { evaluateManual } from '../../../src/domain/gates/manual.ts';
import { facts } from './support.ts';

test('waits, and says what to do', () => {
  expect(evaluateManual(facts())).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('`/promote`'),
  });
});

test('passes with the word of somebody who may', () => {
  const request = { requester: 'alice', url: 'https://github.example/1#c2' };
  expect(evaluateManual(facts({ requests: known([request]) }))).toEqual({
    gate: 'manual',
    state: 'passed',
    reason: 'asked for by alice (https://github.example/1#c2)',
  });
  const timed = evaluateManual(facts({ requests: known([{ ...request, atMs: 5 }]) }));
  expect(timed.sinceMs).toBe(5);
});

test('waits while the comments cannot be read', () => {
  const requests = unknown('the comments could not be read: 502');
  expect(evaluateManual(facts({ requests }))).toMatchObject({ state: 'waiting', reason: requests.reason });
});
