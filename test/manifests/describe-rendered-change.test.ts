import { describeRenderedChange } from '../../src/manifests/describe-rendered-change.ts';
import { type Content, fakeRenderer, realRenderer, repositoryOf } from './render/support.ts';

const BASE = {
  'apps/shop/base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'apps/shop/base/deployment.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {containers: [{name: shop, image: ghcr.io/acme/shop, envFrom: [{secretRef: {name: token}}]}]}}}\n',
};
const prod = (tag: string, token: string) => ({
  'apps/shop/prod/kustomization.yaml': `resources: [../base]\nimages: [{name: ghcr.io/acme/shop, newTag: ${tag}}]\nsecretGenerator: [{name: token, literals: [token=${token}]}]\n`,
});

async function describe(
  before: Record<string, Content>,
  after: Record<string, Content>,
  limitBytes = 60_000,
) {
  const { text } = await describeRenderedChange(await realRenderer(), {
    root: 'apps/shop/prod',
    before: repositoryOf(before).index,
    after: repositoryOf(after).index,
    limitBytes,
  });
  return text;
}

test('a promotion shows what will run, and that a secret changes without its value', async () => {
  const before = { ...BASE, ...prod('v1.4.1', 'hunter2') };
  const text = await describe(before, { ...BASE, ...prod('v1.4.2', 'swordfish') });
  expect(text).toBe(`In the cluster: 2 changed.

#### \`Deployment\` \`shop\` changes

\`\`\`diff
@@ spec.template.spec.containers[name=shop].image @@
-ghcr.io/acme/shop:v1.4.1
+ghcr.io/acme/shop:v1.4.2
\`\`\`

Is given the new \`Secret token\`.

#### \`Secret\` \`token\` changes

\`\`\`diff
@@ data.token @@
 changes, its value is not shown
\`\`\`

Rendered with \`${(await realRenderer()).version}\`.`);
});

test('a target that is new is added as a whole, one that goes is deleted', async () => {
  const there = { ...BASE, ...prod('v1', 'x') };
  expect(await describe(BASE, there)).toMatch(/^In the cluster: 2 added\./);
  expect(await describe(there, BASE)).toMatch(/^In the cluster: \*\*2 deleted\*\*\./);
});

test('why there is no view is said on one harmless line', async () => {
  const nasty = {
    'apps/shop/prod/kustomization.yaml': 'resources: ["https://example.com/@octocat`<b>`?ref=#1"]',
  };
  const text = await describe({ ...BASE, ...prod('v1', 'x') }, nasty);
  expect(text).toBe(
    'Not rendered with this change: `remote base https://example.com/@\u200boctocat"<b>"?ref=#1`.',
  );
});

test('the program counts towards the limit', async () => {
  const before = { ...BASE, ...prod('v1', 'x') };
  const text = await describe(before, { ...BASE, ...prod('v2', 'y') }, 260);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(260);
  expect(text).toMatch(/Rendered with/);
});

async function stateOf(script: string, files: Record<string, Content>): Promise<string> {
  const { index } = repositoryOf(files);
  const renderer = { ...(await fakeRenderer(script)), helm: { version: 'helm v4', program: '/opt/helm' } };
  const { state } = await describeRenderedChange(renderer, {
    root: 'apps/shop/prod',
    before: index,
    after: index,
    limitBytes: 60_000,
    limits: { timeoutMs: 500 },
  });
  return state;
}

test('what may pass is told apart from what stays', async () => {
  const files = { 'apps/shop/prod/kustomization.yaml': 'resources: []' };
  expect(await stateOf('echo "a: b"', files)).toBe('rendered');
  expect(await stateOf('echo "Error: no" >&2; exit 1', files)).toBe('not-rendered');
  expect(await stateOf('echo "fatal error: runtime: out of memory" >&2; exit 2', files)).toBe('transient');
});

test('a build that takes too long is transient', async () => {
  const files = { 'apps/shop/prod/kustomization.yaml': 'resources: []' };
  expect(await stateOf('while :; do :; done', files)).toBe('transient');
});

test('a chart with values for other places says that they are not used', async () => {
  const chart = {
    'apps/shop/prod/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'apps/shop/prod/values-eu.yaml': 'tag: v1\n',
  };
  const fake = await fakeRenderer('echo "a: b"');
  const { text } = await describeRenderedChange(
    { ...fake, helm: { version: 'helm v4', program: fake.command[0]! } },
    {
      root: 'apps/shop/prod',
      before: repositoryOf({}).index,
      after: repositoryOf(chart).index,
      limitBytes: 9_000,
    },
  );
  expect(text).toMatch(/Note: rendered with the chart's default values; other values files are not used\.$/);
});
