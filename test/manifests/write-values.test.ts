import { parse } from 'yaml';
import type { Occurrence } from '../../src/domain/value.ts';
import { type ValueEdit, writeValues } from '../../src/manifests/write-values.ts';
import { FILE, IMAGES, KUSTOMIZATION, readFieldOf, readFolder, replace } from './support.ts';

const setTag = (text: string, to: string, file = FILE) =>
  replace(text, readFieldOf(text, 'tag', file), file, to);
const setImage = (text: string, to: string) => {
  return replace(text, readFolder({ [KUSTOMIZATION]: text }, IMAGES), KUSTOMIZATION, to);
};

test.each([
  ['tag: v1\n', 'v2', 'tag: v2\n'],
  ["tag: 'v1'\n", 'v2', "tag: 'v2'\n"],
  ["tag: 'v1'\n", "it's", "tag: 'it''s'\n"],
  ['tag: "v1"\n', 'say "x"\\', 'tag: "say \\"x\\"\\\\"\n'],
  [
    '# é\r\ntag:   v1   # keep\r\nother: [ 1,2 ]\r\n',
    'v2',
    '# é\r\ntag:   v2   # keep\r\nother: [ 1,2 ]\r\n',
  ],
  ['\ufefftag: v1', 'v2', '\ufefftag: v2'],
  ['{other:  1, tag: v1,}', 'v2', '{other:  1, tag: v2,}'],
  ['other: &x 1\nx: *x\ntag: v1\n...\n---\n# end\n', 'v2', 'other: &x 1\nx: *x\ntag: v2\n...\n---\n# end\n'],
  ['tag: v1\n---\ntag: v1\n', 'v20', 'tag: v20\n---\ntag: v20\n'],
  ['a: "{{ x }}"\ntag: v1\n', 'v2', 'a: "{{ x }}"\ntag: v2\n'],
])('%j gets %s in place', (text, to, expected) => expect(setTag(text, to)).toBe(expected));

describe('quotes', () => {
  test.each(
    '. e5 .e5 e1234567 1.10 012 0o14 0x1f 0b11 1_000 1e3 1234e56 .5 5. +1 -1 1:30 12:30:00 .inf -.INF .nan yes No on OFF y N true False null ~ 2024-01-01 2024-01-01T10:00:00Z 1234567 0123456789012345678901234567890123456789 @a *a &a !a %a `a - -a ? : a: ,a a,b 20240115.3 [a {a } ] # #a |a >a "a \'a = << ... ---'.split(
      ' ',
    ),
  )('%s is quoted in the place of a string', (to) => {
    const text = setTag('tag: v1 # keep\n', to);
    expect(text).toBe(`tag: ${JSON.stringify(to)} # keep\n`);
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(String(text), { version })).toEqual({ tag: to });
  });

  test.each(['a: b', 'a #b', ' a', 'a ', '2024-01-01 10:00:00', 'é'])('%j is quoted', (to) => {
    expect(setTag('tag: v1\n', to)).toBe(`tag: ${JSON.stringify(to)}\n`);
  });

  test.each([
    'v2',
    '1.2.3',
    '2024.01.15',
    '2024-01-15T10-00-00Z',
    '1a2b3c4',
    'release_1367',
    'quay.io/acme/web:1.2',
    'sha256:abc',
    '~1.2',
    '^1.2',
    'a b',
  ])('%s needs none', (to) => {
    expect(setTag('tag: v1\n', to)).toBe(`tag: ${to}\n`);
  });

  test.each([
    ['175', '176'],
    ['1.5', '2.25'],
    ['true', 'false'],
    ['-3', '4'],
  ])('the plain %s of a field is replaced by a plain %s', (from, to) => {
    expect(setTag(`tag: ${from}\n`, to)).toBe(`tag: ${to}\n`);
  });

  test.each([
    ['175', 'true'],
    ['1.9', '1.10'],
    ['1.10', '1.11'],
    ['true', 'yes'],
    ['175', '017'],
    ['1234567', '1234567890123456789'],
  ])('the plain %s and %s are of different forms', (from, to) => {
    expect(setTag(`tag: ${from}\n`, to)).toBe(`tag: "${to}"\n`);
  });

  test('a tag of an image is a string, even where a number stood', () => {
    expect(setImage('images: [{name: a, newTag: 175}]\n', '176')).toBe(
      'images: [{name: a, newTag: "176"}]\n',
    );
  });

  test('JSON stays JSON', () => {
    expect(setTag('{"tag": 175}', 'v176')).toBe('{"tag": "v176"}');
    expect(setTag('{"tag": 175}', '176')).toBe('{"tag": 176}');
    expect(setTag('{\n\t"tag": "v1"\n}\n', 'v2', 'x.json')).toBe('{\n\t"tag": "v2"\n}\n');
  });
});

describe('remote bases', () => {
  const text = (ref: string, quote = '') =>
    `resources:\n- ${quote}https://github.com/acme/web//x?submodules=0&ref=${ref}&depth=1${quote} # ref=v1\n`;

  test('change in their ref only', () => {
    expect(setImage(text('v1'), 'v2')).toBe(text('v2'));
    expect(setImage(text('v1', "'"), '1234567')).toBe(text('1234567', "'"));
  });

  test.each(['v2&x=y', 'v2#x', 'a b', 'v2&ref=v3'])('are refused the ref %j', (ref) => {
    expect(setImage(text('v1'), ref)).toEqual([expect.stringMatching(/^2: .*cannot stand as a ref/)]);
  });
});

describe('an edit is refused', () => {
  const at = (address: Occurrence['address'], change: Partial<ValueEdit> = {}): ValueEdit => ({
    occurrence: { path: FILE, line: 1, document: 0, address },
    kind: 'field',
    part: 'tag',
    from: 'v1',
    to: 'v2',
    ...change,
  });
  const write = (text: string, ...edits: ValueEdit[]) => writeValues({ path: FILE, text }, edits);

  test.each([
    ['another value stands there', 'x: 1\ntag: v3\n', at(['tag']), 2, 'v3'],
    ['nothing stands there', 'x: 1\n', at(['tag']), 1, 'no value'],
    ['the document is gone', '', at(['tag']), 1, 'no value'],
    ['it is an alias', 'x: &x v1\ntag: *x\n', at(['tag']), 2, 'alias'],
    ['it has an anchor', 'tag: &x v1\n', at(['tag']), 1, 'anchor'],
    ['it is a block scalar', 'tag: |-\n  v1\n', at(['tag']), 1, 'block scalar'],
    ['a key stands twice', 'tag: v1\ntag: v1\n', at(['tag']), 2, 'twice'],
    ['the file is no YAML', 'tag: v1\nx: [\n', at(['tag']), 3, 'not valid YAML'],
    ['the new value is empty', 'tag: v1\n', at(['tag'], { to: '' }), 1, 'empty'],
    ['the new value has a line break', 'tag: v1\n', at(['tag'], { to: 'v2\nx: y' }), 1, 'line breaks'],
    ['the new value is a template', 'tag: v1\n', at(['tag'], { to: '{{ x }}' }), 1, 'template'],
    ['it is a whole file', 'tag: v1\n', at(['tag'], { kind: 'file' }), 1, 'blob'],
  ])('when %s', (_, text, edit, line, message) => {
    expect(write(text, edit)).toEqual({
      ok: false,
      problems: [{ path: FILE, line, message: expect.stringContaining(message) }],
    });
  });

  test('when two different values are asked for one place; one that is asked for twice is written once', () => {
    expect(write('tag: v1\n', at(['tag']), at(['tag'], { to: 'v3' }))).toMatchObject({ ok: false });
    expect(write('tag: v1\n', at(['tag']), at(['tag']))).toEqual({ ok: true, text: 'tag: v2\n' });
  });

  test('as a whole: no value is written when one cannot be', () => {
    const result = write('tag: v1\nb: v3\n', at(['tag']), at(['b']));
    expect(result).toMatchObject({ ok: false, problems: [{ line: 2 }] });
  });
});
