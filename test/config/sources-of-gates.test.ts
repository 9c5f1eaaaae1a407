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
