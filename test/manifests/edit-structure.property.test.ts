import fc from 'fast-check';
import { parse } from 'yaml';
import { type ValueEdit, writeValues } from '../../src/manifests/write-values.ts';

const PATH = 'apps/checkout/dev/kustomization.yaml';

const tag = fc.stringMatching(/^v[0-9][0-9a-z.-]{0,10}[0-9a-z]$/);
const wildTag = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(...' :#,[]{}&*!|>\'"%@`-?~=<.+_0123456789exoy\\'),
    minLength: 1,
    maxLength: 8,
  }),
  fc.constantFrom('1.10', '012', 'yes', '1e3', '2024-01-01', '1'.repeat(40), '@a', '*a', '<<', 'null', '---'),
);

type Entry = [string, string][];
const entry: fc.Arbitrary<Entry> = fc
  .tuple(
    tag,
    tag,
    fc.constantFrom('name', 'name newTag', 'newTag name', 'name newName newTag', 'name newTag newName'),
  )
  .map(([first, second, keys]) =>
    keys.split(' ').map((key, index): [string, string] => [key, index % 2 ? first : second]),
  );

interface Layout {
  quote: string;
  comment: string;
  end: string;
  indent: number;
  flow: 'none' | 'entries' | 'list';
  between: string;
  tail: string;
}
const layout: fc.Arbitrary<Layout> = fc.record({
  quote: fc.constantFrom('', "'", '"'),
  comment: fc.constantFrom('', ' # why: "x"', '   #'),
  end: fc.constantFrom('\n', '\r\n'),
  indent: fc.constantFrom(0, 2, 4),
  flow: fc.constantFrom('none', 'entries', 'list'),
  between: fc.constantFrom('', '\n', '# next\n', '  # deeper\n\n'),
  tail: fc.constantFrom(
    '',
    '\n',
    '\n\n# end',
    '\nreplicas: [a,  b]\n',
    '\npatch: |-\n  images:\n  - x\n',
    '\n---\na: 1\n',
  ),
});

function write(
  entries: readonly Entry[],
  { quote, comment, end, indent, flow, between, tail }: Layout,
): string {
  const pair = ([key, value]: [string, string]) => `${key}: ${quote}${value}${quote}`;
  const asFlow = (each: Entry) => `{${each.map(pair).join(', ')}}`;
  const pad = ' '.repeat(indent);
  const asBlock = (each: Entry) => each.map(pair).join(`${comment}\n${pad}  `);
  const lines = entries.map(
    (each) => `${pad}- ${flow === 'entries' ? asFlow(each) : asBlock(each)}${comment}`,
  );
  const images =
    flow === 'list' ? ` [${entries.map(asFlow).join(', ')}]${comment}` : `\n${lines.join(`\n${between}`)}`;
  return `# top\nresources:\n${pad}- ../base\nimages:${images}${tail}`.replaceAll('\n', end);
}

const file = fc.tuple(fc.array(entry, { minLength: 1, maxLength: 3 }), layout).chain(([entries, how]) =>
  fc.record({
    text: fc.constant(write(entries, how)),
    entries: fc.constant(entries),
    index: fc.nat({ max: entries.length - 1 }),
  }),
);

function change(
  key: string,
  index: number,
  from: string | null,
  to: string | null,
  name?: string,
): ValueEdit {
  const occurrence = { path: PATH, line: 1, document: 0, address: ['images', index, key] };
  return { occurrence, kind: 'image', part: key, from, to, ...(name === undefined ? {} : { name }) };
}

function edit(text: string, ...edits: ValueEdit[]): string {
  const result = writeValues({ path: PATH, text }, edits);
  if (!result.ok) throw new Error(JSON.stringify([text, result.problems]));
  return result.text;
}

/** The lines of `after` that are not those of `before`, which must all be there in their order. */
function addedLines(before: string, after: string): string[] {
  const old = before.split(/\r?\n/);
  let at = 0;
  const added = after.split(/\r?\n/).filter((line) => {
    if (line === old[at]) at += 1;
    else return true;
    return false;
  });
  expect(at).toBe(old.length);
  return added;
}

/** The first document, as readers of a version of YAML have it. */
function read(text: string, version: '1.1' | '1.2'): { images: Record<string, unknown>[] } {
  return parse(text.split(/\r?\n---/)[0]!, { version });
}

test('a key that is inserted and removed leaves no byte behind', () => {
  fc.assert(
    fc.property(file, tag, ({ text, index }, digest) => {
      const there = edit(text, change('digest', index, null, digest));
      expect(read(there, '1.2').images[index]).toMatchObject({ digest });
      expect(edit(there, change('digest', index, digest, null))).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

test('newTag becomes digest and back without a trace, on its own line', () => {
  fc.assert(
    fc.property(file, tag, ({ text, entries, index }, digest) => {
      const old = entries[index]?.find(([key]) => key === 'newTag')?.[1];
      fc.pre(old !== undefined);
      const there = edit(text, change('newTag', index, old!, null), change('digest', index, null, digest));
      expect(there.split('\n')).toHaveLength(text.split('\n').length);
      expect(edit(there, change('digest', index, digest, null), change('newTag', index, null, old!))).toBe(
        text,
      );
    }),
    { numRuns: 1_000 },
  );
});

test('an added entry is all that is added, and readers of YAML 1.1 and 1.2 get what was asked for', () => {
  fc.assert(
    fc.property(file, wildTag, wildTag, ({ text, entries }, name, to) => {
      const index = entries.length;
      const result = writeValues({ path: PATH, text }, [change('newTag', index, null, to, name)]);
      if (!result.ok) {
        expect(result.problems[0]?.message).toMatch(/^the new value (is a template|has line breaks)/);
        return;
      }
      for (const version of ['1.1', '1.2'] as const) {
        const [before, after] = [read(text, version), read(result.text, version)];
        expect(after).toEqual({ ...before, images: [...before.images, { name, newTag: to }] });
      }
      if (!/images: \[/.test(text)) expect(addedLines(text, result.text).length).toBeLessThanOrEqual(2);
    }),
    { numRuns: 1_500 },
  );
});

test('an images section that is added changes no line that was there', () => {
  fc.assert(
    fc.property(file, tag, ({ text }, to) => {
      const without = text.replace(/images:.*$/s, 'namespace: x');
      const there = edit(without, change('newTag', 0, null, to, 'ghcr.io/acme/web'));
      expect(addedLines(without, there)).toHaveLength(3);
      expect(read(there, '1.1').images).toEqual([{ name: 'ghcr.io/acme/web', newTag: to }]);
    }),
    { numRuns: 500 },
  );
});
