import { afterEach, describe, expect, test } from '@jest/globals';
import { makeSetting, overlay, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const dispatches =
  'sources:\n  - application: checkout\n    repository: acme/checkout\n    on: dispatch\n    type: built\n    tag: "{payload.tag}"\n';

async function build(tag: string): Promise<void> {
  const repo = { owner: 'acme', repo: 'checkout' };
  await setting
    .as('dan')
    .rest.repos.createDispatchEvent({ ...repo, event_type: 'built', client_payload: { tag } });
  await setting.settle();
}

async function start(files: Record<string, string>): Promise<void> {
  setting = await makeSetting(files);
  const collaborators = { ann: 'admin', dan: 'write' } as const;
  const source = { owner: 'acme', name: 'checkout', files: { 'README.md': '# checkout\n' }, collaborators };
  await setting.world.sandbox.addRepository(source);
  await setting.settle();
}

const reasons = () => setting.world.outcomeOf('acme/gitops')!.plan.notPromoted.map(({ reason }) => reason);

describe('an environment in a folder of another one', () => {
  const environments =
    'environments:\n  dev:\n    path: apps/{app}\n    auto-merge: true\n  prod:\n    path: apps/{app}/prod\n    from: dev\n    gates: [manual]\n';

  test('is not moved when the outer one is', async () => {
    await start({
      '.github/sluice.yml': environments + dispatches,
      'apps/checkout/kustomization.yaml': overlay('v1'),
      'apps/checkout/prod/kustomization.yaml': overlay('v1', 5),
    });
    await build('v2');
    expect(await setting.read('apps/checkout/kustomization.yaml')).toBe(overlay('v2'));
    expect(await setting.read('apps/checkout/prod/kustomization.yaml')).toBe(overlay('v1', 5));
    expect((await setting.open('prod')).release).toBe('v2');
  });

  test('gets no new file from what the outer one is given', async () => {
    const places = environments.replace('  dev:', '  lab:\n    path: lab/{app}\n  dev:\n    from: lab');
    await start({
      '.github/sluice.yml': `${places}promote:\n  - files: "**/*.yaml"\n`,
      'lab/checkout/deployment.yaml': 'kind: Deployment\n',
      'lab/checkout/prod/extra.yaml': 'kind: Job\n',
      'apps/checkout/deployment.yaml': 'kind: Pod\n',
    });
    expect(await setting.promotions()).toEqual([]);
    expect(reasons()).toContain('`apps/checkout/prod/extra.yaml` would belong to checkout in prod');
  });
});

test('a file in the folder of a target is a part of it, whatever else the paths find', async () => {
  const text =
    'path: ["{env}/{app}", "{env}/{group}/{app}"]\nenvironments:\n  dev:\n  prod:\n    from: dev\npromote:\n  - images\n  - field: chart.version\n    file: values.yaml\n';
  const held = (name: string, tag: string, version: string) => [
    [`${name}/checkout/kustomization.yaml`, overlay(tag)],
    [`${name}/checkout/values.yaml`, `chart: { version: ${version} }\n`],
    [`${name}/team/cart/kustomization.yaml`, overlay('v1', 1, 'cart')],
  ];
  await start({
    '.github/sluice.yml': text,
    ...Object.fromEntries([...held('dev', 'v2', '2.0.0'), ...held('prod', 'v1', '1.0.0')]),
  });
  const { pull } = await setting.open('prod');
  const { data } = await setting.as('ann').rest.pulls.listFiles({ ...setting.repo, pull_number: pull });
  expect(data.map(({ filename }) => filename)).toEqual([
    'prod/checkout/kustomization.yaml',
    'prod/checkout/values.yaml',
  ]);
});

test('of places of one environment that lie one in another, the inner one is moved by its own promotion alone', async () => {
  const held = (name: string, tag: string) => [
    [`${name}/team/values.yaml`, `tag: ${tag}\n`],
    [`${name}/team/cart/values.yaml`, `tag: ${tag}\n`],
  ];
  await start({
    '.github/sluice.yml':
      'path: ["{env}/{app}", "{env}/{group}/{app}"]\nenvironments:\n  dev:\n  prod:\n    from: dev\npromote:\n  - field: tag\n    file: "**/*.yaml"\n',
    ...Object.fromEntries([...held('dev', 'v2'), ...held('prod', 'v1')]),
  });
  const files = async (application: string) => {
    const { pull } = await setting.open('prod', application);
    const { data } = await setting.as('ann').rest.pulls.listFiles({ ...setting.repo, pull_number: pull });
    return data.map(({ filename }) => filename);
  };
  expect(await files('team')).toEqual(['prod/team/values.yaml']);
  expect(await files('team/cart')).toEqual(['prod/team/cart/values.yaml']);
});

describe('a file that environments share', () => {
  const environments =
    'environments:\n  dev:\n    path: apps/{app}/values.yaml\n    auto-merge: true\n  prod:\n    path: apps/{app}/values.yaml\n    from: dev\n    gates: [manual]\n';
  const values = (dev: string, prod: string) => `tag: v1\ndev: { tag: ${dev} }\nprod: { tag: ${prod} }\n`;

  test('is moved field by field where the path names the environment', async () => {
    await start({
      '.github/sluice.yml': `${environments}promote:\n  - field: "{env}.tag"\n${dispatches}`,
      'apps/checkout/values.yaml': values('v1', 'v1'),
    });
    await build('v2');
    expect(await setting.read('apps/checkout/values.yaml')).toBe(values('v2', 'v1'));
    expect((await setting.open('prod')).release).toBe('v2');
  });

  test('is not moved where another environment follows it by an alias', async () => {
    const text = 'dev: &dev\n  tag: v1\nprod:\n  <<: *dev\n  replicas: 3\n';
    await start({
      '.github/sluice.yml': `${environments}promote:\n  - field: "{env}.tag"\n${dispatches}`,
      'apps/checkout/values.yaml': text,
    });
    await build('v2');
    expect(await setting.read('apps/checkout/values.yaml')).toBe(text);
    expect(reasons().join()).toContain('below the anchor &dev, and other places follow it');
  });

  test('is not moved at all where a value in it is everybody’s', async () => {
    await start({
      '.github/sluice.yml': `${environments}promote:\n  - field: "{env}.tag"\n  - field: tag\n${dispatches}`,
      'apps/checkout/values.yaml': values('v1', 'v1'),
    });
    await build('v2');
    expect(await setting.read('apps/checkout/values.yaml')).toBe(values('v1', 'v1'));
    expect(await setting.promotions()).toEqual([]);
    expect(reasons()[0]).toContain('`apps/checkout/values.yaml:1`: `tag` belongs to checkout in prod too');
  });
});
