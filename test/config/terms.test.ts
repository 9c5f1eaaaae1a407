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
  [
    'environments: { dev: { candidate: qualified } }',
    '2 environments.dev.candidate: dev takes builds, which no environment held before; remove it here',
  ],
  [
    'environments: { dev: , prod: { from: dev } }\ndefaults: { candidate: qualified }',
    '3 defaults.candidate: dev takes builds, which no environment held before; write `candidate: current` in dev',
  ],
  [
    'environments: { dev: , qa: , prod: { from: [dev, qa], candidate: qualified } }',
    '2 environments.prod.candidate: prod takes from several environments, whose pasts need not agree; remove it here',
  ],
  [
    'environments: { dev: , qa: , prod: { from: [dev, qa] } }\noverrides: [{ applications: x, environments: prod, candidate: qualified }]',
    '3 overrides[0].candidate: prod takes from several environments, whose pasts need not agree; name the other environments in this override',
  ],
])('a setting that the environment cannot have is refused: %j', (text, told) => {
  expect(toldOf(text)).toEqual([told]);
});

test.each([['soaked'], ['true'], ['null']])('`candidate: %s` is refused', (value) => {
  expect(toldOf(`environments:\n  dev:\n  prod:\n    from: dev\n    candidate: ${value}\n`)).toEqual([
    expect.stringMatching(/^6 environments\.prod\.candidate: /),
  ]);
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
