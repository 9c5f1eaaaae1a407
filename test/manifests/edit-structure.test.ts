import { type ValueEdit, writeValues } from '../../src/manifests/write-values.ts';

const PATH = 'apps/checkout/dev/kustomization.yaml';
const DIGEST = `sha256:${'ab'.repeat(32)}`;

type Change = Partial<Pick<ValueEdit, 'from' | 'to' | 'name'>> & { at: ValueEdit['occurrence']['address'] };

/** The new text, or the first problem as `line: message`. */
function edit(text: string, ...changes: Change[]): string {
  const edits = changes.map(({ at, from = null, to = null, name }) => ({
    occurrence: { path: PATH, line: 1, document: 0, address: at },
    kind: 'image' as const,
    part: String(at.at(-1)),
    from,
    to,
    ...(name === undefined ? {} : { name }),
  }));
  const result = writeValues({ path: PATH, text }, edits);
  return result.ok ? result.text : `${result.problems[0]?.line}: ${result.problems[0]?.message}`;
}

const add = (key: string, to: string, index = 0): Change => ({ at: ['images', index, key], to });
const remove = (key: string, from: string, index = 0): Change => ({ at: ['images', index, key], from });
const append = (name: string, to: string, index: number): Change => ({
  at: ['images', index, 'newTag'],
  to,
  name,
});

describe('a missing key is inserted behind the others, written as they are', () => {
  test.each([
    [
      'images:\n- name: a # the web\n  newTag: v1 # keep\n\n# end\n',
      `images:\n- name: a # the web\n  newTag: v1 # keep\n  digest: ${DIGEST}\n\n# end\n`,
    ],
    [
      'images:\r\n    -   name: a\r\n        newTag: "v1"',
      `images:\r\n    -   name: a\r\n        newTag: "v1"\r\n        digest: "${DIGEST}"`,
    ],
    ["images:\n- name: 'a'\n- name: b\n", `images:\n- name: 'a'\n  digest: '${DIGEST}'\n- name: b\n`],
    ['images: [{ name: a, newTag: v1 }]\n', `images: [{ name: a, newTag: v1, digest: ${DIGEST} }]\n`],
    ['images: [{name: a,newTag: v1,}]\n', `images: [{name: a,newTag: v1, digest: ${DIGEST},}]\n`],
    [
      '{"images":[{"name":"a","newTag":"v1"}]}',
      `{"images":[{"name":"a","newTag":"v1","digest":"${DIGEST}"}]}`,
    ],
    [
      '{\n  "images": [\n    {\n      "name": "a",\n      "newTag": "v1"\n    }\n  ]\n}\n',
      `{\n  "images": [\n    {\n      "name": "a",\n      "newTag": "v1",\n      "digest": "${DIGEST}"\n    }\n  ]\n}\n`,
    ],
    [
      '\ufeffimages:\n- newTag: v1\n  name: a\nreplicas:\n  text: |\n    x\n',
      `\ufeffimages:\n- newTag: v1\n  name: a\n  digest: ${DIGEST}\nreplicas:\n  text: |\n    x\n`,
    ],
  ])('%j', (text, expected) => expect(edit(text, add('digest', DIGEST))).toBe(expected));
});

describe('newTag becomes digest and back, in its place', () => {
  test.each([
    ['images:\n- name: a\n  newTag: v1 # keep\n  newName: b\n', 'v1', DIGEST],
    ['images:\n- newTag: "v1"\n  name: a\n', 'v1', DIGEST],
    ['{"images": [{"newTag": "v1", "name": "a"}]}', 'v1', DIGEST],
    ['images: [{name: a, newTag: v1}] # keep\n', 'v1', DIGEST],
    ["images: [{name: a, 'newTag': 'v1'}] # keep\n", 'v1', DIGEST],
  ])('%j', (text, tag, digest) => {
    const there = edit(text, remove('newTag', tag), add('digest', digest));
    expect(there).toBe(text.replace('newTag', 'digest').replace('v1', DIGEST));
    expect(edit(there, remove('digest', digest), add('newTag', tag))).toBe(text);
  });

  test('both are set at once', () => {
    const text = 'images:\n- name: a\n  newTag: v1\n';
    const replaced = { at: ['images', 0, 'newTag'], from: 'v1', to: 'v2' };
    expect(edit(text, replaced, add('digest', DIGEST))).toBe(
      `images:\n- name: a\n  newTag: v2\n  digest: ${DIGEST}\n`,
    );
    expect(edit('images:\n- name: a\n', add('newTag', '1.10'), add('digest', DIGEST))).toBe(
      `images:\n- name: a\n  newTag: "1.10"\n  digest: "${DIGEST}"\n`,
    );
  });
});

describe('an entry is added behind the last one', () => {
  test.each([
    [
      'images:\n- name: a\n  newTag: v1 # x\n# end\n',
      1,
      'images:\n- name: a\n  newTag: v1 # x\n- name: b\n  newTag: v2\n# end\n',
    ],
    [
      'images:\n  - {name: "a", newTag: "v1"}\nx: 1\n',
      1,
      'images:\n  - {name: "a", newTag: "v1"}\n  - {name: "b", newTag: "v2"}\nx: 1\n',
    ],
    ['images: [ {name: a},  {name: c} ]\n', 2, 'images: [ {name: a},  {name: c},  {name: b, newTag: v2} ]\n'],
    ['images: []\n', 0, 'images: [{name: b, newTag: v2}]\n'],
    ['images: # none yet\nx: 1\n', 0, 'images: # none yet\n- name: b\n  newTag: v2\nx: 1\n'],
    ['{"images": []}', 0, '{"images": [{"name": "b", "newTag": "v2"}]}'],
  ])('%j', (text, index, expected) => expect(edit(text, append('b', 'v2', index))).toBe(expected));
});

describe('an images section is added where there is none', () => {
  test.each([
    ['resources:\n- a.yaml\n', 'resources:\n- a.yaml\nimages:\n- name: b\n  newTag: v2\n'],
    ['resources:\n  - a.yaml # x', 'resources:\n  - a.yaml # x\nimages:\n  - name: b\n    newTag: v2'],
    [
      '---\r\nnamespace: a\r\n# end\r\n',
      '---\r\nnamespace: a\r\nimages:\r\n- name: b\r\n  newTag: v2\r\n# end\r\n',
    ],
    ['{"resources": ["a"]}\n', '{"resources": ["a"], "images": [{"name": "b", "newTag": "v2"}]}\n'],
    ['patch: |-\n  x\n\n\n# end\n', 'patch: |-\n  x\nimages:\n- name: b\n  newTag: v2\n\n\n# end\n'],
  ])('%j', (text, expected) => expect(edit(text, append('b', 'v2', 0))).toBe(expected));
});

describe('a key is removed with its line', () => {
  test.each([
    [`images:\n- name: a\n  digest: ${DIGEST}`, 'images:\n- name: a'],
    [`images:\n- digest: ${DIGEST}\n  name: a\n`, 'images:\n- name: a\n'],
    [`images: [{digest: ${DIGEST}, name: a}]`, 'images: [{name: a}]'],
    [`images: [{name: a, digest: ${DIGEST}}]`, 'images: [{name: a}]'],
  ])('%j', (text, expected) => expect(edit(text, remove('digest', DIGEST))).toBe(expected));
});

describe('an edit is refused', () => {
  test.each([
    [
      'a comment would be lost',
      'images:\n- name: a\n  newTag: v1 # why\n',
      [remove('newTag', 'v1')],
      'comment',
    ],
    ['it is the only key', 'images:\n- newTag: v1\n', [remove('newTag', 'v1')], 'only key'],
    ['another value stands there', 'images:\n- name: a\n  newTag: v3\n', [remove('newTag', 'v1')], 'now v3'],
    ['the key is there already', 'images:\n- name: a\n  newTag: v1\n', [add('newTag', 'v2')], 'already'],
    ['it has an anchor', 'images:\n- name: a\n  newTag: &t v1\n', [remove('newTag', 'v1')], 'anchor'],
    ['it is an alias', 'x: &t v1\nimages:\n- name: a\n  newTag: *t\n', [remove('newTag', 'v1')], 'alias'],
    ['it is a block scalar', 'images:\n- name: a\n  newTag: |-\n    v1\n', [remove('newTag', 'v1')], 'block'],
    ['the entry is an alias', 'x: &a\n  name: a\nimages:\n- *a\n', [add('newTag', 'v1')], 'no mapping'],
    ['the list is an alias', 'x: &a []\nimages: *a\n', [append('b', 'v1', 0)], 'unusually'],
    ['the file is empty', '# nothing\n', [append('b', 'v1', 0)], 'unusually'],
    ['the root is no mapping', '- a\n', [append('b', 'v1', 0)], 'unusually'],
    ['what follows would change', 'patch: |+\n  x\n\n', [append('b', 'v1', 0)], 'more than was asked for'],
    ['the value breaks the line', 'images:\n- name: a\n', [add('newTag', 'v1\nx: y')], 'line breaks'],
    ['the file is a template', 'images:\n- name: a\n{{ if x }}\n', [add('newTag', 'v1')], 'template'],
  ])('when %s', (_, text, changes, message) => {
    expect(edit(text, ...changes)).toMatch(new RegExp(`^\\d+: .*${message}`));
  });
});
