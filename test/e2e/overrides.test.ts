import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const OVERRIDES = `defaults:
  auto-merge: true
overrides:
  - { applications: payments-*, environments: prod, add-gates: [manual] }
`;
const PAYMENTS = 'payments-api';

test('one application waits for a person where the other one goes on by itself', async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n', OVERRIDES),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
    [overlayPath('dev', PAYMENTS)]: overlay('v1', 1, PAYMENTS),
    [overlayPath('prod', PAYMENTS)]: overlay('v1', 3, PAYMENTS),
  });
  await setting.write(overlayPath('dev'), overlay('v2'));
  await setting.write(overlayPath('dev', PAYMENTS), overlay('v2', 1, PAYMENTS));
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v2');

  const { pull, headSha } = await setting.open('prod', PAYMENTS);
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: manual' });
  expect(await setting.read(overlayPath('prod', PAYMENTS))).toContain('newTag: v1');

  await setting.comment('sam', pull, '/promote');
  expect(await setting.read(overlayPath('prod', PAYMENTS))).toContain('newTag: v2');
});

test('an override that is taken out lets what waited for it go on', async () => {
  const environments = '  dev:\n  prod:\n    from: dev\n';
  setting = await makeSetting({
    '.github/sluice.yml': config(environments, OVERRIDES),
    [overlayPath('dev', PAYMENTS)]: overlay('v2', 1, PAYMENTS),
    [overlayPath('prod', PAYMENTS)]: overlay('v1', 3, PAYMENTS),
  });
  await setting.sweep();
  const { headSha } = await setting.open('prod', PAYMENTS);
  expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: manual' });
  await setting.write('.github/sluice.yml', config(environments, 'defaults: { auto-merge: true }\n'));
  expect(await setting.read(overlayPath('prod', PAYMENTS))).toContain('newTag: v2');
});
