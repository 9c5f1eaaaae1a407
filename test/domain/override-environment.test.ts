import type { GateSpec } from '../../src/domain/gate-spec.ts';
import { overrideEnvironment } from '../../src/domain/override-environment.ts';
import { environment } from './support.ts';

const MANUAL: GateSpec = { kind: 'manual' };
const CHECKS: GateSpec = { kind: 'checks', on: 'promotion', checks: [{ name: 'ci', app: null }], accept: [] };
const prod = environment('prod', ['dev'], { gates: [CHECKS], reviewers: ['alice'], allow: ['>=1'] });

test('without overrides an environment stays what it is', () => {
  expect(overrideEnvironment(prod, [])).toEqual(prod);
});

test('what an override does not say stays; later overrides win', () => {
  const resolved = overrideEnvironment(prod, [
    { terms: { autoMerge: true, reviewers: ['bob'] }, addedGates: [] },
    { terms: { reviewers: [], allowDowngrade: true }, addedGates: [] },
  ]);
  expect(resolved).toEqual({ ...prod, autoMerge: true, reviewers: [], allowDowngrade: true });
});

test('gates are added to what stands there then, and replaced in order', () => {
  const add = { terms: {}, addedGates: [MANUAL] };
  const replace = { terms: { gates: [] }, addedGates: [] };
  expect(overrideEnvironment(prod, [add]).gates).toEqual([CHECKS, MANUAL]);
  expect(overrideEnvironment(prod, [replace, add]).gates).toEqual([MANUAL]);
  expect(overrideEnvironment(prod, [add, replace]).gates).toEqual([]);
});

test('a gate that several overrides add is there once', () => {
  const add = { terms: {}, addedGates: [MANUAL] };
  expect(overrideEnvironment(prod, [add, add]).gates).toEqual([CHECKS, MANUAL]);
});
