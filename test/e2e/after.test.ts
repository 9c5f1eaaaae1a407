import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

async function start(after: string) {
  const gates = `    auto-merge: true\n    gates:\n      - after: ${after}\n`;
  setting = await makeSetting({
    '.github/sluice.yml': config(`  dev:\n  prod:\n    from: dev\n${gates}`),
    [overlayPath('dev')]: overlay('v1.0.0'),
    [overlayPath('prod')]: overlay('v1.0.0', 3),
    [overlayPath('dev', 'cart')]: overlay('v1.3.0', 1, 'cart'),
    [overlayPath('prod', 'cart')]: overlay('v1.3.0', 3, 'cart'),
  });
}

test('an application waits for the one that goes first, and follows it by itself', async () => {
  await start('cart');
  const listen = setting.muteWebhooks();
  await setting.write(overlayPath('dev'), overlay('v2.0.0'));
  await setting.write(overlayPath('dev', 'cart'), overlay('v1.4.0', 1, 'cart'));
  listen();
  await setting.sweep();
  const { data } = await setting.as('ann').rest.repos.listCommits({ ...setting.repo, per_page: 2 });
  const [last, first] = data.map(({ commit }) => commit.message.split('\n')[0]);
  expect(first).toMatch(/^Promote cart v1\.4\.0 to prod/);
  expect(last).toMatch(/^Promote checkout v2\.0\.0 to prod/);
});

test('it waits for a version of another application, and says which', async () => {
  await start("{ application: cart, version: '>=1.4' }");
  await setting.write(overlayPath('dev'), overlay('v2.0.0'));
  const { headSha } = await setting.open('prod');
  const check = await setting.check(headSha);
  expect(check.title).toBe('Waiting: after');
  expect(check.summary).toContain('cart in prod holds `v1.3.0`, and must hold `>=1.4`');
  await setting.write(overlayPath('dev', 'cart'), overlay('v1.4.0', 1, 'cart'));
  expect(await setting.read(overlayPath('prod'))).toContain('v2.0.0');
});
