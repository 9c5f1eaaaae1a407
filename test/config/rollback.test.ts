import { expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config/parse-config.ts';

const parse = (rollback: string) =>
  parseConfig(`path: a/{app}/{env}\nenvironments: { dev: , prod: { from: dev, rollback: ${rollback} } }\n`);

const MINUTE_MS = 60_000;

test.each<[string, object]>([
  ['{}', { skip: [], autoMerge: null, isHoldLifted: false, automatic: null }],
  ['{ skip: [soak, window, soak] }', { skip: ['soak', 'window'] }],
  ['{ auto-merge: false, lift-hold: newer-release }', { autoMerge: false, isHoldLifted: true }],
  [
    '{ health: argocd }',
    {
      automatic: {
        source: { kind: 'status', name: 'continuous-delivery/{app}-{from}', by: null },
        withinMs: 30 * MINUTE_MS,
      },
    },
  ],
  [
    '{ health: { deployment: "{env}-{app}", by: "argo[bot]" }, within: 1h }',
    {
      automatic: {
        source: { kind: 'deployment', name: '{from}-{app}', by: 'argo[bot]' },
        withinMs: 60 * MINUTE_MS,
      },
    },
  ],
])('rollback: %s', (text, expected) => {
  const parsed = parse(text);
  expect(parsed.ok && parsed.settings.environments[1]?.rollback).toMatchObject(expected);
});

test.each([
  ['{ skip: [approvals] }', 'approvals'],
  ['{ skip: [manual] }', 'manual'],
  ['{ within: 30m }', 'this is for `health:`, which says what makes Sluice roll back by itself; add it'],
  ['{ health: { status: "rollout/{from}" } }', '{from} is no placeholder here. Placeholders: {app}, {env}'],
  ['{ health: { status: a, check: b } }', 'write one of `preset:`, `status:`, `check:` and `deployment:`'],
  ['{ health: argo }', 'argo'],
  ['{ lift-hold: always }', 'always'],
])('rollback: %s is an error', (text, problem) => {
  const parsed = parse(text);
  expect(parsed.ok).toBe(false);
  expect(!parsed.ok && parsed.problems.map(({ message }) => message).join()).toContain(problem);
});
