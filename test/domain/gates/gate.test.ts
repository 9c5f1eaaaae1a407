import fc from 'fast-check';
import { evaluateGates } from '../../../src/domain/gates/evaluate-gates.ts';
import { combineGates, type GateState } from '../../../src/domain/gates/gate.ts';
import { facts } from './support.ts';

const combine = (...states: GateState[]) =>
  combineGates(states.map((state) => ({ gate: 'a', state, reason: 'because' })));

test('all gates must let a promotion go on', () => {
  expect(combine()).toBe('passed');
  expect(combine('passed', 'overridden')).toBe('passed');
  expect(combine('passed', 'waiting')).toBe('waiting');
  expect(combine('overridden', 'waiting', 'failed')).toBe('failed');
});

test('one more gate never opens what was shut', () => {
  const state = fc.constantFrom<GateState>('passed', 'waiting', 'failed', 'overridden');
  fc.assert(
    fc.property(fc.array(state), state, (states, another) => {
      if (combine(...states) !== 'passed') expect(combine(...states, another)).not.toBe('passed');
    }),
  );
});

test('every gate of an environment is asked, in the order of the config', () => {
  const approvals = {
    kind: 'approvals',
    rule: { kind: 'count', count: 1, from: [{ kind: 'role', role: 'write' }] },
  } as const;
  const results = evaluateGates(
    [
      { kind: 'manual' },
      { kind: 'checks', on: 'source', checks: [{ name: 'ci', app: null }], accept: [] },
      { kind: 'checks', on: 'promotion', checks: [{ name: 'lint', app: null }], accept: [] },
      { ...approvals, allowAuthor: false, allowRequester: false },
    ],
    facts(),
    0,
  );
  expect(results.map(({ gate, state }) => `${gate}: ${state}`)).toEqual([
    'manual: waiting',
    'checks on source: waiting',
    'checks: waiting',
    'approvals: waiting',
  ]);
  expect(results.every(({ reason }) => reason.length > 10)).toBe(true);
});
