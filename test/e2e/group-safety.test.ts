import { afterEach, describe, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const APPLICATIONS = ['checkout', 'payments', 'ledger'];

async function start(prod: string, more = ''): Promise<void> {
  const held = ['dev', 'prod'].flatMap((environment) =>
    APPLICATIONS.map((application) => [
      overlayPath(environment, application),
      overlay('v1', environment === 'prod' ? 3 : 1, application),
    ]),
  );
  const own = config(`  dev:\n  prod:\n    from: dev\n    group: all\n${prod}`, more);
  setting = await makeSetting({ '.github/sluice.yml': own, ...Object.fromEntries(held) });
}

/** A release comes to dev. */
async function release(application: string, tag: string, login = 'dan'): Promise<void> {
  await setting.write(overlayPath('dev', application), overlay(tag, 1, application), login);
}

async function onlyPull() {
  const { data } = await setting.as('ann').rest.pulls.list({ ...setting.repo, state: 'open' });
  expect(data).toHaveLength(1);
  const { number, title, head } = data[0]!;
  return { number, title, sha: head.sha };
}

const close = async (number: number) => {
  await setting.as('ann').rest.pulls.update({ ...setting.repo, pull_number: number, state: 'closed' });
  await setting.settle();
};

const held = async (application: string) =>
  /newTag: (\S+)/.exec((await setting.read(overlayPath('prod', application))) ?? '')?.[1];

describe('a head that was made anew is not green by what was said of the one before', () => {
  const only = (gates: string) =>
    `overrides:\n  - { applications: checkout, environments: prod, add-gates: [${gates}] }\n`;

  test('approvals of a member that stays', async () => {
    await start('', only('{ approvals: 1 }'));
    await release('checkout', 'v2');
    const { number, sha } = await onlyPull();
    await setting.approve('sue', number);
    expect((await setting.check(sha)).state).toBe('success');
    const resume = setting.muteWebhooks();
    await release('payments', 'v5');
    await setting.sweep();
    const now = await onlyPull();
    expect(now.title).toBe('Promote 2 applications to prod: checkout v2, payments v5');
    expect(await setting.check(now.sha)).toMatchObject({
      state: 'in_progress',
      title: 'Waiting: approvals of checkout',
    });
    resume();
  });

  test('an override, which is for one head', async () => {
    await start('', only('manual'));
    await release('checkout', 'v2');
    const { number, sha } = await onlyPull();
    await setting.comment('ann', number, '/override manual nobody is awake');
    expect((await setting.check(sha)).state).toBe('success');
    const resume = setting.muteWebhooks();
    await release('payments', 'v5');
    await setting.sweep();
    expect(await setting.check((await onlyPull()).sha)).toMatchObject({
      state: 'in_progress',
      title: 'Waiting: manual of checkout',
    });
    resume();
  });
});

test('/promote on a closed pull request is for those that were in it', async () => {
  await start('    auto-merge: true\n    gates: [manual]\n');
  await release('checkout', 'v2');
  const { number } = await onlyPull();
  await close(number);
  await release('payments', 'v5');
  expect((await onlyPull()).title).toBe('Promote payments v5 to prod');
  await setting.comment('sam', number, '/promote');
  const now = await onlyPull();
  expect(now.title).toBe('Promote 2 applications to prod: checkout v2, payments v5');
  expect((await setting.check(now.sha)).title).toBe('Waiting: manual of payments');
  expect([await held('checkout'), await held('payments')]).toEqual(['v1', 'v1']);
});

test('what a person closed stays out, however many pull requests of the group come and go', async () => {
  await start(
    '    auto-merge: true\n',
    'overrides:\n  - { applications: payments, environments: prod, add-gates: [manual] }\n',
  );
  await release('payments', 'v5');
  await close((await onlyPull()).number);
  for (let version = 2; version <= 12; version++) await release('checkout', `v${version}`);
  expect(await held('checkout')).toBe('v12');
  const { data } = await setting.as('ann').rest.pulls.list({ ...setting.repo, state: 'open' });
  expect(data.map(({ title }) => title)).toEqual([]);
});

test('a member that comes after another of its group does not keep that from going first', async () => {
  await start(
    '    auto-merge: true\n',
    'overrides:\n  - { applications: checkout, environments: prod, add-gates: [{ after: payments }] }\n',
  );
  const resume = setting.muteWebhooks();
  await release('checkout', 'v2');
  await release('payments', 'v5');
  resume();
  await setting.sweep();
  expect([await held('checkout'), await held('payments')]).toEqual(['v2', 'v5']);
});

describe('an application that cannot be read when it is to join', () => {
  test.each([
    ['after', 'checkout', 'payments'],
    ['before', 'payments', 'checkout'],
  ])(
    'leaves the pull request of the others as it is, also when its name stands %s theirs',
    async (_, first, joining) => {
      await start('    gates: [{ approvals: 1 }]\n');
      await release(first, 'v2');
      const { number, sha } = await onlyPull();
      await setting.approve('sue', number);
      const resume = setting.muteWebhooks();
      await release(joining, 'v5');
      const fault = setting.world.sandbox.faults.add({
        call: { method: 'GET', path: /gitops\/pulls$/ },
        effect: { kind: 'answer', status: 404, body: { message: 'Not Found' } },
        nth: 2,
        times: Number.POSITIVE_INFINITY,
      });
      await setting.sweep();
      expect(fault.fired).toBeGreaterThan(0);
      fault.remove();
      expect(await onlyPull()).toMatchObject({ title: `Promote ${first} v2 to prod`, sha });
      expect(await setting.check(sha)).toMatchObject({ state: 'success' });
      resume();
    },
  );
});

test('/promote said before a member joined is not for it, however late it is heard', async () => {
  await start('    gates: [manual]\n');
  await release('checkout', 'v2');
  const { number } = await onlyPull();
  const { sandbox } = setting.world;
  const lost = sandbox.faults.add({
    delivery: { event: 'issue_comment' },
    effect: { kind: 'answer', status: 502 },
    times: 1,
  });
  await setting.comment('sam', number, '/promote');
  expect(lost.fired).toBe(1);
  const said = sandbox.deliveries.findLast(({ event }) => event === 'issue_comment')!;
  await release('payments', 'v5');
  expect((await setting.check((await onlyPull()).sha)).title).toBe('Waiting: manual of payments');
  const resume = setting.muteWebhooks();
  await release('ledger', 'v7');
  resume();
  sandbox.context.redeliver(sandbox.state.apps.get(setting.world.appId)!, said);
  await setting.settle();
  const now = await onlyPull();
  expect(now.title).toContain('3 applications');
  expect((await setting.check(now.sha)).title).toBe('Waiting: manual of ledger, payments');
});

test('code owners approve for the applications whose files are theirs', async () => {
  await start('    gates: [{ approvals: { count: 1, from: [codeowners] } }]\n');
  await setting.write('.github/CODEOWNERS', '/apps/checkout/ @sam\n/apps/payments/ @dan\n', 'ann');
  await release('checkout', 'v2', 'dan');
  await release('payments', 'v5', 'sam');
  const { number, sha } = await onlyPull();
  await setting.approve('sam', number);
  expect((await setting.check(sha)).title).toBe('Waiting: approvals of payments');
  await setting.approve('dan', number);
  expect(await setting.check(sha)).toMatchObject({ state: 'success' });
});

test.each(['squash', 'merge', 'rebase'])(
  'who wrote what a group carried does not approve it in the next environment (%s)',
  async (method) => {
    const stages = ['dev', 'prod', 'live'];
    const held = stages.flatMap((stage) =>
      APPLICATIONS.map((each) => [overlayPath(stage, each), overlay('v1', 1, each)]),
    );
    const own = config(
      '  dev:\n  prod:\n    from: dev\n    group: all\n    auto-merge: true\n    gates: [manual]\n  live:\n    from: prod\n    gates: [{ approvals: 1 }]\n',
      `merge-method: ${method}\n`,
    );
    setting = await makeSetting({ '.github/sluice.yml': own, ...Object.fromEntries(held) });
    const resume = setting.muteWebhooks();
    await release('checkout', 'v2', 'dan');
    await release('payments', 'v5', 'sam');
    resume();
    await setting.sweep();
    await setting.comment('ann', (await onlyPull()).number, '/promote');
    const { pull: number, headSha } = await setting.open('live', 'payments');
    await setting.approve('sam', number);
    expect((await setting.check(headSha)).summary).toContain("sam's does not count: author of the change");
    await setting.approve('dan', number);
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  },
);

test.each(['git/refs', 'check-runs', 'pulls/1$', 'comments$'])(
  'when %s cannot be written, the next look completes the group, and those after it change nothing',
  async (path) => {
    await start('    gates: [manual]\n');
    await release('checkout', 'v2');
    const resume = setting.muteWebhooks();
    await release('payments', 'v5');
    const fault = setting.world.sandbox.faults.add({
      call: {
        method: path === 'check-runs' || path === 'comments$' ? 'POST' : 'PATCH',
        path: new RegExp(path),
      },
      effect: { kind: 'answer', status: 403, body: { message: 'no' } },
      times: 1,
    });
    await setting.sweep();
    expect(fault.fired).toBe(1);
    await setting.sweep();
    await setting.sweep();
    const { number, title, sha } = await onlyPull();
    expect(title).toBe('Promote 2 applications to prod: checkout v2, payments v5');
    expect((await setting.check(sha)).title).toBe('Waiting: manual');
    const comments = await setting.comments(number);
    await setting.sweep();
    expect((await onlyPull()).sha).toBe(sha);
    expect(await setting.comments(number)).toEqual(comments);
    expect(comments.length).toBeLessThanOrEqual(1);
    resume();
  },
);
