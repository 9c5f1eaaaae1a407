import { compareRenderings, type ResourceChange } from '../../../src/manifests/compare/compare-renderings.ts';
import { describeComparison } from '../../../src/manifests/compare/describe-comparison.ts';

/** Changes between two texts; fails when they cannot be compared. */
function changesOf(before: string, after: string): { changes: ResourceChange[]; unchanged: number } {
  const comparison = compareRenderings(before, after);
  if (!comparison.ok) throw new Error(comparison.reason);
  return comparison;
}

/** What a reviewer reads of it. */
function describe(before: string, after: string, limitBytes = 60_000): string {
  return describeComparison(changesOf(before, after), limitBytes);
}

/** The differing paths of the only changed resource. */
function pathsOf(before: string, after: string): string[] {
  const { changes } = changesOf(before, after);
  expect(changes).toHaveLength(1);
  return changes[0]!.fields.map(({ path }) => path);
}

function deployment(containers: string, name = 'web'): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  replicas: 2\n  template:\n    spec:\n      containers:\n${containers}`;
}

const container = (tag: string, env = '') =>
  `      - name: web\n        image: ghcr.io/acme/web:${tag}\n${env}`;
const map = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: shop\ndata:\n${data}`;
const secret = (value: string, name = 'token') =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  annotations:\n    last: "${value}"\ndata:\n  password: ${value}\ntype: Opaque\n`;
const join = (...documents: string[]) => documents.join('---\n');

test('a new image is shown where it runs', () => {
  expect(describe(deployment(container('v1.4.1')), deployment(container('v1.4.2')))).toBe(
    `In the cluster: 1 changed.

#### \`Deployment\` \`shop/web\` changes

\`\`\`diff
@@ spec.template.spec.containers[name=web].image @@
-ghcr.io/acme/web:v1.4.1
+ghcr.io/acme/web:v1.4.2
\`\`\``,
  );
});

test('an env var at the front is one change', () => {
  const env = (...names: string[]) =>
    `        env:\n${names.map((name) => `        - name: ${name}\n          value: x\n`).join('')}`;
  expect(
    pathsOf(deployment(container('v1', env('B', 'C'))), deployment(container('v1', env('A', 'B', 'C')))),
  ).toEqual(['spec.template.spec.containers[name=web].env[name=A]']);
});

test('entries in another order are one change', () => {
  const env = (...names: string[]) =>
    `        env:\n${names.map((name) => `        - name: ${name}\n          value: x\n`).join('')}`;
  expect(
    pathsOf(deployment(container('v1', env('A', 'B'))), deployment(container('v1', env('B', 'A')))),
  ).toEqual(['spec.template.spec.containers[name=web].env (order)']);
});

test('an argument in the middle is one change', () => {
  const args = (...texts: string[]) => `        args: [${texts}]\n`;
  expect(
    pathsOf(
      deployment(container('v1', args('a', 'c', 'd'))),
      deployment(container('v1', args('a', 'b', 'c', 'd'))),
    ),
  ).toEqual(['spec.template.spec.containers[name=web].args[1]']);
});

test('volumes that are mounted in two places are told apart by the place', () => {
  const mounts = (readOnly: string) =>
    `        volumeMounts:\n        - {name: data, mountPath: /a, readOnly: ${readOnly}}\n        - {name: data, mountPath: /b}\n`;
  expect(
    pathsOf(deployment(container('v1', mounts('true'))), deployment(container('v1', mounts('false')))),
  ).toEqual(['spec.template.spec.containers[name=web].volumeMounts[mountPath=/a].readOnly']);
});

test('quotes, comments and the order of keys change nothing, a number that becomes a string does', () => {
  const before = 'kind: A\nmetadata: {name: a}\nspec: {x: "text", y: 1, z: null}\n';
  expect(
    changesOf(before, "# new\nmetadata: {name: 'a'}\nkind: A\nspec: {z: ~, y: 1, x: text}\n").changes,
  ).toEqual([]);
  expect(describe(before, before.replace('y: 1', 'y: "1"'))).toContain('@@ spec.y @@\n-1\n+"1"\n');
});

test('a generated ConfigMap stays one resource, and what reads it is said to follow', () => {
  const reads = (name: string) =>
    container('v1', `        envFrom:\n        - configMapRef:\n            name: ${name}\n`);
  const text = describe(
    join(deployment(reads('env-4h2mbtbbt6')), map('env-4h2mbtbbt6', '  LEVEL: info\n')),
    join(deployment(reads('env-d8b7m84tf9')), map('env-d8b7m84tf9', '  LEVEL: debug\n')),
  );
  expect(text).toContain('#### `Deployment` `shop/web` changes\n\nIs given the new `ConfigMap env`.');
  expect(text).toContain(
    '#### `ConfigMap` `shop/env` changes\n\n```diff\n@@ data.LEVEL @@\n-info\n+debug\n```',
  );
  expect(text).not.toMatch(/4h2mbtbbt6|d8b7m84tf9/);
});

test('a new version of an API is the same resource, another group is another', () => {
  const ingress = (apiVersion: string) => `apiVersion: ${apiVersion}\nkind: Ingress\nmetadata: {name: web}\n`;
  expect(pathsOf(ingress('networking.k8s.io/v1beta1'), ingress('networking.k8s.io/v1'))).toEqual([
    'apiVersion',
  ]);
  expect(
    changesOf(ingress('extensions/v1beta1'), ingress('networking.k8s.io/v1')).changes.map(
      ({ change }) => change,
    ),
  ).toEqual(['deleted', 'added']);
});

test('workloads come first, and deletions are loud', () => {
  const text = describe(
    join(
      map('a', '  x: 1\n'),
      deployment(container('v1')),
      deployment(container('v1'), 'old'),
      map('same', '  x: 1\n'),
    ),
    join(map('a', '  x: 2\n'), map('same', '  x: 1\n'), deployment(container('v2'))),
  );
  expect(text).toMatch(
    /^In the cluster: \*\*1 deleted\*\*, 2 changed, 1 as before\.\n\n> \[!CAUTION\]\n> This deletes 1 resource:\n>\n> - `Deployment` `shop\/old`\n/,
  );
  expect([...text.matchAll(/^#### (.*)$/gm)].map(([, heading]) => heading)).toEqual([
    '`Deployment` `shop/old` **is deleted**',
    '`Deployment` `shop/web` changes',
    '`ConfigMap` `shop/a` changes',
  ]);
});

test.each([
  ['changed', secret('aHVudGVyMg=='), secret('c3dvcmRmaXNo')],
  ['added', '', secret('aHVudGVyMg==')],
  ['deleted', secret('aHVudGVyMg=='), ''],
  ['generated anew', secret('aHVudGVyMg==', 'token-4h2mbtbbt6'), secret('c3dvcmRmaXNo', 'token-d8b7m84tf9')],
  ['in a list', `kind: List\nitems:\n- ${secret('aHVudGVyMg==').replace(/\n(?=.)/g, '\n  ')}`, ''],
  [
    'inside of another resource',
    'kind: Template\nmetadata: {name: x}\n',
    'kind: Template\nmetadata: {name: x}\nobjects: [{kind: Secret, metadata: {name: a}, stringData: {k: aHVudGVyMg==}}]\n',
  ],
  [
    'of another shape',
    'kind: secret\nmetadata: {name: x}\ndata: [{name: aHVudGVyMg==, value: aHVudGVyMg==}]\n',
    'kind: secret\nmetadata: {name: x}\ndata: aHVudGVyMg==\nstringData: {a: aHVudGVyMg==}\n',
  ],
])('the values of a Secret that is %s are not shown', (_, before, after) => {
  const { changes } = changesOf(before, after);
  expect(changes).toHaveLength(1);
  const told = JSON.stringify(changes, (_, value) => (value instanceof Map ? [...value] : value));
  expect(told).not.toMatch(/aHVudGVyMg|c3dvcmRmaXNo/);
  expect(describe(before, after)).not.toMatch(/aHVudGVyMg|c3dvcmRmaXNo/);
});

test('which keys of a Secret change is shown', () => {
  expect(describe(secret('YQ=='), secret('Yg=='))).toContain(
    '@@ data.password @@\n changes, its value is not shown\n',
  );
});

test('a reference to a Secret is no Secret', () => {
  const gateway = (name: string) =>
    `kind: Gateway\nmetadata: {name: g}\nspec: {certificateRefs: [{kind: Secret, name: ${name}}]}\n`;
  expect(describe(gateway('old-tls'), gateway('new-tls'))).toContain('new-tls');
});

test('mentions, HTML, fences and references in a manifest do nothing', () => {
  const nasty = '@octocat ``` <img src=x onerror=y> </details> ~~~ fixes #1';
  const text = describe(
    map('a', '  text: |\n    x\n  other: y\n'),
    join(
      map(
        'a',
        `  text: |\n    x\n    ${nasty}\n    \`\`\`\n    # @acme/ops\n  other: "${nasty}\\u202e\\u0007"\n`,
      ),
      map('"@acme/ops`<b>|"', `  "@octocat": z\n`),
    ),
  );
  expect(text).not.toMatch(/@(?:octocat|acme)/);
  expect(text).not.toMatch(/(?!\u200b)\p{Cf}|(?!\n)\p{Cc}/u);
  const outside = text
    .replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '')
    .replace(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, '');
  expect(outside).not.toMatch(/<|octocat|acme|#1/);
});

test('a digest can be copied from it', () => {
  const digest = (digit: string) => deployment(container(`v1@sha256:${digit.repeat(64)}`));
  expect(describe(digest('a'), digest('b'))).toContain(`+ghcr.io/acme/web:v1@sha256:${'b'.repeat(64)}\n`);
});

test('a changed file in a ConfigMap shows the lines that change', () => {
  const lines = Array.from({ length: 200 }, (_, index) => `    key${index}=1\n`).join('');
  const text = describe(
    map('a', `  f: |\n${lines}`),
    map('a', `  f: |\n${lines.replace('key99=1', 'key99=2')}`),
  );
  expect(text).toContain('@@ data.f @@\n key98=1\n-key99=1\n+key99=2\n key100=1\n```');
});

test('a line of 2 MB shows the part that differs', () => {
  const long = 'x'.repeat(1_000_000);
  const text = describe(map('a', `  f: "${long}old${long}"\n`), map('a', `  f: "${long}new${long}"\n`));
  expect(text).toMatch(/-…x+oldx+… \(2000003 characters\)\n\+…x+newx+…/);
  expect(text.length).toBeLessThan(2_000);
});

const manyBefore = Array.from({ length: 300 }, (_, index) => map(`map-${index}`, '  x: "€"\n'));
const manyAfter = Array.from({ length: 300 }, (_, index) =>
  map(`map-${index}`, `  x: "${'€'.repeat(100)}"\n`),
);

test.each([200, 1_000, 1_001, 5_000, 65_535, 10_000_000])('it fits into %i bytes', (limitBytes) => {
  const text = describe(
    join(...manyBefore, ...manyAfter.map((text) => text.replace('map-', 'gone-'))),
    join(...manyAfter),
    limitBytes,
  );
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limitBytes);
  const shown = [...text.matchAll(/^#### /gm)].length;
  const omitted = Number(/(\d+) more resources? not at all/.exec(text)?.[1] ?? 0);
  expect(shown + omitted).toBe(600);
  expect([...text.matchAll(/^```/gm)].length % 2).toBe(0);
});

test('one resource that is too long does not hide the others', () => {
  const fields = (value: string) =>
    Array.from({ length: 100 }, (_, index) => `  key-${index}: ${value.repeat(50)}\n`).join('');
  const text = describe(
    join(map('a-long', fields('a')), map('b', '  x: 1\n')),
    join(map('a-long', fields('b')), map('b', '  x: 2\n')),
    2_000,
  );
  expect(text).toContain('#### `ConfigMap` `shop/a-long` changes _(too long to show here)_');
  expect(text).toContain('@@ data.x @@\n-1\n+2\n');
  expect(text).toContain('_Cut to fit: 1 resource by name only._');
});

test('files that are no resources are told apart by their paths', () => {
  const before = '---\n# Source: tags/dev/web\nimage_tag: v1\n---\n# Source: tags/dev/cart\nimage_tag: v1\n';
  const text = describe(before, before.replace('v1', 'v2'));
  expect(text).toContain('#### File `tags/dev/web` changes\n\n```diff\n@@ image_tag @@\n-v1\n+v2\n```');
  expect(text).toMatch(/^In the cluster: 1 changed, 1 as before/);
});

test('an alias means what its anchor holds', () => {
  const labels = (value: string) =>
    `kind: A\nmetadata: {name: a, labels: &l {app: &n ${value}}}\nspec: {selector: *l, name: *n}\n`;
  expect(pathsOf(labels('x'), labels('y'))).toEqual([
    'metadata.labels.app',
    'spec.selector.app',
    'spec.name',
  ]);
});

test('the same text changes nothing', () => {
  const text = join(map('a', '  x: 1\n'), deployment(container('v1')));
  expect(describe(text, text)).toBe('Nothing changes in the cluster: 2 resources stay as they are.');
});

test.each([
  ['what is no YAML', 'kind: [', /not valid YAML/],
  ['a template', 'kind: {{ .Values.kind }}-x', /template/],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[index]}`)}]\n`).join('')}`,
    /aliases stand for too much/,
  ],
  ['an alias in itself', 'a: &a [*a]', /inside of what it names/],
  ['what is nested too deeply', `a: ${'['.repeat(50_000)}`, /nested too deeply/],
])('%s is not taken for nothing', (_, text, reason) => {
  expect(compareRenderings('', text)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  expect(compareRenderings(text, map('a', '  x: 1\n'))).toMatchObject({ ok: false });
});

test('hundreds of resources of which few change are compared quickly', () => {
  const spec = Array.from({ length: 2_000 }, (_, index) => `  key-${index}: value\n`).join('');
  const before = Array.from({ length: 300 }, (_, index) => map(`map-${index}`, spec));
  const after = before.with(7, map('map-7', spec.replace('value', 'other')));
  const { changes, unchanged } = changesOf(join(...before), join(...after));
  expect(changes.map(({ id }) => id.name)).toEqual(['map-7']);
  expect(unchanged).toBe(299);
});
