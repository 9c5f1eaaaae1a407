import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectInput } from '../../../src/manifests/render/collect-input.ts';
import { renderKey } from '../../../src/manifests/render/render-key.ts';
import { type Rendering, renderTarget } from '../../../src/manifests/render/render-target.ts';
import { findRenderer } from '../../../src/manifests/render/renderer.ts';
import { CONFIG_MAP, fakeRenderer, realRenderer, reasonOf, render, repositoryOf } from './support.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - {name: web, image: ghcr.io/acme/web}
`;

/** Uses every way in which a kustomization names a file. */
const SHOP = {
  'apps/shop/base/kustomization.yaml':
    'resources: [deployment.yaml]\nconfigMapGenerator: [{name: env, envs: [shop.env]}]\n',
  'apps/shop/base/deployment.yaml': DEPLOYMENT,
  'apps/shop/base/shop.env': 'LEVEL=info\n',
  'apps/shop/parts/tls/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n',
  'apps/shop/parts/tls/patch.yaml': '- {op: add, path: /spec/replicas, value: 2}\n',
  'apps/shop/prod/kustomization.yaml': `resources: [../base]
components: [../parts/tls]
images: [{name: ghcr.io/acme/web, newTag: v1.4.2}]
patchesStrategicMerge:
- merge.yaml
- |-
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, labels: {inline: "yes"}}
configMapGenerator: [{name: files, files: [app.properties, renamed=data/x.txt]}]
secretGenerator: [{name: token, literals: [a=b]}]
replacements: [{path: replacement.yaml}]
configurations: [names.yaml]
transformers: [labels.yaml]
`,
  'apps/shop/prod/merge.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {minReadySeconds: 5}\n',
  'apps/shop/prod/app.properties': 'a=b\nc=d\n',
  'apps/shop/prod/data/x.txt': 'x\n',
  'apps/shop/prod/replacement.yaml':
    'source: {kind: Deployment, fieldPath: metadata.name}\ntargets: [{select: {kind: Deployment}, fieldPaths: [metadata.labels.app], options: {create: true}}]\n',
  'apps/shop/prod/names.yaml': 'namePrefix: [{path: metadata/name}]\n',
  'apps/shop/prod/labels.yaml':
    'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\npath: data/patch.yaml\ntarget: {kind: Deployment}\n',
  'apps/shop/prod/data/patch.yaml': '- {op: add, path: /spec/paused, value: true}\n',
};
const UNRELATED = {
  'apps/shop/prod/notes.yaml': 'a: 1\n',
  'apps/cart/kustomization.yaml': 'resources: []\n',
};

test('a kustomization gives what the program prints in the checkout, to the byte', async () => {
  const checkout = await mkdtemp(join(tmpdir(), 'sluice-checkout-'));
  for (const [path, text] of Object.entries(SHOP)) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await writeFile(join(checkout, path), text);
  }
  const { command, version } = await realRenderer();
  const [program = '', ...options] = command;
  const direct = spawnSync(program, [...options, join(checkout, 'apps/shop/prod')], { encoding: 'utf8' });
  expect(direct.stdout).toContain('ghcr.io/acme/web:v1.4.2');
  const rendering = await render({ ...SHOP, ...UNRELATED }, 'apps/shop/prod');
  expect(rendering).toEqual({
    ok: true,
    yaml: direct.stdout,
    sizeBytes: Buffer.byteLength(direct.stdout),
    by: version,
  });
});

test('only what the target needs is read', async () => {
  const { index, read } = repositoryOf({ ...SHOP, ...UNRELATED });
  await renderTarget(await realRenderer(), index, { root: 'apps/shop/prod' });
  expect(read.toSorted()).toEqual(Object.keys(SHOP).toSorted());
});

test('a target that is the kustomization itself, or the whole repository, is rendered too', async () => {
  const files = { 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': CONFIG_MAP };
  const whole = await render(files, '');
  expect(whole).toMatchObject({ ok: true, yaml: CONFIG_MAP });
  expect(await render(files, 'kustomization.yaml')).toEqual(whole);
});

test('the same input is rendered once, and another one again', async () => {
  const renderer = await fakeRenderer('echo "kind: x"; echo run >> "$0.log"');
  const runs = async () => (await readFile(`${renderer.command[0]}.log`, 'utf8')).trim().split('\n').length;
  const cache = new Map<string, Rendering>();
  const options = { root: 'apps/shop/prod', cache };
  const first = await renderTarget(renderer, repositoryOf(SHOP).index, options);
  const second = await renderTarget(renderer, repositoryOf({ ...SHOP, ...UNRELATED }).index, options);
  expect(second).toEqual(first);
  expect(await runs()).toBe(1);
  const changed = { ...SHOP, 'apps/shop/base/shop.env': 'LEVEL=debug\n' };
  await renderTarget(renderer, repositoryOf(changed).index, options);
  expect(await runs()).toBe(2);
});

test('a timeout is tried again, an error of the build is not', async () => {
  const cache = new Map<string, Rendering>();
  const files = { 'app/kustomization.yaml': 'resources: []' };
  const slow = await fakeRenderer('while :; do :; done');
  await render(files, 'app', { renderer: slow, cache, limits: { timeoutMs: 200 } });
  expect(cache.size).toBe(0);
  await render(files, 'app', { renderer: await fakeRenderer('echo "Error: no" >&2; exit 1'), cache });
  expect([...cache.values()]).toEqual([
    { ok: false, reason: 'kustomize v0.0.0 says: no', isTransient: false },
  ]);
});

test('another version of the program has another key', async () => {
  const input = await collectInput(repositoryOf(SHOP).index, 'apps/shop/prod');
  const keys = ['v1', 'v2', 'v1'].map((version) => renderKey({ version, helm: null }, input));
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(keys[1]).not.toBe(keys[0]);
  expect(keys[2]).toBe(keys[0]);
});

test('a plain folder renders as its manifests, each with its file', async () => {
  const files = {
    'app/b.yaml': 'kind: B',
    'app/sub/a.json': '{"kind": "A"}\n',
    'app/README.md': '# no',
    'apple/c.yaml': '',
  };
  const rendering = await render(files, 'app');
  const yaml = '---\n# Source: app/b.yaml\nkind: B\n---\n# Source: app/sub/a.json\n{"kind": "A"}\n';
  expect(rendering).toEqual({ ok: true, yaml, sizeBytes: Buffer.byteLength(yaml), by: null });
});

test('a target that is one file renders as that file', async () => {
  const rendering = await render({ 'image-tags/dev/shop': 'image_tag: v1\n' }, 'image-tags/dev/shop');
  expect(rendering).toMatchObject({ ok: true, yaml: '---\n# Source: image-tags/dev/shop\nimage_tag: v1\n' });
});

test('what is missing is named with the file that names it', async () => {
  expect(await reasonOf({ 'app/kustomization.yaml': 'resources: [gone.yaml]' }, 'app')).toBe(
    '`app/kustomization.yaml` names `gone.yaml`, which is not there',
  );
  expect(await reasonOf({}, 'app')).toBe('`app` is not there');
});

const CHART = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'tag: v1\n',
  'charts/web/templates/map.yaml': 'kind: ConfigMap\ndata: {tag: "{{ .Values.tag }}"}\n',
};

test('a chart needs helm, and says so without it', async () => {
  const renderer = { ...(await realRenderer()), helm: null };
  expect(await reasonOf(CHART, 'charts/web', { renderer })).toMatch(/needs helm.*SLUICE_HELM/);
  const files = { ...CHART, 'kustomization.yaml': 'helmCharts: [{name: web}]' };
  expect(await reasonOf(files, '', { renderer })).toMatch(/needs helm/);
});

test('helm is given the chart of the repository', async () => {
  const fake = await fakeRenderer(
    'echo "# $*"; while read -r line; do echo "$line"; done < charts/web/values.yaml',
  );
  const renderer = { ...fake, helm: { version: 'helm v4.0.0', program: fake.command[0]! } };
  expect(await render(CHART, 'charts/web', { renderer })).toMatchObject({
    yaml: '# template -- web ./charts/web\ntag: v1\n',
    by: 'helm v4.0.0',
  });
});

test('a chart that a kustomization inflates comes from the repository or not at all', async () => {
  const fake = await fakeRenderer('echo "# $*"; exec /bin/ls charts/web');
  const renderer = { ...fake, helm: { version: 'helm v4.0.0', program: '/opt/helm' } };
  const files = { ...CHART, 'kustomization.yaml': 'helmCharts: [{name: web}]' };
  expect(await render(files, '', { renderer })).toMatchObject({
    yaml: '# --enable-helm --helm-command /opt/helm ./\nChart.yaml\ntemplates\nvalues.yaml\n',
    by: 'kustomize v0.0.0 with helm v4.0.0',
  });
  const remote = { 'kustomization.yaml': 'helmCharts: [{name: redis, repo: "https://charts.example.com"}]' };
  expect(await reasonOf(remote, '', { renderer })).toBe('remote chart redis from https://charts.example.com');
});

async function programFolder(name: string, script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-path-'));
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
  return folder;
}

test('the program is the named one, else kustomize, else kubectl of the PATH', async () => {
  const kustomize = await programFolder('kustomize', 'echo v5.8.0');
  const kubectl = await programFolder(
    'kubectl',
    `echo '{"clientVersion": {"gitVersion": "v1.35.0"}, "kustomizeVersion": "v5.7.1"}'`,
  );
  expect(await findRenderer({ PATH: `${kubectl}:${kustomize}` })).toMatchObject({
    version: 'kustomize v5.8.0',
    command: [join(kustomize, 'kustomize'), 'build'],
  });
  expect(await findRenderer({ PATH: kubectl })).toMatchObject({
    version: 'kustomize v5.7.1 (kubectl v1.35.0)',
    command: [join(kubectl, 'kubectl'), 'kustomize'],
  });
  const named = { PATH: kustomize, SLUICE_KUSTOMIZE: join(kubectl, 'kubectl') };
  expect(await findRenderer(named)).toMatchObject({ command: [named.SLUICE_KUSTOMIZE, 'kustomize'] });
  expect(await findRenderer({ PATH: kustomize, SLUICE_KUSTOMIZE: '/gone' })).toEqual({
    unavailable: 'SLUICE_KUSTOMIZE is `/gone`, which is no kustomize or kubectl that runs',
  });
});

const isPackaged = process.platform === 'linux' && process.arch === 'x64';

test('without any program on the PATH the packaged kubectl renders, unpacked once', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'sluice-cache-'));
  const renderer = await findRenderer({ PATH: '', XDG_CACHE_HOME: cache });
  if (!isPackaged) {
    expect(renderer).toMatchObject({ unavailable: expect.stringContaining('SLUICE_KUSTOMIZE') });
    return;
  }
  if ('unavailable' in renderer) throw new Error(renderer.unavailable);
  expect(renderer.version).toMatch(/^kustomize v5\.7\.1 \(kubectl v1\.35/);
  const rendering = await render(SHOP, 'apps/shop/prod', { renderer });
  expect(rendering).toMatchObject({ ok: true, yaml: expect.stringContaining('ghcr.io/acme/web:v1.4.2') });
  const { mtimeMs } = await stat(renderer.command[0]!);
  expect(await findRenderer({ PATH: '', XDG_CACHE_HOME: cache })).toEqual(renderer);
  expect((await stat(renderer.command[0]!)).mtimeMs).toBe(mtimeMs);
});
