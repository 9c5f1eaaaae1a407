import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
spec:
  template:
    spec:
      containers:
        - name: checkout
          image: ghcr.io/acme/checkout
`;

const withBase = (tag: string) => `resources:\n  - ../../base\n${overlay(tag)}`;

async function start(base: Record<string, string>) {
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n    gates: [manual]\n'),
    ...base,
    [overlayPath('dev')]: withBase('v1'),
    [overlayPath('prod')]: withBase('v1'),
  });
  await setting.write(overlayPath('dev'), withBase('v2'), 'dan');
  return setting.open('prod');
}

const shown = async (sha: string) => {
  const query = { ...setting.repo, ref: sha, check_name: 'sluice/diff' };
  const { data } = await setting.as('ann').rest.checks.listForRef(query);
  return data.check_runs;
};

test('a promotion shows what it changes in the cluster, and follows its head', async () => {
  const { pull, headSha } = await start({
    'apps/checkout/base/kustomization.yaml': 'resources:\n  - deployment.yaml\n',
    'apps/checkout/base/deployment.yaml': deployment,
  });
  const [check] = await shown(headSha);
  expect(check).toMatchObject({ status: 'completed', conclusion: 'success' });
  for (const text of [check?.output.summary, (await setting.comments(pull)).at(-1)]) {
    expect(text).toContain('Deployment');
    expect(text).toContain('ghcr.io/acme/checkout:v2');
    expect(text).toMatch(/Rendered with `kustomize v/);
  }
  const before = setting.world.sandbox.calls.length;
  await setting.write('README.md', 'look again\n');
  expect(await shown(headSha)).toHaveLength(1);
  const written = setting.world.sandbox.calls.slice(before).filter(({ actor, method }) => {
    return actor.startsWith('installation') && method !== 'GET';
  });
  expect(written).toEqual([]);

  await setting.write(overlayPath('dev'), withBase('v3'), 'dan');
  const moved = await setting.open('prod');
  expect((await shown(moved.headSha))[0]?.output.summary).toContain('ghcr.io/acme/checkout:v3');
  const comments = await setting.comments(pull);
  expect(comments.filter((text) => text.includes('What changes in the cluster'))).toHaveLength(1);
  expect(comments.join()).toContain('ghcr.io/acme/checkout:v3');
});

test('what cannot be rendered is said, and holds up nothing', async () => {
  const { headSha } = await start({
    'apps/checkout/base/kustomization.yaml': 'resources:\n  - https://example.com/base?ref=v1\n',
  });
  expect((await shown(headSha))[0]?.output.summary).toContain('Not rendered');
  expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: manual' });
});
