import fc from 'fast-check';
import { parse } from 'yaml';
import { readValues } from '../../src/manifests/read-values.ts';
import { writeValues } from '../../src/manifests/write-values.ts';
import { editsOf } from './support.ts';

const PATH = 'image-tags/dev/checkout';
const TARGET = { application: 'checkout', environment: 'dev', root: PATH, isFile: true };
const read = (text: string) =>
  readValues([{ kind: 'field', file: null, path: 'spec.tag' }], TARGET, [{ path: PATH, text }], []);

/** Tags that stand without quotes in YAML, so that a plain one comes back plain. */
const plainTag = fc.stringMatching(/^v[0-9][0-9a-z.-]{0,10}[0-9a-z]$/);
/** Anything that somebody may have pushed as a tag, and much that nobody has. */
const wildTag = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(...' :#,[]{}&*!|>\'"%@`-?~=<.+_0123456789exoy\\\n\t\u2028'),
    maxLength: 8,
  }),
  fc.constantFrom('yes', '1e3', '012', '1_0', '1:30', '2024-01-01', '.inf', '<<', 'null', '---', '...'),
);

const comment = fc.constantFrom('', ' # pinned: "v1"', "   # it's: {x", ' #');
const neighbour = fc.constantFrom(
  'replicas:   3',
  '# a comment: with "quotes"',
  'host: "x"   ',
  '',
  'list: [a,  b,c]',
  'anchor: &a {x: 1}',
  'other: *a',
  'text: |\n    tag: v1\n\n    {{ x }}',
  "quoted: 'tag: v1'",
  'folded: >-\n    a\n    b',
);
const lineEnd = fc.constantFrom('\n', '\r\n');

function fileText(quote: string, tag: fc.Arbitrary<string>) {
  const lines = (marker: string) =>
    fc
      .uniqueArray(neighbour, { maxLength: 4 })
      .map((items) => items.map((item) => (item ? `  ${item}` : `${marker}`)));
  return fc
    .record({
      before: lines(''),
      after: lines(''),
      tag,
      comment,
      end: lineEnd,
      bom: fc.boolean(),
      last: fc.boolean(),
    })
    .map(({ before, after, tag, comment, end, bom, last }) => {
      // An alias needs its anchor first, and one key stands once.
      const rest = [...before, ...after].filter(
        (line, index, all) => all.indexOf(line) === index || line === '',
      );
      const sorted = rest.toSorted((a, b) => Number(a.includes('*a')) - Number(b.includes('*a')));
      const anchored = sorted.some((line) => line.includes('&a'))
        ? sorted
        : sorted.filter((line) => !line.includes('*a'));
      const cut = anchored.findIndex((line) => line.includes('*a'));
      const body = [
        'spec:',
        ...anchored.slice(0, Math.max(cut, 0)),
        `  tag: ${quote}${tag}${quote}${comment}`,
      ];
      const all = [...body, ...anchored.slice(Math.max(cut, 0))];
      return `${bom ? '\ufeff' : ''}${all.join('\n').replaceAll('\n', end)}${last ? end : ''}`;
    });
}

const anyFile = fc.constantFrom('', "'", '"').chain((quote) => fileText(quote, plainTag));

function write(text: string, to: string) {
  const [value] = read(text).values;
  if (!value) throw new Error(`no value in ${JSON.stringify(text)}: ${JSON.stringify(read(text))}`);
  return writeValues({ path: PATH, text }, editsOf(value, PATH, to));
}

test('write and write back is byte-identical, and only the line of the value changes', () => {
  fc.assert(
    fc.property(anyFile, plainTag, (text, to) => {
      const [value] = read(text).values;
      const there = write(text, to);
      if (!there.ok) throw new Error(JSON.stringify(there.problems));
      const [old, now] = [text.split('\n'), there.text.split('\n')];
      const changed = old.flatMap((line, index) => (line === now[index] ? [] : [index + 1]));
      expect(now).toHaveLength(old.length);
      expect(changed).toEqual(value?.value === to ? [] : value?.occurrences.map(({ line }) => line));
      expect(write(there.text, value?.value ?? '')).toEqual({ ok: true, text });
    }),
    { numRuns: 3_000 },
  );
});

test('whatever is asked for is what readers of YAML 1.1 and 1.2 get, or the edit is refused', () => {
  fc.assert(
    fc.property(anyFile, wildTag, (text, to) => {
      const result = write(text, to);
      if (!result.ok) {
        expect(result.problems).toHaveLength(1);
        return;
      }
      expect(read(result.text).values).toMatchObject([{ value: to }]);
      for (const version of ['1.1', '1.2'] as const) {
        const [before, after]: { spec: object }[] = [
          parse(text, { version }),
          parse(result.text, { version }),
        ];
        expect(after).toEqual({ ...before, spec: { ...before?.spec, tag: to } });
      }
    }),
    { numRuns: 3_000 },
  );
});
