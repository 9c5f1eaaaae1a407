import { compareRenderings } from '../../../src/manifests/compare/compare-renderings.ts';
import { within } from '../../within.ts';

const TOO_LARGE = { ok: false, reason: 'too large to compare' };

/** Far above what it takes (1.3 s at most), below the 18 s that such a comparison would. */
const SOON_MS = 8_000;

const configMap = (name: string, keys: number, value: string) =>
  `kind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n${Array.from({ length: keys }, (_, index) => `  k${index}: ${value}\n`).join('')}`;

test('2.7 MB a side are refused at once', () => {
  const side = (value: string) => configMap('a', 150_000, `${value}-value`);
  expect(side('a').length).toBeGreaterThan(2_600_000);
  expect(within(SOON_MS, () => compareRenderings(side('a'), side('b')))).toEqual(TOO_LARGE);
});

test('the limit is one for all documents of both sides', () => {
  const side = (value: string) =>
    Array.from({ length: 60 }, (_, index) => configMap(`m${index}`, 1, value.repeat(50_000))).join('---\n');
  expect(compareRenderings(side('a'), '').ok).toBe(true);
  expect(compareRenderings(side('a'), side('b')).ok).toBe(false);
});

test('much structure in little text is refused, too', () => {
  expect(compareRenderings('', `kind: A\nmetadata: {name: a}\nx: [${'{},'.repeat(60_000)}]\n`)).toEqual(
    TOO_LARGE,
  );
});

test.each([
  ['keys', (value: string) => configMap('a', 20_000, value)],
  ['entries', (value: string) => `kind: A\nmetadata: {name: a}\nx:\n${`- ${value}\n`.repeat(20_000)}`],
  [
    'different entries',
    (value: string) =>
      `kind: A\nmetadata: {name: a}\nx:\n${Array.from({ length: 20_000 }, (_, index) => `- ${value}${index}\n`).join('')}`,
  ],
  [
    'resources',
    (value: string) =>
      Array.from({ length: 1_500 }, (_, index) => configMap(`m${value}${index}`, 1, value)).join('---\n'),
  ],
  [
    'lines of one value',
    (value: string) =>
      `kind: ConfigMap\nmetadata: {name: a}\ndata:\n  f: |\n${Array.from({ length: 20_000 }, (_, index) => `    ${value}${index}\n`).join('')}`,
  ],
  [
    'lists that differ but for an entry',
    (value: string) =>
      `kind: A\nmetadata: {name: a}\nx:\n${Array.from({ length: 300 }, () => `- [same${`,${value}`.repeat(140)}]\n`).join('')}`,
  ],
  [
    'aliases',
    (value: string) =>
      `kind: A\nmetadata: {name: a}\nb: &b [${Array(80).fill(value)}]\nc: &c [${Array(30).fill('*b')}]\nd: [${Array(30).fill('*c')}]\n`,
  ],
])('as many %s as are taken do not keep others waiting', (_, side) => {
  expect(within(SOON_MS, () => compareRenderings(side('a'), side('b')))).toMatchObject({ ok: true });
});
