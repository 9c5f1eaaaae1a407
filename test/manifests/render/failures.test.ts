import { renderTarget } from '../../../src/manifests/render/render-target.ts';
import { CONFIG_MAP, fakeRenderer, realRenderer, reasonOf, render, repositoryOf } from './support.ts';

const HIDDEN = 'kustomize failed; its message is not shown since it may hold values of secrets';
const PATCH = String.raw`apiVersion: v1\nkind: Secret\nmetadata: {name: q}\nstringData: {p: hunter2}\n  x: y`;

test.each([
  ['a generated Secret', { 'app/kustomization.yaml': 'secretGenerator: [{name: x, literals: [hunter2]}]' }],
  [
    'a Secret of a generator',
    {
      'app/kustomization.yaml': 'generators: [g.yaml]',
      'app/g.yaml': 'apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: x}\nliterals: [hunter2]\n',
    },
  ],
  ['an inline patch of one', { 'app/kustomization.yaml': `patches: [{patch: "${PATCH}"}]` }],
])('what the program says of %s is not repeated', async (_, files) => {
  expect(await reasonOf(files, 'app')).toBe(HIDDEN);
});

test('what the program says is repeated where no Secret is', async () => {
  const files = { 'app/kustomization.yaml': 'configMapGenerator: [{name: x, literals: [settings]}]' };
  expect(await reasonOf(files, 'app')).toMatch(/says: .*settings/);
});

test('a path that no file system takes is a reason, not an error', async () => {
  const path = `app/${'x'.repeat(300)}.yaml`;
  const files = { 'app/kustomization.yaml': `resources: [${path.slice(4)}]`, [path]: CONFIG_MAP };
  expect(await render(files, 'app')).toEqual({
    ok: false,
    reason: 'its files could not be written (ENAMETOOLONG)',
    isTransient: false,
  });
});

test('a timeout, no memory and a blob that cannot be read may pass; an error of the build stays', async () => {
  const files = { 'app/kustomization.yaml': 'resources: []' };
  const isTransient = async (script: string) =>
    render(files, 'app', { renderer: await fakeRenderer(script), limits: { timeoutMs: 300 } });
  expect(await isTransient('while :; do :; done')).toMatchObject({ isTransient: true });
  expect(await isTransient('echo "fatal error: runtime: out of memory" >&2; exit 2')).toMatchObject({
    isTransient: true,
  });
  expect(await isTransient('echo "Error: no" >&2; exit 1')).toMatchObject({ isTransient: false });
  const index = { ...repositoryOf(files).index, readBlob: async () => null };
  expect(await renderTarget(await realRenderer(), index, { root: 'app' })).toMatchObject({
    reason: '`app/kustomization.yaml` could not be read',
    isTransient: true,
  });
});
