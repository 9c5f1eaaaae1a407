import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_MAP, countRequests, fakeRenderer, realRenderer, reasonOf, render } from './support.ts';

const SECRET_FILE = '/etc/hostname';

test('a symbolic link is not followed, whatever it points at', async () => {
  const files = {
    'app/kustomization.yaml': 'resources: [link.yaml]',
    'app/link.yaml': { link: SECRET_FILE },
  };
  expect(await reasonOf(files, 'app')).toMatch(/`app\/link.yaml` is a symbolic link/);
});

test('a folder behind a symbolic link is not entered', async () => {
  const files = {
    'app/kustomization.yaml': 'resources: [out/base]',
    'app/out': { link: '../elsewhere' },
    'elsewhere/base/kustomization.yaml': 'resources: []',
  };
  expect(await reasonOf(files, 'app')).toMatch(/`app\/out` is a symbolic link/);
  expect(await reasonOf(files, 'app/out')).toMatch(/`app\/out` is a symbolic link/);
});

test('a submodule is not rendered', async () => {
  const files = {
    'app/kustomization.yaml': 'resources: [lib/base]',
    'app/lib': { submodule: 'a'.repeat(40) },
  };
  expect(await reasonOf(files, 'app')).toMatch(/`app\/lib` is a submodule/);
});

test.each(['../..', '../../../etc', '../../other/base', './x/../../../y'])(
  'the base %s outside of the repository is not looked for',
  async (base) => {
    expect(await reasonOf({ 'app/kustomization.yaml': `resources: ["${base}"]` }, 'app')).toMatch(
      /leaves the repository/,
    );
  },
);

test.each([
  ['resources', `resources: [${SECRET_FILE}]`],
  ['a base', 'resources: [/etc]'],
  ['a patch', `patches: [{path: ${SECRET_FILE}}]`],
  ['a generator', `configMapGenerator: [{name: x, files: [leak=${SECRET_FILE}]}]`],
  ['an env file', `secretGenerator: [{name: x, envs: [${SECRET_FILE}]}]`],
  ['a key in other letters', `Resources: [${SECRET_FILE}]`],
  ['a key that Go folds', `re\u017fources: [${SECRET_FILE}]`],
  ['a merge', `base: &b {resources: [${SECRET_FILE}]}\n<<: *b`],
])('an absolute path in %s is refused', async (_, kustomization) => {
  expect(await reasonOf({ 'app/kustomization.yaml': kustomization }, 'app')).toMatch(/an absolute path/);
});

test('the file of a transformer cannot come from outside either', async () => {
  const transformer = `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nfiles: [leak=${SECRET_FILE}]\n`;
  const files = { 'app/kustomization.yaml': 'generators: [g.yaml]', 'app/g.yaml': transformer };
  expect(await reasonOf(files, 'app')).toMatch(/not in or below|absolute/);
});

test.each([
  'https://github.com/acme/base?ref=v1',
  'github.com/acme/base/deploy?ref=v1',
  'git@github.com:acme/base.git',
  'ssh://git@example.com/acme/base.git',
  'git::file:///etc',
  'GIT::FILE:///etc',
  'file:///etc',
  'gitlab.example.com/acme/base?ref=v1',
  'HTTPS://example.com/deployment.yaml',
])('the remote base %s is named and not fetched', async (url) => {
  const reason = await reasonOf({ 'app/kustomization.yaml': `resources: ["${url}"]` }, 'app');
  expect(reason).toBe(`remote base ${url.replace('git@example', 'example')}`);
});

test('a password in a URL is not repeated', async () => {
  const files = { 'app/kustomization.yaml': 'resources: ["https://bot:hunter2@example.com/acme/base"]' };
  expect(await reasonOf(files, 'app')).toBe('remote base https://example.com/acme/base');
});

test.each([
  (url: string) => `resources: ["${url}"]`,
  (url: string) => `crds: ["${url}"]`,
  (url: string) => `configurations: ["${url}"]`,
  (url: string) => `openapi: {path: "${url}"}`,
  (url: string) => `patches: [{path: "${url}"}]`,
  (url: string) => `patchesStrategicMerge: ["${url}"]`,
  (url: string) => `replacements: [{path: "${url}"}]`,
  (url: string) => `configMapGenerator: [{name: x, files: ["${url}"]}]`,
  (url: string) => `configMapGenerator: [{name: x, files: ["key=${url}"]}]`,
  (url: string) => `configMapGenerator: [{name: x, envs: ["${url}"]}]`,
  (url: string) => `transformers: ["${url}"]`,
  (url: string) =>
    `transformers: ["apiVersion: builtin\\nkind: PatchTransformer\\nmetadata: {name: x}\\npath: ${url}\\n"]`,
])('nothing asks a server on this machine (%#)', async (kustomization) => {
  const requests = await countRequests(async (url) => {
    expect(await reasonOf({ 'app/kustomization.yaml': kustomization(url) }, 'app')).toMatch(
      /^remote base http/,
    );
  });
  expect(requests).toBe(0);
});

test('the environment of Sluice does not get into a ConfigMap', async () => {
  process.env.LEAKED_BY_TEST = 'hunter2';
  try {
    const files = {
      'app/kustomization.yaml': 'configMapGenerator: [{name: leak, envs: [vars.env]}]',
      'app/vars.env': 'LEAKED_BY_TEST\nHOME\nPRIVATE_KEY\n',
    };
    const rendering = await render(files, 'app');
    expect(JSON.stringify(rendering)).not.toContain('hunter2');
    expect(JSON.stringify(rendering)).not.toContain(process.env.HOME);
    const seen = await render({ 'app/kustomization.yaml': 'resources: []' }, 'app', {
      renderer: await fakeRenderer('export -p; pwd'),
    });
    expect(seen.ok && seen.yaml).toMatch(/^export .*PATH=.?\/nonexistent/m);
    expect(JSON.stringify(seen)).not.toContain('hunter2');
  } finally {
    delete process.env.LEAKED_BY_TEST;
  }
});

test.each([
  ['an exec function', 'exec: {path: ./run.sh}'],
  ['a container function', 'container: {image: example.com/run}'],
])('%s in a transformer is not run', async (_, how) => {
  const transformer = `apiVersion: v1\nkind: Run\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      ${how}\n`;
  const files = {
    'app/kustomization.yaml': 'transformers: [t.yaml]\nresources: [a.yaml]',
    'app/t.yaml': transformer,
    'app/a.yaml': CONFIG_MAP,
    'app/run.sh': '#!/bin/sh\ntouch /tmp/sluice-was-here\n',
  };
  expect(await reasonOf(files, 'app')).toMatch(/plugin|function|exec/i);
  expect(await readdir('/tmp')).not.toContain('sluice-was-here');
});

test.each([
  ['--post-renderer', 'helmCharts: [{name: web, releaseName: --post-renderer=./run.sh}]', /option/],
  ['an option in a merge', 'x: &x {releaseName: -x}\nhelmCharts: [{name: web, <<: *x}]', /option/],
  ['plugins of its own', 'helmGlobals: {configHome: helm}\nhelmCharts: [{name: web}]', /plugins/],
  ['a remote values file', 'helmCharts: [{name: web, valuesFile: "https://example.com/v"}]', /^remote base/],
  ['generators beside it', 'helmCharts: [{name: web}]\ngenerators: [values.yaml]', /together with/],
])('helm is given no %s', async (_, kustomization, reason) => {
  const files = {
    'app/kustomization.yaml': kustomization,
    'app/values.yaml': 'a: 1\n',
    'app/charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  };
  expect(await reasonOf(files, 'app')).toMatch(reason);
});

test('bases that double at every level end at a limit', async () => {
  const files: Record<string, string> = {
    'l0/kustomization.yaml': 'configMapGenerator: [{name: x, literals: [a=b]}]',
  };
  for (let level = 1; level <= 26; level += 1) {
    for (const side of ['a', 'b']) {
      const below = level === 1 ? ['../l0'] : [`../l${level - 1}a`, `../l${level - 1}b`];
      files[`l${level}${side}/kustomization.yaml`] = `namePrefix: ${side}-\nresources: [${below}]`;
    }
  }
  const reason = await reasonOf(files, 'l26a', { limits: { timeoutMs: 3_000 } });
  expect(reason).toMatch(/took longer than 3 s|ran out of memory/);
});

test('a generator of many files ends at the number of files', async () => {
  const names = Array.from({ length: 5_001 }, (_, index) => `f${index}`);
  const files = Object.fromEntries(names.map((name) => [`app/${name}`, name]));
  files['app/kustomization.yaml'] = `configMapGenerator: [{name: x, files: [${names}]}]`;
  expect(await reasonOf(files, 'app')).toBe('it needs more than 5000 files');
});

test('a build that never ends is stopped with all that it started', async () => {
  const before = await runningSleeps();
  const renderer = await fakeRenderer('/bin/sleep 4242 & while :; do :; done');
  const files = { 'app/kustomization.yaml': 'resources: []' };
  const reason = await reasonOf(files, 'app', { renderer, limits: { timeoutMs: 300 } });
  expect(reason).toBe('kustomize v0.0.0 took longer than 0.3 s');
  expect(await runningSleeps()).toEqual(before);
});

/** Process ids of what the test above starts, where the system lists processes as files. */
async function runningSleeps(): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    ids.map(async (id) => ({ id, text: await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '') })),
  );
  return commands.filter(({ text }) => text.startsWith('/bin/sleep\x004242')).map(({ id }) => id);
}

test('100 MB of output are not taken in', async () => {
  const renderer = await fakeRenderer('exec /usr/bin/head -c 100000000 /dev/zero');
  const files = { 'app/kustomization.yaml': 'resources: []' };
  expect(await reasonOf(files, 'app', { renderer })).toBe('kustomize v0.0.0 printed more than 32 MB');
});

const ALIAS_BOMB = `${['a: &a [x, x, x, x, x, x, x, x, x]']
  .concat(
    [...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`)}]`),
  )
  .join('\n')}\n`;

test('an alias bomb in a kustomization or in a resource is refused at once', async () => {
  expect(await reasonOf({ 'app/kustomization.yaml': `${ALIAS_BOMB}resources: *j` }, 'app')).toMatch(
    /aliases|alias/,
  );
  const files = { 'app/kustomization.yaml': 'resources: [a.yaml]', 'app/a.yaml': CONFIG_MAP + ALIAS_BOMB };
  expect(await reasonOf(files, 'app', { limits: { timeoutMs: 2_000 } })).toMatch(
    /says: .*alias|out of memory|longer than 2 s/,
  );
});

test('an alias that stands inside of what it names is refused', async () => {
  expect(await reasonOf({ 'app/kustomization.yaml': 'a: &a\n  <<: *a\n<<: *a\n' }, 'app')).not.toBe('');
  expect(await reasonOf({ 'app/kustomization.yaml': 'generators: &a [*a]' }, 'app')).not.toBe('');
});

test('a line of 2 MB is rendered', async () => {
  const files = {
    'app/kustomization.yaml': 'resources: [a.yaml]',
    'app/a.yaml': `${CONFIG_MAP}data:\n  long: ${'x'.repeat(2_000_000)}\n`,
  };
  const rendering = await render(files, 'app');
  expect(rendering.ok && rendering.sizeBytes).toBeGreaterThan(2_000_000);
});

test('nothing is left on the disk', async () => {
  const usual = process.env.TMPDIR;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  process.env.TMPDIR = folder;
  try {
    await render({ 'app/kustomization.yaml': 'resources: [a.yaml]', 'app/a.yaml': CONFIG_MAP }, 'app');
    await reasonOf({ 'app/kustomization.yaml': 'resources: [a.yaml]', 'app/a.yaml': '}' }, 'app');
    expect(await readdir(folder)).toEqual([]);
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
  }
});

test('an error of the program names the file of the repository, not a temporary one', async () => {
  const files = { 'app/kustomization.yaml': 'resources: [a.yaml]', 'app/a.yaml': 'kind: [' };
  const reason = await reasonOf(files, 'app');
  expect(reason).toContain((await realRenderer()).version);
  expect(reason).not.toContain(tmpdir());
});
