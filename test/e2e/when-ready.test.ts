import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const HOUR_MS = 60 * 60 * 1000;
// A Friday.
const START_MS = Date.parse('2026-11-27T10:00:00Z');

/** Over an hour ahead the token that the app keeps is too old, as it would be renewed by then. */
async function goTo(nowMs: number) {
  await setting.world.stopApp();
  setting.world.sandbox.clock.set(nowMs);
  await setting.world.startApp();
  await setting.world.settle();
}

async function start(gates: string) {
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(
        `  dev:\n  prod:\n    from: dev\n    open: when-ready\n    gates:\n${gates}`,
      ),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { isStarted: false },
  );
  await goTo(START_MS);
}

const plan = () => setting.world.outcomeOf('acme/gitops')!.plan;
const reasons = () => plan().notPromoted.map(({ reason }) => reason);

test('a pull request opens once soak and window have passed, and waits there for approval and checks', async () => {
  await start(
    '      - soak: 2h\n      - window: { allow: ["weekdays 09:00-17:00"], zone: UTC }\n      - approvals: 1\n      - checks: [e2e]\n',
  );
  setting.world.sandbox.clock.set(START_MS + HOUR_MS / 2);
  await setting.write(overlayPath('dev'), overlay('v2'));
  expect(await setting.promotions()).toEqual([]);
  expect(reasons()).toEqual([
    expect.stringContaining(
      'v2 is not ready for a pull request (soak: in dev since Fri 2026-11-27 10:30 UTC',
    ),
  ]);
  expect(plan().lookAgainMs).toBe(2 * HOUR_MS);

  await goTo(START_MS + 6 * HOUR_MS);
  expect((await setting.open('prod')).release).toBe('v2');
});

test('what is not ready when the window closes waits for the next one, and its clock went on meanwhile', async () => {
  await start('      - soak: 2h\n      - window: { allow: ["weekdays 09:00-17:00"], zone: UTC }\n');
  await goTo(START_MS + 6 * HOUR_MS);
  await setting.write(overlayPath('dev'), overlay('v2'));
  await goTo(START_MS + 8 * HOUR_MS);
  expect(await setting.promotions()).toEqual([]);
  expect(reasons()).toEqual([expect.stringContaining('(window: ')]);
  expect(plan().lookAgainMs).toBe(Date.parse('2026-11-30T09:00:00Z') - START_MS - 8 * HOUR_MS);
  await goTo(Date.parse('2026-11-30T09:00:00Z'));
  const { headSha } = await setting.open('prod');
  expect(await setting.check(headSha)).toMatchObject({ state: 'success', title: '2 of 2 gates passed' });
  // What is open stays open, and a newer release takes its place there.
  await setting.write(overlayPath('dev'), overlay('v3'));
  const updated = await setting.open('prod');
  expect(updated.release).toBe('v3');
  expect(await setting.check(updated.headSha)).toMatchObject({ title: 'Waiting: soak' });
});

test('`/promote` by a person who may opens it at once, and its gates go on waiting there', async () => {
  await start('      - manual\n      - soak: 2h\n');
  const { data: issue } = await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Ship it' });
  await setting.write(overlayPath('dev'), overlay('v2'));
  expect(reasons()).toEqual([
    expect.stringContaining('manual: somebody who may says `/promote checkout to prod`'),
  ]);
  await setting.comment('eve', issue.number, '/promote checkout to prod');
  expect(await setting.promotions()).toEqual([]);
  await setting.comment('dan', issue.number, '/promote checkout to prod');
  const { headSha } = await setting.open('prod');
  await setting.sweep();
  const check = await setting.check(headSha);
  expect(check).toMatchObject({ state: 'in_progress', title: 'Waiting: soak' });
  expect(check.summary).toContain('asked for by dan');
});

test('while GitHub does not tell what a gate needs, nothing opens, and it is asked again', async () => {
  await start('      - soak: 1s\n');
  const broken = setting.world.sandbox.faults.add({
    call: { path: /\/activity/ },
    times: Number.POSITIVE_INFINITY,
    effect: { kind: 'answer', status: 404 },
  });
  await setting.write(overlayPath('dev'), overlay('v2'));
  expect(await setting.promotions()).toEqual([]);
  expect(reasons()).toEqual([
    expect.stringContaining('the activity of the default branch could not be read'),
  ]);
  expect(plan().lookAgainMs).toBe(60_000);
  broken.remove();
  await goTo(START_MS + 60_000);
  expect((await setting.open('prod')).release).toBe('v2');
});
