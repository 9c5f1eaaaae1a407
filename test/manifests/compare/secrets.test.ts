import { compareRenderings } from '../../../src/manifests/compare/compare-renderings.ts';
import { describeComparison } from '../../../src/manifests/compare/describe-comparison.ts';

/** All that is told of a change: to people, and to code. */
function tell(before: string, after: string): { text: string; all: string } {
  const comparison = compareRenderings(before, after);
  if (!comparison.ok) throw new Error(comparison.reason);
  expect(comparison.changes.length).toBeGreaterThan(0);
  const text = describeComparison(comparison, 60_000);
  const data = JSON.stringify(comparison, (_, value) => (value instanceof Map ? [...value] : value));
  return { text, all: text + data };
}

const merged = (value: string) =>
  `apiVersion: v1\nkind: List\nitems:\n- &a {apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {p: ${value}}}\n- {<<: *a, metadata: {name: b}}\n- {<<: [{x: 1}, *a], metadata: {name: c}}\n`;
const list = (value: string) =>
  `apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: a}\n  stringData: {p: ${value}}\n`;
const odd = (key: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {"${key}": x, plain.key: y}\n`;

test.each([
  ['items of a SecretList', list],
  ['a SecretList whose items are no list', (value: string) => `kind: SecretList\nitems: {a: ${value}}\n`],
  [
    'a SecretList inside of another resource',
    (value: string) =>
      `kind: Template\nmetadata: {name: t}\nx: {kind: SecretList, items: [{data: {p: ${value}}}]}\n`,
  ],
  ['merged Secrets', merged],
  [
    'a kind that is merged',
    (value: string) =>
      `x: &x {kind: Secret}\n---\n<<: {kind: Secret}\napiVersion: v1\nmetadata: {name: a}\ndata: {p: ${value}}\n`,
  ],
  ['a key with a space', (value: string) => odd(`my ${value}`)],
  ['a key of 254 characters', (value: string) => odd(value.padEnd(254, 'x'))],
  ['a field of the wrong place', (value: string) => `${odd('k')}"p ${value}": 1\n`],
])('%s keep their values to themselves', (_, manifest) => {
  for (const [before, after] of [
    [manifest('hunter2'), manifest('swordfish')],
    ['', manifest('hunter2')],
    [manifest('hunter2'), ''],
  ] as const) {
    expect(tell(before, after).all).not.toMatch(/hunter2|swordfish/);
  }
});

test('a key that Kubernetes takes is named, another one is not', () => {
  const { text } = tell(odd('a b'), odd('good_key-1.x'));
  expect(text).toContain('good_key-1.x');
  expect(text).toContain('(hidden key)');
});

test('items of a SecretList are Secrets by their names', () => {
  expect(tell(list('a'), list('b')).text).toContain('`Secret` `a` changes');
});

test('what a mapping says itself wins over what it merges', () => {
  const text = (value: number) =>
    `kind: ConfigMap\nmetadata: {name: a}\ndata:\n  <<: [{x: ${value}, y: 1}, {y: ${value}}]\n  x: 0\n`;
  expect(compareRenderings(text(1), text(2))).toMatchObject({ ok: true, changes: [] });
});

test('a kind behind a tag is not compared: it may be that of a Secret', () => {
  const secret = (value: string) =>
    `apiVersion: v1\nkind: !!binary U2VjcmV0\nmetadata: {name: a}\nstringData: {p: ${value}}\n`;
  const comparison = compareRenderings(secret('hunter2'), secret('swordfish'));
  expect(comparison).toEqual({ ok: false, reason: 'it has the YAML tag !!binary' });
});
