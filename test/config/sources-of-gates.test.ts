import { expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config/parse-config.ts';

function toldOf(text: string): string[] {
  const parsed = parseConfig(`path: a/{app}/{env}\n${text}`);
  return parsed.ok ? [] : parsed.problems.map(({ line, message }) => `${line} ${message}`);
}

test.each([
  [
    'environments:\n  dev:\n    gates:\n      - soak: 1h\n',
    '5 dev takes builds, so soak has no environment to ask; remove it here',
  ],
  [
    'environments:\n  dev:\n  prod: { from: dev }\ndefaults:\n  gates:\n    - health: argocd\n',
    '7 dev takes builds, so health has no environment to ask; write `gates: []` in dev',
  ],
  [
    'environments:\n  dev:\n  prod:\n    from: dev\n    gates:\n      - soak: { for: 1h, since: healthy }\n',
    '7 `since: healthy` counts from a `health` gate; add one beside it',
  ],
])('a gate that could never pass is refused: %j', (text, told) => {
  expect(toldOf(text)).toEqual([told]);
});

test('the same gates are right where there is something to ask', () => {
  const gates = 'gates: [{ health: argocd }, { soak: { for: 1h, since: healthy } }]';
  expect(
    toldOf(`environments:\n  dev: { gates: [] }\n  prod: { from: dev }\ndefaults: { ${gates} }\n`),
  ).toEqual([]);
});

const OVERRIDDEN = 'environments:\n  dev:\n  prod: { from: dev }\noverrides:\n';

test.each([
  [
    `${OVERRIDDEN}  - applications: shop-*\n    add-gates:\n      - manual\n      - soak: 1h\n`,
    '9 dev takes builds, so soak has no environment to ask; say with `environments` where it goes, or remove it here',
  ],
  [
    `${OVERRIDDEN}  - applications: shop-*\n    environments: [prod, d*]\n    gates:\n      - health: argocd\n`,
    '9 dev takes builds, so health has no environment to ask; say with `environments` where it goes, or remove it here',
  ],
  [
    'environments:\n  dev:\n  prod: { from: dev, gates: [{ health: argocd }] }\noverrides:\n' +
      '  - { applications: a, environments: prod, gates: [{ soak: { for: 1h, since: healthy } }] }\n',
    '6 `since: healthy` counts from a `health` gate; add one beside it',
  ],
  [
    `${OVERRIDDEN}  - applications: shop-*\n    environments: prod\n    gates:\n      - soak: { for: 1h, since: healthy }\n`,
    '9 `since: healthy` counts from a `health` gate; add one beside it',
  ],
])('an override that brings a gate which could never pass is refused: %j', (text, told) => {
  expect(toldOf(text)).toEqual([told]);
});

test('an override may bring the same gates to environments that take from others', () => {
  const prod = 'applications: a, environments: prod';
  const overrides = [
    `{ ${prod}, add-gates: [{ soak: 1h }] }`,
    `{ ${prod}, gates: [{ health: argocd }, { soak: { for: 1h, since: healthy } }] }`,
  ];
  expect(toldOf(`${OVERRIDDEN}${overrides.map((each) => `  - ${each}\n`).join('')}`)).toEqual([]);
});

test('what an override adds may count from a gate of the environment', () => {
  const text = 'environments:\n  dev:\n  prod: { from: dev, gates: [{ health: argocd }] }\noverrides:\n';
  const soak = '{ soak: { for: 1h, since: healthy } }';
  expect(toldOf(`${text}  - { applications: a, environments: prod, add-gates: [${soak}] }\n`)).toEqual([]);
});
