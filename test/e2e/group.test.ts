import { afterEach, describe, expect, test } from '@jest/globals';
import { runGit } from '../../src/cli/demo/verify.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;
let calls: string[] = [];
/** Conclusions of `sluice/gates` as they were written. */
let written: unknown[] = [];

afterEach(async () => setting.world.stop());

const MINUTE_MS = 60_000;
const APPLICATIONS = ['checkout', 'payments', 'ledger'];

function files(prod: string, more = ''): Record<string, string> {
  const held = ['dev', 'prod'].flatMap((environment) =>
    APPLICATIONS.map((application) => [
      overlayPath(environment, application),
      overlay('v1', environment === 'prod' ? 3 : 1, application),
    ]),
  );
  const own = config(`  dev:\n  prod:\n    from: dev\n    group: all\n${prod}`, more);
  return { '.github/sluice.yml': own, ...Object.fromEntries(held) };
}

async function start(prod: string, more = ''): Promise<void> {
  calls = [];
  written = [];
  const beforeCall = (call: { method: string; url: string; name?: unknown; conclusion?: unknown }) => {
    calls.push(`${call.method} ${decodeURIComponent(new URL(call.url, 'https://x').pathname)}`);
    if (call.url.includes('/check-runs') && call.method !== 'GET' && call.name === 'sluice/gates')
      written.push(call.conclusion ?? 'in_progress');
  };
  setting = await makeSetting(files(prod, more), { beforeCall });
}

/** Releases come to dev in one push, or one after the other by different people. */
async function release(application: string, tag: string, login = 'dan'): Promise<void> {
  await setting.write(overlayPath('dev', application), overlay(tag, 1, application), login);
}

async function openPulls() {
  const { data } = await setting.as('ann').rest.pulls.list({ ...setting.repo, state: 'open' });
  return data.map(({ number, title, body, head }) => ({
    number,
    title,
    body: body ?? '',
    branch: head.ref,
    sha: head.sha,
  }));
}

async function onlyPull() {
  const open = await openPulls();
  expect(open).toHaveLength(1);
  return open[0]!;
}

const status = (sha: string, state: 'success' | 'failure') =>
  setting.as('ann').rest.repos.createCommitStatus({ ...setting.repo, sha, state, context: 'smoke' });

const held = async (application: string) =>
  /newTag: (\S+)/.exec((await setting.read(overlayPath('prod', application))) ?? '')?.[1];

test('several applications come in one pull request, which says what each brings and changes nothing else', async () => {
  await start('    gates: [{ approvals: 1 }]\n');
  await release('checkout', 'v2', 'dan');
  await release('payments', 'v5', 'sam');
  const pull = await onlyPull();
  expect(pull).toMatchObject({
    branch: 'sluice/+group-all/prod',
    title: 'Promote 2 applications to prod: checkout v2, payments v5',
  });
  expect(pull.body).toContain('Promotes **checkout** `v2` from **dev** to **prod**');
  expect(pull.body).toContain('| payments | image `ghcr.io/acme/payments` | `v1` | `v5` |');
  const comments = await setting.comments(pull.number);
  expect(comments.join()).toContain('**payments** `v5` joins');
  // Dan wrote one of the changes, and can speak for the other alone.
  await setting.approve('dan', pull.number);
  const waiting = await setting.check(pull.sha);
  expect(waiting).toMatchObject({ state: 'in_progress', title: 'Waiting: approvals of checkout' });
  expect(waiting.summary).toMatch(/approvals of payments \| ✅/);
  await setting.approve('sue', pull.number);
  expect(await setting.check(pull.sha)).toMatchObject({ state: 'success' });
  await setting.merge('sue', pull.number);
  expect(await setting.read(overlayPath('prod', 'payments'))).toBe(overlay('v5', 3, 'payments'));
  expect(await setting.read(overlayPath('prod', 'checkout'))).toBe(overlay('v2', 3, 'checkout'));
  expect(await held('ledger')).toBe('v1');
  expect(await openPulls()).toEqual([]);
  const message = await runGit(setting.gitops.gitDir, ['log', '-1', '--format=%(trailers)', 'main']);
  expect(message).toMatch(
    /^Sluice-Group: all\nSluice-To: prod\nSluice-Fingerprint: \w+\nSluice-Application: checkout\nSluice-From: dev[\s\S]*Sluice-Application: payments\n/,
  );
});

test('a member that is held does not go with the others, and is back when the hold ends', async () => {
  await start('    gates: [manual]\n');
  await release('checkout', 'v2');
  await release('payments', 'v5');
  const { number } = await onlyPull();
  await setting.comment('sam', number, '/hold payments prod the ledger is being moved');
  expect((await onlyPull()).title).toBe('Promote checkout v2 to prod');
  expect((await setting.comments(number)).join('\n')).toMatch(/\*\*payments\*\* `v5` leaves: sam holds/);
  await setting.comment('sam', number, '/resume payments prod');
  expect((await onlyPull()).title).toBe('Promote 2 applications to prod: checkout v2, payments v5');
  await setting.comment('ann', number, '/freeze prod until 2d nobody is here');
  const frozen = await onlyPull();
  expect(frozen.title).toBe('Promote 2 applications to prod: checkout v2, payments v5');
  expect((await setting.check(frozen.sha)).title).toContain('Waiting: hold');
});

test('with open: when-ready a member joins when it is ready, and time alone brings it', async () => {
  await start('    open: when-ready\n    gates: [{ soak: 30m }]\n');
  await release('checkout', 'v2');
  expect(await openPulls()).toEqual([]);
  setting.world.sandbox.clock.advance(20 * MINUTE_MS);
  await release('payments', 'v5');
  setting.world.sandbox.clock.advance(11 * MINUTE_MS);
  await setting.sweep();
  expect((await onlyPull()).title).toBe('Promote checkout v2 to prod');
  const outcome = setting.world.outcomeOf('acme/gitops');
  expect(outcome?.plan.notPromoted).toMatchObject([
    { application: 'payments', reason: expect.stringContaining('v5 is not ready for a pull request (soak:') },
  ]);
  expect(outcome?.plan.lookAgainMs).toBeLessThanOrEqual(19 * MINUTE_MS);
  expect(outcome?.plan.lookAgainMs).toBeGreaterThan(15 * MINUTE_MS);
  setting.world.sandbox.clock.advance(19 * MINUTE_MS);
  await setting.sweep();
  expect((await onlyPull()).title).toBe('Promote 2 applications to prod: checkout v2, payments v5');
});

test('a hold that ends by itself wakes the group that goes on without its member', async () => {
  await start('    gates: [manual]\n');
  await release('checkout', 'v2');
  await release('payments', 'v5');
  const { number } = await onlyPull();
  await setting.comment('sam', number, '/hold payments prod until 30m not now');
  expect((await onlyPull()).title).toBe('Promote checkout v2 to prod');
  const wait = setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs;
  expect(wait).toBeLessThanOrEqual(30 * MINUTE_MS);
  expect(wait).toBeGreaterThan(25 * MINUTE_MS);
});

test('approvals of the head before do not make the next one green, not for a moment', async () => {
  await start('    gates: [{ approvals: 1 }]\n');
  await release('checkout', 'v2');
  await release('payments', 'v5');
  await release('ledger', 'v7');
  const { number, sha: before } = await onlyPull();
  await setting.approve('sue', number);
  expect((await setting.check(before)).state).toBe('success');
  written = [];
  await setting.comment('sam', number, '/hold ledger prod not today');
  const { sha } = await onlyPull();
  expect(sha).not.toBe(before);
  const { data } = await setting.as('ann').rest.checks.listForRef({
    ...setting.repo,
    ref: sha,
    check_name: 'sluice/gates',
  });
  expect(written.length).toBeGreaterThan(0);
  expect(written).not.toContain('success');
  const trace = data.check_runs[0]?.output.text ?? '';
  expect(JSON.parse(/```json\n([\s\S]*?)\n```/.exec(trace)?.[1] ?? '')).toMatchObject({
    head: sha,
    group: 'all',
    members: [
      { application: 'checkout', release: 'v2' },
      { application: 'payments', release: 'v5' },
    ],
    gates: [
      { application: 'checkout', kind: 'approvals', state: 'waiting' },
      { application: 'payments', kind: 'approvals', state: 'waiting' },
    ],
  });
});

describe('a member whose gate fails', () => {
  const CHECKED = '    auto-merge: true\n    gates: [{ checks: { on: source, names: [smoke] } }]\n';

  test('leaves with a comment, the others go on, and a newer release of it comes back', async () => {
    await start(CHECKED);
    await release('checkout', 'v2');
    const checkout = (await runGit(setting.gitops.gitDir, ['rev-parse', 'main'])).trim();
    await release('payments', 'v5');
    const payments = (await runGit(setting.gitops.gitDir, ['rev-parse', 'main'])).trim();
    const together = await onlyPull();
    await status(payments, 'failure');
    await setting.settle();
    const alone = await onlyPull();
    expect(alone.number).toBe(together.number);
    expect(alone.title).toBe('Promote checkout v2 to prod');
    expect((await setting.comments(alone.number)).join('\n')).toMatch(
      /\*\*payments\*\* `v5` leaves: the gate checks on source failed/,
    );
    await status(checkout, 'success');
    await setting.settle();
    expect(await held('checkout')).toBe('v2');
    expect(await held('payments')).toBe('v1');
    // What was left behind goes on by itself, where its gate keeps it.
    const next = await onlyPull();
    expect(next.title).toBe('Promote payments v5 to prod');
    expect((await setting.check(next.sha)).state).toBe('failure');
    await release('payments', 'v6');
    await status((await runGit(setting.gitops.gitDir, ['rev-parse', 'main'])).trim(), 'success');
    await setting.settle();
    expect(await held('payments')).toBe('v6');
  });

  test('stays away though its gate passes now, until somebody asks for it', async () => {
    await start(CHECKED);
    await release('checkout', 'v2');
    await release('payments', 'v5');
    const payments = (await runGit(setting.gitops.gitDir, ['rev-parse', 'main'])).trim();
    const { number } = await onlyPull();
    await status(payments, 'failure');
    await setting.settle();
    await status(payments, 'success');
    await setting.settle();
    expect((await onlyPull()).title).toBe('Promote checkout v2 to prod');
    await setting.comment('sam', number, '/promote payments to prod');
    expect((await onlyPull()).title).toBe('Promote 2 applications to prod: checkout v2, payments v5');
  });

  test('stays when all of them fail', async () => {
    await start(CHECKED);
    await release('checkout', 'v2');
    await status((await runGit(setting.gitops.gitDir, ['rev-parse', 'main'])).trim(), 'failure');
    await setting.settle();
    const pull = await onlyPull();
    expect(pull.title).toBe('Promote checkout v2 to prod');
    expect((await setting.check(pull.sha)).state).toBe('failure');
  });
});

test('each member has the gates that overrides give it, and one that waits keeps the others waiting', async () => {
  await start(
    '    auto-merge: true\n',
    'overrides:\n  - { applications: payments, environments: prod, add-gates: [manual] }\n',
  );
  const resume = setting.muteWebhooks();
  await release('checkout', 'v2');
  await release('payments', 'v5');
  resume();
  await setting.sweep();
  const pull = await onlyPull();
  expect((await setting.check(pull.sha)).title).toBe('Waiting: manual of payments');
  await setting.comment('sam', pull.number, '/promote');
  expect([await held('checkout'), await held('payments')]).toEqual(['v2', 'v5']);
});

test('a closed pull request keeps its releases out; a newer one of a member comes alone', async () => {
  await start('    gates: [manual]\n');
  await release('checkout', 'v2');
  await release('payments', 'v5');
  const { number } = await onlyPull();
  await setting.as('ann').rest.pulls.update({ ...setting.repo, pull_number: number, state: 'closed' });
  await setting.settle();
  await setting.sweep();
  expect(await openPulls()).toEqual([]);
  await release('checkout', 'v3');
  expect((await onlyPull()).title).toBe('Promote checkout v3 to prod');
  // Whoever wants one of the others all the same asks for it.
  await setting.comment('sam', number, '/promote payments to prod');
  expect((await onlyPull()).title).toBe('Promote 2 applications to prod: checkout v3, payments v5');
});

test('a member that its environment holds already leaves, and with the last one the pull request is closed', async () => {
  await start('    gates: [manual]\n');
  await release('checkout', 'v2');
  await release('payments', 'v5');
  const { number, branch } = await onlyPull();
  await setting.write(overlayPath('prod', 'payments'), overlay('v5', 3, 'payments'), 'ann');
  expect((await onlyPull()).title).toBe('Promote checkout v2 to prod');
  expect((await setting.comments(number)).join('\n')).toContain('**payments** `v5` leaves');
  await setting.write(overlayPath('prod', 'checkout'), overlay('v2', 3), 'ann');
  expect(await openPulls()).toEqual([]);
  expect(await setting.read('README.md', branch).catch(() => 'no such branch')).toBe('no such branch');
  await release('checkout', 'v4');
  expect((await onlyPull()).title).toBe('Promote checkout v4 to prod');
});

test('a pull request that the config takes the place of is closed, and nobody decided against its release', async () => {
  const grouped = files('    gates: [manual]\n')['.github/sluice.yml']!;
  const alone = grouped.replace('    group: all\n', '');
  await start('    gates: [manual]\n');
  await release('checkout', 'v2');
  const { number } = await onlyPull();
  await setting.write('.github/sluice.yml', alone);
  expect((await onlyPull()).branch).toBe('sluice/checkout/prod');
  const { data } = await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: number });
  expect(data.body).toContain('**Closed by Sluice**: by the config, other pull requests carry this now');
  await setting.write('.github/sluice.yml', grouped);
  expect(await onlyPull()).toMatchObject({
    branch: 'sluice/+group-all/prod',
    title: 'Promote checkout v2 to prod',
  });
});

test('a commit by a person on the branch of a group is left alone, and nothing passes with it', async () => {
  await start('    auto-merge: true\n    gates: [manual]\n');
  await release('checkout', 'v2');
  await release('payments', 'v5');
  const pull = await onlyPull();
  const path = overlayPath('prod', 'ledger');
  const { data } = await setting.as('dan').rest.repos.getContent({ ...setting.repo, path, ref: pull.branch });
  await setting.as('dan').rest.repos.createOrUpdateFileContents({
    ...setting.repo,
    path,
    branch: pull.branch,
    message: 'smuggle',
    sha: (data as { sha: string }).sha,
    content: Buffer.from(overlay('evil', 3, 'ledger')).toString('base64'),
  });
  await setting.settle();
  await setting.comment('sam', pull.number, '/promote');
  const now = await onlyPull();
  expect(now.sha).not.toBe(pull.sha);
  expect(await setting.check(now.sha)).toMatchObject({ state: 'failure', title: 'Failed: head' });
  expect(await held('ledger')).toBe('v1');
});

test('"Update branch" on the pull request of a group is taken for what it is', async () => {
  await start('    gates: [{ approvals: 1 }]\n');
  await release('checkout', 'v2');
  await release('payments', 'v5');
  const pull = await onlyPull();
  await setting.write('README.md', 'something else\n');
  await setting.as('sue').rest.pulls.updateBranch({ ...setting.repo, pull_number: pull.number });
  await setting.settle();
  const updated = await onlyPull();
  expect(updated.sha).not.toBe(pull.sha);
  await setting.approve('sam', pull.number);
  expect(await setting.check((await onlyPull()).sha)).toMatchObject({ state: 'success' });
});

test('named groups are pull requests of their own; who is in none goes alone', async () => {
  await start('');
  await setting.write(
    '.github/sluice.yml',
    files('')['.github/sluice.yml']!.replace('group: all', 'group: { train: [check*, ledger] }'),
  );
  const resume = setting.muteWebhooks();
  for (const application of APPLICATIONS) await release(application, 'v7');
  resume();
  await setting.sweep();
  const branches = (await openPulls()).map(({ branch, title }) => [branch, title]);
  expect(branches.sort()).toEqual([
    ['sluice/+group-train/prod', 'Promote 2 applications to prod: checkout v7, ledger v7'],
    ['sluice/payments/prod', 'Promote payments v7 to prod'],
  ]);
});

test('one pull request for three applications takes the writes that it takes for one', async () => {
  await start('    gates: [{ approvals: 1 }]\n');
  const resume = setting.muteWebhooks();
  for (const application of APPLICATIONS) await release(application, 'v7');
  calls = [];
  await setting.sweep();
  const writes = calls
    .filter((call) => !call.startsWith('GET'))
    .map((call) => call.split('/').slice(4).join('/'));
  expect(writes).toEqual([
    'git/trees',
    'git/commits',
    'git/refs',
    'check-runs',
    'pulls',
    'issues/{issue_number}/labels',
  ]);
  calls = [];
  await setting.sweep();
  const ofHead = calls.filter((call) => /check-runs$|reviews$/.test(call) && call.startsWith('GET'));
  expect(ofHead).toHaveLength(2);
  resume();
});
