import { expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config/parse-config.ts';

function toldOf(text: string): string[] {
  const parsed = parseConfig(`path: a/{app}/{env}\n${text}`);
  return parsed.ok ? [] : parsed.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

test.each([
  [
    'environments: { dev: { open: when-ready } }',
    '2 environments.dev.open: dev takes builds, whose pull requests open at once; remove it here',
  ],
  [
    'environments: { dev: , prod: { from: dev } }\ndefaults: { open: when-ready }',
    '3 defaults.open: dev takes builds, whose pull requests open at once; write `open: at-once` in dev',
  ],
  [
    'environments: { dev: , prod: { from: dev } }\noverrides: [{ applications: x, open: when-ready }]',
    '3 overrides[0].open: dev takes builds, whose pull requests open at once; name the other environments in this override',
  ],
])('a setting that the environment cannot have is refused: %j', (text, told) => {
  expect(toldOf(text)).toEqual([told]);
});

test.each([['ready'], ['true'], ['[when-ready]'], ['null'], ['']])('`open: %s` is refused', (value) => {
  expect(toldOf(`environments:\n  dev:\n  prod:\n    from: dev\n    open: ${value}\n`)).toEqual([
    expect.stringMatching(/^6 environments\.prod\.open: /),
  ]);
});

test('an override may have the pull requests of some applications open at another time', () => {
  const parsed = parseConfig(`path: a/{app}/{env}
environments: { dev: { open: at-once }, prod: { from: dev } }
defaults: { open: when-ready }
overrides: [{ applications: x, environments: prod, open: at-once }]
`);
  expect(parsed).toMatchObject({
    settings: {
      environments: [{ open: 'at-once' }, { open: 'when-ready' }],
      overrides: [{ terms: { open: 'at-once' } }],
    },
  });
});
