import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const CONTEXT = 'argocd/staging/checkout';

const ENVIRONMENTS = `  staging:
  prod:
    from: staging
    auto-merge: true
    gates:
      - soak: 24h
      - health: { status: 'argocd/{from}/{app}' }
      - window: weekdays 09:00-17:00 Europe/Berlin
      - approvals: 2
`;

/** Over an hour ahead the token that the app keeps is too old, as it would be renewed by then. */
async function goTo(time: string) {
  await setting.world.stopApp();
  setting.world.sandbox.clock.set(Date.parse(time));
  await setting.world.startApp();
  await setting.world.settle();
}

async function report(state: 'success' | 'failure') {
  const octokit = setting.as('ann');
  const { data } = await octokit.rest.git.getRef({ ...setting.repo, ref: 'heads/main' });
  const sha = data.object.sha;
  await octokit.rest.repos.createCommitStatus({ ...setting.repo, sha, state, context: CONTEXT });
  await setting.settle();
}

/** The rows of the check's table, without their texts. */
async function gates() {
  const { headSha } = await setting.open('prod');
  const { title, summary } = await setting.check(headSha);
  const rows = [...summary.matchAll(/^\| (\w+) \| \S+ (\w+) \|/gm)].map(
    ([, gate, state]) => `${gate} ${state}`,
  );
  return { title, summary, rows };
}

test('a release on its way to production, with all that can hold it', async () => {
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(ENVIRONMENTS),
      [overlayPath('staging')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { isStarted: false },
  );
  await goTo('2026-11-26T10:00:00Z');
  await setting.write(overlayPath('staging'), overlay('v2'), 'dan');
  await report('success');
  const soaking = await gates();
  expect(soaking.title).toBe('Waiting: soak, approvals');
  expect(soaking.summary).toContain('1d are over Fri 2026-11-27 10:00 UTC');

  await goTo('2026-11-27T20:00:00Z');
  const closed = await gates();
  expect(closed.rows).toEqual(['soak passed', 'health passed', 'window waiting', 'approvals waiting']);
  expect(closed.summary).toContain('opens Mon 2026-11-30 09:00 Europe/Berlin');

  await goTo('2026-11-28T10:00:00Z');
  await report('failure');
  expect((await gates()).title).toBe('Failed: health');

  await setting.write(overlayPath('staging'), overlay('v3'), 'dan');
  const fixed = await gates();
  expect(fixed.rows).toEqual(['soak waiting', 'health waiting', 'window waiting', 'approvals waiting']);
  expect(fixed.summary).toContain('in staging since Sat 2026-11-28 10:00 UTC');
  await report('success');

  await goTo('2026-11-30T09:00:00Z');
  expect((await gates()).title).toBe('Waiting: approvals');
  const { pull } = await setting.open('prod');
  await setting.approve('sam', pull);
  expect((await gates()).summary).toContain('1 of 2 approvals');
  await setting.approve('dan', pull);
  const byAuthor = await gates();
  expect(byAuthor.title).toBe('Waiting: approvals');
  expect(byAuthor.summary).toContain("dan's does not count: author of the change");
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v1');

  await setting.comment('ann', pull, '/override approvals sue is on leave, and the fix is urgent');
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v3');
  const { headSha, merged } = (await setting.promotions()).find((each) => each.pull === pull)!;
  expect(merged).toBe(true);
  const last = await setting.check(headSha);
  expect(last).toMatchObject({ state: 'success', title: '4 of 4 gates passed, 1 by override' });
  expect(last.summary).toContain('by ann: sue is on leave, and the fix is urgent');
  expect((await setting.comments(pull)).join('\n')).toContain('`ann` overrode the gate `approvals`');
});
