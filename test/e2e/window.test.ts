import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const WINDOW =
  "      - window: { allow: ['weekdays 09:00-17:00'], block: ['2026-11-30'], zone: Europe/Berlin }\n";

const MINUTE_MS = 60_000;

/** Clocks do not go on by themselves: only the test moves them. */
async function start(nowMs: number, autoMerge: boolean) {
  const environments = `  dev:\n  prod:\n    from: dev\n    auto-merge: ${autoMerge}\n    gates:\n${WINDOW}`;
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(environments),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { isStarted: false },
  );
  setting.world.sandbox.clock.set(nowMs);
  await setting.world.startApp();
  await setting.world.settle();
}

test('a promotion waits for its window, says when it opens, and merges by itself once it is open', async () => {
  const opensMs = Date.parse('2026-12-01T08:00:00Z');
  await start(opensMs - 30 * MINUTE_MS, true);
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { headSha } = await setting.open('prod');
  const closed = await setting.check(headSha);
  expect(closed).toMatchObject({ state: 'in_progress', title: 'Waiting: window' });
  expect(closed.summary).toContain('opens Tue 2026-12-01 09:00 Europe/Berlin');
  expect(setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs).toBe(30 * MINUTE_MS);

  setting.world.sandbox.clock.set(opensMs - MINUTE_MS);
  await setting.sweep();
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v1');

  setting.world.sandbox.clock.set(opensMs);
  await setting.sweep();
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v2');
});

test('a window that opened while the app was away is not missed', async () => {
  await start(Date.parse('2026-11-27T16:30:00Z'), true);
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { headSha } = await setting.open('prod');
  expect((await setting.check(headSha)).summary).toContain('opens Tue 2026-12-01 09:00 Europe/Berlin');
  await setting.world.stopApp();
  // The Monday is blocked.
  for (const [now, tag] of [
    ['2026-11-30T10:00:00Z', 'v1'],
    ['2026-12-01T10:00:00Z', 'v2'],
  ] as const) {
    setting.world.sandbox.clock.set(Date.parse(now));
    await setting.world.startApp();
    await setting.world.settle();
    expect(await setting.read(overlayPath('prod'))).toContain(`newTag: ${tag}`);
    await setting.world.stopApp();
  }
});

test('a window that closes takes its green check back', async () => {
  await start(Date.parse('2026-11-27T15:30:00Z'), false);
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { headSha } = await setting.open('prod');
  const open = await setting.check(headSha);
  expect(open).toMatchObject({ state: 'success' });
  expect(open.summary).toContain('open until Fri 2026-11-27 17:00 Europe/Berlin');
  setting.world.sandbox.clock.set(Date.parse('2026-11-27T16:00:00Z'));
  await setting.sweep();
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: window' });
});
