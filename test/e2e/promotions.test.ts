import { afterEach, describe, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const THREE = config('  dev:\n  staging:\n    from: dev\n  prod:\n    from: staging\n');

function files(releases: Record<string, string>, text = THREE): Record<string, string> {
  const overlays = Object.entries(releases).map(([environment, tag]) => [
    overlayPath(environment),
    overlay(tag),
  ]);
  return { '.github/sluice.yml': text, ...Object.fromEntries(overlays) };
}

describe('a promotion', () => {
  test('carries the release in its title, body, labels and trailers, and changes nothing but the value', async () => {
    setting = await makeSetting(files({ dev: 'v2', staging: 'v1', prod: 'v1' }));
    const promotion = await setting.open('staging');
    expect(promotion).toMatchObject({ application: 'checkout', from: 'dev', to: 'staging', release: 'v2' });
    expect(promotion.title).toBe('Promote checkout v2 to staging');
    const { data } = await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: promotion.pull });
    expect(data.head.ref).toBe('sluice/checkout/staging');
    expect(data.labels.map(({ name }) => name)).toEqual(['sluice']);
    expect(data.body).toContain('| checkout | image `ghcr.io/acme/checkout` | `v1` | `v2` |');
    expect(await setting.read(overlayPath('staging'), 'sluice/checkout/staging')).toBe(overlay('v2'));
    expect((await setting.check(promotion.headSha)).state).toBe('success');
  });

  test('keeps what a person changed in the same file meanwhile', async () => {
    setting = await makeSetting(files({ dev: 'v2', staging: 'v1', prod: 'v1' }));
    await setting.write(overlayPath('staging'), overlay('v1', 7));
    await setting.merge('ann', (await setting.open('staging')).pull);
    expect(await setting.read(overlayPath('staging'))).toBe(overlay('v2', 7));
  });

  test('leaves an application alone where it does not live', async () => {
    setting = await makeSetting({
      ...files({ dev: 'v2', prod: 'v1' }),
      [overlayPath('dev', 'cart')]: overlay('v5', 1, 'cart'),
      [overlayPath('staging', 'cart')]: overlay('v4', 1, 'cart'),
    });
    expect((await setting.promotions()).map(({ application, to }) => `${application} ${to}`)).toEqual([
      'cart staging',
    ]);
  });

  test('moves on with a newer release, says so, and takes back what the old head had', async () => {
    setting = await makeSetting(files({ dev: 'v2', staging: 'v1', prod: 'v1' }));
    const before = await setting.open('staging');
    await setting.write(overlayPath('dev'), overlay('v3'));
    const after = await setting.open('staging');
    expect(after.pull).toBe(before.pull);
    expect(after.title).toBe('Promote checkout v3 to staging');
    expect(after.headSha).not.toBe(before.headSha);
    expect((await setting.comments(after.pull)).join()).toContain('`v3` from dev replaces `v2`');
    await setting.merge('ann', after.pull);
    expect(await setting.read(overlayPath('staging'))).toBe(overlay('v3'));
  });

  test('stays closed once a person closed it, until there is a newer release', async () => {
    setting = await makeSetting(files({ dev: 'v2', staging: 'v1', prod: 'v1' }));
    const closed = await setting.open('staging');
    await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: closed.pull, state: 'closed' });
    await setting.settle();
    await setting.write('README.md', 'something else\n');
    expect((await setting.promotions()).filter(({ isOpen }) => isOpen)).toEqual([]);
    const reasons = setting.world.outcomeOf('acme/gitops')?.plan.notPromoted.map(({ reason }) => reason);
    expect(reasons?.join()).toContain(`closed in #${closed.pull}`);
    await setting.write(overlayPath('dev'), overlay('v3'));
    expect((await setting.open('staging')).release).toBe('v3');
  });

  test('is not repeated when a person takes a merged release back, until there is a newer one', async () => {
    const text = THREE.replace('    from: dev\n', '    from: dev\n    auto-merge: true\n');
    setting = await makeSetting(files({ dev: 'v2', staging: 'v1', prod: 'v1' }, text));
    expect(await setting.read(overlayPath('staging'))).toBe(overlay('v2'));
    await setting.write(overlayPath('staging'), overlay('v1'));
    expect(await setting.read(overlayPath('staging'))).toBe(overlay('v1'));
    const reasons = setting.world.outcomeOf('acme/gitops')?.plan.notPromoted.map(({ reason }) => reason);
    expect(reasons?.join()).toContain('was merged in #1 and has been taken back since');
    await setting.write(overlayPath('dev'), overlay('v3'));
    expect(await setting.read(overlayPath('staging'))).toBe(overlay('v3'));
  });

  test('is closed when the target holds the release already', async () => {
    setting = await makeSetting(files({ dev: 'v2', staging: 'v1', prod: 'v1' }));
    const obsolete = await setting.open('staging');
    await setting.write(overlayPath('staging'), overlay('v2'));
    const { data } = await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: obsolete.pull });
    expect(data).toMatchObject({ state: 'closed', merged: false });
    expect(data.body).toContain('Closed by Sluice');
    expect((await setting.open('prod')).release).toBe('v2');
  });

  test('never overwrites a commit that a person pushed to its branch, and lets nothing through with it', async () => {
    setting = await makeSetting(files({ dev: 'v2', staging: 'v1', prod: 'v1' }));
    const { pull } = await setting.open('staging');
    const branch = 'sluice/checkout/staging';
    const path = overlayPath('staging');
    const content = Buffer.from(overlay('v9')).toString('base64');
    const sdk = setting.as('dan').rest.repos;
    const { data } = await sdk.getContent({ ...setting.repo, path, ref: branch });
    const sha = Array.isArray(data) ? undefined : data.sha;
    await sdk.createOrUpdateFileContents({
      ...setting.repo,
      path,
      branch,
      content,
      sha,
      message: 'My own idea',
    });
    await setting.settle();
    await setting.write(overlayPath('dev'), overlay('v3'));
    const found = await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: pull });
    expect(await setting.read(path, branch)).toBe(overlay('v9'));
    const check = await setting.check(found.data.head.sha);
    expect(check.state).toBe('failure');
    expect(check.summary).toContain('is not what Sluice planned');
  });
});

describe('two promotions that touch the same file', () => {
  const shared = (eu: string, us: string) =>
    `dev:\n  tag: v2\nprod-eu:\n  tag: ${eu}\nprod-us:\n  tag: ${us}\n`;
  const env = (name: string, from = '') => `  ${name}:\n${from}    path: apps/{app}\n`;
  const text = `environments:\n${env('dev')}${env('prod-eu', '    from: dev\n')}${env('prod-us', '    from: dev\n')}promote:\n  - field: "{env}.tag"\n    file: values.yaml\n`;

  test('both arrive, though one conflicts once the other has merged', async () => {
    setting = await makeSetting({
      '.github/sluice.yml': text,
      'apps/checkout/values.yaml': shared('v1', 'v1'),
    });
    const [eu, us] = [await setting.open('prod-eu'), await setting.open('prod-us')];
    await setting.merge('ann', eu.pull);
    const again = await setting.open('prod-us');
    expect(again.pull).toBe(us.pull);
    await setting.merge('ann', again.pull);
    expect(await setting.read('apps/checkout/values.yaml')).toBe(shared('v2', 'v2'));
  });

  test('a conflict is resolved by making the promotion anew, keeping what the person wrote', async () => {
    setting = await makeSetting({
      '.github/sluice.yml': text,
      'apps/checkout/values.yaml': shared('v1', 'v1'),
    });
    const us = await setting.open('prod-us');
    await setting.write(
      'apps/checkout/values.yaml',
      shared('v1', 'v1').replace('prod-us:\n  tag: v1', 'prod-us:\n  # by hand\n  tag: v1 # keep'),
    );
    const again = await setting.open('prod-us');
    expect(again.headSha).not.toBe(us.headSha);
    await setting.merge('ann', again.pull);
    expect(await setting.read('apps/checkout/values.yaml')).toContain(
      'prod-us:\n  # by hand\n  tag: v2 # keep\n',
    );
  });
});

describe('whole files', () => {
  const text = `${config('  dev:\n  staging:\n    from: dev\n')}promote:\n  - files: "config/*.yaml"\n`;
  const at = (environment: string, name: string) => `apps/checkout/overlays/${environment}/config/${name}`;

  test('are added, changed, deleted and renamed; what no glob names stays', async () => {
    setting = await makeSetting({
      '.github/sluice.yml': text,
      [at('dev', 'changed.yaml')]: 'a: 2\n',
      [at('dev', 'renamed-to.yaml')]: 'b: 1\n',
      [at('staging', 'changed.yaml')]: 'a: 1\n',
      [at('staging', 'renamed-from.yaml')]: 'b: 1\n',
      [at('staging', 'deleted.yaml')]: 'c: 1\n',
      [at('staging', 'own.txt')]: 'stays\n',
    });
    await setting.merge('ann', (await setting.open('staging')).pull);
    expect(await setting.read(at('staging', 'changed.yaml'))).toBe('a: 2\n');
    expect(await setting.read(at('staging', 'renamed-to.yaml'))).toBe('b: 1\n');
    expect(await setting.read(at('staging', 'renamed-from.yaml'))).toBeNull();
    expect(await setting.read(at('staging', 'deleted.yaml'))).toBeNull();
    expect(await setting.read(at('staging', 'own.txt'))).toBe('stays\n');
  });
});

test('fan-in waits until all sources hold the release', async () => {
  const text = config(
    '  dev:\n  qa:\n    from: dev\n  perf:\n    from: dev\n  prod:\n    from: [qa, perf]\n',
  );
  setting = await makeSetting(files({ dev: 'v2', qa: 'v2', perf: 'v1', prod: 'v1' }, text));
  const tos = (await setting.promotions()).map(({ to }) => to);
  expect(tos).toEqual(['perf']);
  await setting.merge('ann', (await setting.open('perf')).pull);
  expect((await setting.open('prod')).from).toBe('qa, perf');
});

test('a crash between the branch and the pull request leaves nothing that the next start does not complete', async () => {
  let hasCrashed = () => {};
  const crashed = new Promise<void>((resolve) => {
    hasCrashed = resolve;
  });
  setting = await makeSetting(files({ dev: 'v2', staging: 'v1', prod: 'v1' }), { isStarted: false });
  await setting.world.startApp(({ method, url }) => {
    if (method !== 'POST' || !url.endsWith('/pulls')) return;
    hasCrashed();
    throw new Error('killed here');
  });
  await crashed;
  await setting.world.stopApp();
  expect(await setting.promotions()).toEqual([]);
  const orphan = await setting.read(overlayPath('staging'), 'sluice/checkout/staging');
  expect(orphan).toBe(overlay('v2'));
  await setting.world.startApp();
  await setting.settle();
  const promotion = await setting.open('staging');
  expect((await setting.check(promotion.headSha)).state).toBe('success');
});
