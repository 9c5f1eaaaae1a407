import { expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config/parse-config.ts';

const parse = (deployments: string) =>
  parseConfig(
    `path: a/{app}/{env}\nenvironments: { dev: , prod: { from: dev, deployments: ${deployments} } }\n`,
  );

const HOUR_MS = 60 * 60 * 1000;

test.each<[string, object]>([
  [
    '{ health: argocd }',
    {
      name: '{env}/{app}',
      source: { kind: 'status', name: 'continuous-delivery/{app}-{from}', by: null },
      withinMs: HOUR_MS,
    },
  ],
  [
    "{ name: '{env}', health: { check: 'smoke / {app}' }, within: 2h }",
    { name: '{env}', source: { kind: 'check', name: 'smoke / {app}', by: null }, withinMs: 2 * HOUR_MS },
  ],
])('deployments: %s', (text, expected) => {
  const parsed = parse(text);
  expect(parsed.ok && parsed.settings.environments[1]?.deployments).toEqual(expected);
});

test.each([
  ['{}', 'health'],
  ["{ name: '{app}-{from}', health: argocd }", '{from} is no placeholder here. Placeholders: {app}, {env}'],
  ["{ name: 'prod-*', health: argocd }", '`*` has no meaning in the environment of a deployment'],
  ['{ health: { status: a, check: b } }', 'write one of `preset:`, `status:`, `check:` and `deployment:`'],
  ['{ health: argocd, within: soon }', 'soon'],
])('deployments: %s is an error', (text, problem) => {
  const parsed = parse(text);
  expect(parsed.ok).toBe(false);
  expect(!parsed.ok && parsed.problems.map(({ message }) => message).join()).toContain(problem);
});

test('the defaults hold where an environment says nothing, and an override replaces them', () => {
  const parsed = parseConfig(
    [
      'path: a/{app}/{env}',
      'defaults: { deployments: { health: argocd } }',
      'environments: { dev: , prod: { from: dev } }',
      'overrides: [{ applications: pay, deployments: { health: flux } }]',
    ].join('\n'),
  );
  const { environments, overrides } = (parsed as Extract<typeof parsed, { ok: true }>).settings;
  expect(environments.map(({ deployments }) => deployments?.source.name)).toEqual([
    'continuous-delivery/{app}-{from}',
    'continuous-delivery/{app}-{from}',
  ]);
  expect(overrides[0]?.terms.deployments?.source.name).toBe('kustomization/{app}-{from}/*');
});
