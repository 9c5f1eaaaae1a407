import { CONFIG_MAP, type Content, countRequests, reasonOf } from './support.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const generator = (url: string) =>
  `{"apiVersion":"builtin","kind":"ConfigMapGenerator","metadata":{"name":"x"},"files":["a=${url}"]}`;

/** What kustomize reads as a URL and fetches, once it is started. */
const HIDDEN: [string, (url: string) => Content, RegExp][] = [
  ['a decoded value', (url) => `resources: [!!binary ${base64(url)}]`, /the YAML tag/],
  ['a decoded key', (url) => `!!binary ${base64('resources')}: ["${url}"]`, /the YAML tag/],
  ['a tagged list', (url) => `resources: !!seq [!!str "${url}"]`, /the YAML tag/],
  [
    'a declared tag',
    (url) => `%TAG !y! tag:yaml.org,2002:\n---\nresources: [!y!binary ${base64(url)}]`,
    /tag/,
  ],
  ['the first merge', (url) => `<<: {resources: ["${url}"]}\n<<: {namePrefix: a-}`, /several merge keys/],
  ['a merge in a merge', (url) => `<<: {<<: {resources: ["${url}"]}}`, /^remote base/],
  ['a key that is an alias', (url) => `commonLabels: {a: &k resources}\n*k : ["${url}"]`, /an alias/],
  ['UTF-16', (url) => utf16(`resources: ["${url}"]\n`), /is not UTF-8/],
  ['big-endian UTF-16', (url) => utf16(`resources: ["${url}"]\n`).swap16(), /is not UTF-8/],
  ['a second byte order mark', (url) => `\ufeff\ufeffresources: ["${url}"]\n`, /byte order mark/],
  ['a key in other letters', (url) => `namePrefix: a-\nRESOURCES: ["${url}"]`, /^remote base/],
  ['a key that stands twice', (url) => `resources: []\nresources: ["${url}"]`, /stands twice/],
  ['a generator on one line', (url) => `generators: ['${generator(url)}']`, /^remote base/],
  ['a comment without a space', (url) => `resources: ["app/a.yaml"#]\n,"${url}"]`, /not valid YAML/],
];

test.each(HIDDEN)('%s does not hide a URL from the checks', async (_, kustomization, reason) => {
  const requests = await countRequests(async (url) => {
    const files = { 'app/kustomization.yaml': kustomization(url), 'app/a.yaml': CONFIG_MAP };
    expect(await reasonOf(files, 'app')).toMatch(reason);
  });
  expect(requests).toBe(0);
});

test('a generator on one line is one even where a file has that name', async () => {
  const requests = await countRequests(async (url) => {
    const files = {
      'app/kustomization.yaml': `generators: ['${generator(url)}']`,
      [`app/${generator(url).replace('//', '/')}`]: generator('settings.txt'),
    };
    expect(await reasonOf(files, 'app')).toMatch(/^remote base/);
  });
  expect(requests).toBe(0);
});

test('a base that is the content of a ConfigMap as well is read as a base', async () => {
  const requests = await countRequests(async (url) => {
    const files = {
      'app/kustomization.yaml':
        'resources: [one]\nconfigMapGenerator: [{name: x, files: [two/kustomization.yaml]}]\n',
      'app/one/kustomization.yaml': 'resources: [../two]\n',
      'app/two/kustomization.yaml': `resources: ["${url}"]\n`,
    };
    expect(await reasonOf(files, 'app')).toMatch(/^remote base/);
  });
  expect(requests).toBe(0);
});

test('a base outside of the repository cannot be hidden by decoding either', async () => {
  const kustomization = `resources: [!!binary ${base64('../../..')}]`;
  expect(await reasonOf({ 'a/b/kustomization.yaml': kustomization }, 'a/b')).toMatch(/the YAML tag/);
  const config = `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nfiles: [!!binary ${base64('../../../x')}]\n`;
  const files = { 'app/kustomization.yaml': 'generators: [g.yaml]', 'app/g.yaml': config };
  expect(await reasonOf(files, 'app')).toMatch(/`app\/g.yaml` has the YAML tag/);
});
