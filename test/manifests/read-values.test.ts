import { readValues } from '../../src/manifests/read-values.ts';
import { within } from '../within.ts';
import { FILE, IMAGES, KUSTOMIZATION, readFieldOf, readFolder, summary } from './support.ts';

const SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

describe('kustomize images', () => {
  const text = `resources: [../base]
images:
  - name: quay.io/acme/checkout
    newName: mirror.acme.io/checkout
    newTag: 1.10
  - name: quay.io/acme/web
    digest: 'sha256:abc'
  - {name: redis, newTag: "7"}
`;

  test('are read by their parts, with the text that stands there', () => {
    const held = readFolder({ [KUSTOMIZATION]: text }, IMAGES);
    expect(summary(held)).toEqual([
      'image quay.io/acme/checkout newName = mirror.acme.io/checkout',
      'image quay.io/acme/checkout newTag = 1.10',
      'image quay.io/acme/web digest = sha256:abc',
      'image redis newTag = 7',
    ]);
    expect(held.values[1]?.occurrences).toEqual([
      { path: KUSTOMIZATION, line: 5, document: 0, address: ['images', 0, 'newTag'] },
    ]);
    expect(held.problems).toEqual([]);
  });

  test('are limited by parts and by globs over names', () => {
    const rule = { kind: 'images', parts: ['newTag'], names: ['quay.io/*/checkout'] } as const;
    expect(summary(readFolder({ [KUSTOMIZATION]: text }, rule))).toEqual([
      'image quay.io/acme/checkout newTag = 1.10',
    ]);
  });

  test('that stand in several files and agree are one value; otherwise they are ambiguous', () => {
    const image = (tag: string) => `images: [{name: a, newTag: ${tag}}, {name: b, newTag: x}]\n`;
    const held = readFolder(
      { [KUSTOMIZATION]: image('v1'), 'apps/checkout/dev/eu/kustomization.yaml': image('v2') },
      IMAGES,
      IMAGES,
    );
    expect(held.values.map(({ name, occurrences }) => [name, occurrences.length])).toEqual([['b', 2]]);
    expect(held.ambiguous).toMatchObject([{ name: 'a', values: [{ value: 'v2' }, { value: 'v1' }] }]);
  });

  test('without a value hold none', () => {
    const images = 'images: [{name: a, newTag: }, {name: b, newTag: ""}, {name: c, newTag: ~}, {name: d}]';
    expect(readFolder({ [KUSTOMIZATION]: images }, IMAGES)).toEqual({
      values: [],
      ambiguous: [],
      problems: [],
    });
    expect(readFolder({ [KUSTOMIZATION]: 'images:\n' }, IMAGES).problems).toEqual([]);
    expect(readFolder({ [KUSTOMIZATION]: '' }, IMAGES).problems).toEqual([]);
  });
});

describe('remote bases', () => {
  const base = (refs: string[]) => `resources:\n${refs.map((ref) => `  - ${ref}\n`).join('')}`;

  test.each(['images', 'refs'])('of one repository and ref are one value, with the rule %s', (kind) => {
    const text = base([
      `https://github.com/acme/checkout/config/default?ref=${SHA}`,
      `github.com/acme/checkout//config/crd?ref=${SHA}`,
      '../base',
    ]);
    const held = readFolder({ [KUSTOMIZATION]: text }, kind === 'refs' ? { kind: 'refs' } : IMAGES);
    expect(summary(held)).toEqual([`remote-base github.com/acme/checkout ref = ${SHA}`]);
    expect(held.values[0]?.occurrences.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('of one repository at two refs are ambiguous', () => {
    const text = base([
      'https://github.com/acme/checkout/a?ref=v1',
      'https://github.com/acme/checkout/b?ref=v2',
    ]);
    expect(readFolder({ [KUSTOMIZATION]: text }, { kind: 'refs' }).ambiguous).toHaveLength(1);
  });
});

describe('fields', () => {
  test.each([
    ['image_tag: v175\n', 'image_tag', 'v175'],
    ['a: {b: 012}\n', 'a.b', '012'],
    ['a: yes', 'a', 'yes'],
    ['a: [x, {name: app, v: 1_000}]', 'a[name=app].v', '1_000'],
    ['{"a": {"b.c": "1.0"}}', 'a["b.c"]', '1.0'],
    ['\ufeff# comment\r\na: 0x1f # x\r\n', 'a', '0x1f'],
    ["a: 'it''s'", 'a', "it's"],
  ])('%j at %s is %s', (text, path, value) => {
    const held = readFieldOf(text, path);
    expect(held.problems).toEqual([]);
    expect(held.values.map((held) => held.value)).toEqual([value]);
  });

  test('count in every document that has them', () => {
    const held = readFieldOf('tag: v1\n---\nother: x\n---\ntag: v1\n', 'tag');
    expect(held.values[0]?.occurrences).toEqual([
      { path: FILE, line: 1, document: 0, address: ['tag'] },
      { path: FILE, line: 5, document: 2, address: ['tag'] },
    ]);
    expect(readFieldOf('tag: v1\n---\ntag: v2\n', 'tag').ambiguous).toHaveLength(1);
  });

  test('that a file does not have are not held', () => {
    for (const path of ['b', 'a.b', 'a[0]', 'a[name=x]', 'c[name=x].v', 'c[5]']) {
      expect(readFieldOf('a: v1\nc: [{name: y, v: 1}]\n', path)).toEqual({
        values: [],
        ambiguous: [],
        problems: [],
      });
    }
  });

  test.each([
    ['a: *b\nb: &b v1\n', 'a', 1, 'alias'],
    ['x: 1\nb: &b v1\n', 'b', 2, 'anchor'],
    ['a: *m\nm: &m {t: v1}\n', 'a.t', 1, 'alias'],
    ['a: |\n  v1\n', 'a', 1, 'block scalar'],
    ['a: >-\n  v1\n', 'a', 1, 'block scalar'],
    ['a: v1\n  v2\n', 'a', 1, 'one line'],
    ['a: "v\\x31"\n', 'a', 1, 'escapes'],
    ['a: "v1\\n"\n', 'a', 1, 'line breaks'],
    ['a: !!int 1\n', 'a', 1, 'tag'],
    ['a: {b: c}\n', 'a', 1, 'mapping'],
    ['a:\n  - c\n', 'a', 2, 'list'],
    ['a: {{ .Values.tag }}\n', 'a', 1, 'template'],
    ['a: "{{ .Values.tag }}"\n', 'a', 1, 'template'],
    ['{{- if .x }}\na: 1\n{{- end }}\n', 'a', 1, 'template'],
    ['b: 1\na: v1\nb: 2\n', 'a', 3, 'twice'],
    ['a: v1\nb: [1\n', 'a', 3, 'not valid YAML'],
    ['a: "v1\n', 'a', 2, 'not valid YAML'],
    ['a: [{name: x, v: 1}, {name: x, v: 1}]\n', 'a[name=x].v', 1, 'several'],
    [`a: ${'x'.repeat(5_000)}\n`, 'a', 1, 'longer than'],
  ])('%j at %s is a problem at line %i (%s)', (text, path, line, message) => {
    const held = readFieldOf(text, path);
    expect(held.values).toEqual([]);
    expect(held.problems).toEqual([{ path: FILE, line, message: expect.stringContaining(message) }]);
  });
});

test('a problem in one file hides nothing of the others', () => {
  const held = readFolder(
    {
      'apps/checkout/dev/a/kustomization.yaml': 'images: [\n',
      [KUSTOMIZATION]: 'images: [{name: a, newTag: v1}]\n',
      'apps/checkout/dev/z/kustomization.yaml': 'images: x\n',
    },
    IMAGES,
  );
  expect(summary(held)).toEqual(['image a newTag = v1']);
  expect(held.problems.map(({ path, line }) => `${path}:${line}`)).toEqual([
    'apps/checkout/dev/a/kustomization.yaml:2',
    'apps/checkout/dev/z/kustomization.yaml:1',
  ]);
});

test('the order of the files does not matter', () => {
  const files = Object.entries({
    [KUSTOMIZATION]: 'images: [{name: b, newTag: v1}]\n',
    'apps/checkout/dev/eu/kustomization.yaml': 'images: [{name: a, newTag: v1}, {name: b, newTag: v1}]\n',
  });
  const forth = readFolder(Object.fromEntries(files), IMAGES);
  const back = readFolder(Object.fromEntries(files.reverse()), IMAGES);
  expect(back).toEqual(forth);
});

describe('whole files', () => {
  const target = { application: 'web', environment: 'dev', root: 'apps/web/dev', isFile: false };
  const rule = { kind: 'files', include: ['**/*.yaml'], exclude: ['secret/**'] } as const;
  const entry = (path: string, mode = '100644') => ({ path, mode, sha: SHA });

  test('are told by mode and blob', () => {
    const blobs = [
      entry('apps/web/dev/b.yaml', '100755'),
      entry('apps/web/dev/a/c.yaml'),
      entry('apps/web/dev/a', '040000'),
      entry('apps/web/dev/a/readme.md'),
      entry('apps/web/dev/secret/d.yaml'),
      entry('apps/web/prod/b.yaml'),
    ];
    expect(summary(readValues([rule], target, [], blobs))).toEqual([
      `file a/c.yaml content = 100644 ${SHA}`,
      `file b.yaml content = 100755 ${SHA}`,
    ]);
  });

  test('that are links or submodules are problems', () => {
    const blobs = [entry('apps/web/dev/l.yaml', '120000'), entry('apps/web/dev/s.yaml', '160000')];
    const held = readValues([rule], target, [], blobs);
    expect(held.values).toEqual([]);
    expect(held.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('symbolic link'),
      expect.stringContaining('submodule'),
    ]);
  });

  test('a kustomization that is a link is not followed', () => {
    const path = 'apps/web/dev/kustomization.yaml';
    const held = readValues(
      [IMAGES],
      target,
      [{ path, text: '../prod/kustomization.yaml' }],
      [entry(path, '120000')],
    );
    expect(held.problems).toMatchObject([{ path, message: expect.stringContaining('symbolic link') }]);
  });
});

describe('hostile YAML', () => {
  test('an alias bomb costs nothing, and the value beside it is read', () => {
    const letters = [...'bcdefghijklmnop'];
    const levels = letters.map((letter, index) => {
      const below = `*${letters[index - 1] ?? 'a'}`;
      return `${letter}: &${letter} [${Array(20).fill(below).join(', ')}]\n`;
    });
    const text = `a: &a [x, x]\n${levels.join('')}tag: v1\n`;
    within(5_000, () => expect(readFieldOf(text, 'tag').values).toHaveLength(1));
  });

  test('a line of 2 MB is read', () => {
    const text = `blob: ${'x'.repeat(2_000_000)}\ntag: v1\n`;
    within(10_000, () => expect(readFieldOf(text, 'tag').values[0]?.occurrences[0]?.line).toBe(2));
  });

  test.each([
    ['brackets', '['.repeat(1_000_000)],
    ['closed brackets', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}\ntag: v1\n`],
    ['dashes', '- '.repeat(1_000_000)],
    ['size', `a: ${'x'.repeat(3_000_000)}\n`],
  ])('%s without end are a problem, not a crash', (_, text) => {
    within(20_000, () => expect(readFieldOf(text, 'tag').problems).toHaveLength(1));
  });

  test('a key named __proto__ is a key', () => {
    expect(readFieldOf('__proto__: {tag: v1}\n', 'tag').values).toEqual([]);
    expect(readFieldOf('__proto__: {tag: v1}\n', '__proto__.tag').values[0]?.value).toBe('v1');
  });
});
