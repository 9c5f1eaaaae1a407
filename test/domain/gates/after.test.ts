import { expect, test } from '@jest/globals';
import { evaluateAfter } from '../../../src/domain/gates/after.ts';
import type { DependencyFact } from '../../../src/domain/gates/facts.ts';
import { facts } from './support.ts';

function judge(version: string | null, fact: DependencyFact | null | undefined, application = 'cart') {
  const dependencies = new Map(fact === undefined ? [] : [[application, fact]]);
  return evaluateAfter(
    { kind: 'after', dependencies: [{ application, version }] },
    facts({ application: 'checkout', to: 'prod', dependencies }),
  );
}

test('passes when the other application holds what the environment before holds', () => {
  expect(judge(null, { versions: ['v1'], lag: null })).toEqual({
    gate: 'after',
    state: 'passed',
    reason: 'prod holds cart',
  });
});

test('waits with the reason while it does not', () => {
  expect(judge(null, { versions: ['v1'], lag: 'v2 is to be promoted to prod' })).toEqual({
    gate: 'after',
    state: 'waiting',
    reason: 'cart goes first: v2 is to be promoted to prod',
  });
});

test('a version counts whether or not a newer one waits, and all of several must meet it', () => {
  const lag = 'v2 is to be promoted to prod';
  expect(judge('>=1.4', { versions: ['v1.4.0', '2.0'], lag }).state).toBe('passed');
  expect(judge('>=1.4', { versions: ['v1.4.0', '1.3.9'], lag })).toMatchObject({
    state: 'waiting',
    reason: 'cart in prod holds `1.3.9`, and must hold `>=1.4`',
  });
});

test('an application does not wait for itself', () => {
  expect(judge(null, undefined, 'checkout').state).toBe('passed');
});

test('what is unknown, missing or without a version waits', () => {
  expect(judge(null, undefined)).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('not read'),
  });
  expect(judge('>=1', null)).toMatchObject({ state: 'waiting', reason: 'prod has no application cart' });
  expect(judge('>=1', { versions: [], lag: null }).state).toBe('waiting');
  expect(judge('>=1', { versions: ['latest'], lag: null }).state).toBe('waiting');
});
