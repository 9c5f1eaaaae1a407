import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const HOUR_MS = 60 * 60 * 1000;
const START_MS = Date.parse('2026-11-23T10:00:00Z');

/** Over an hour ahead the token that the app keeps is too old, as it would be renewed by then. */
async function goTo(nowMs: number) {
  await setting.world.stopApp();
  setting.world.sandbox.clock.set(nowMs);
  await setting.world.startApp();
  await setting.world.settle();
}

async function start(gates: string, more = '') {
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(
        `  dev:\n  prod:\n    from: dev\n    candidate: qualified\n${more}    gates:\n${gates}`,
      ),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { isStarted: false },
  );
  await goTo(START_MS);
}

/** Somebody moves dev at this hour after the start; nobody may be looking. */
async function release(tag: string, hour: number, login = 'dan') {
  await goTo(START_MS + hour * HOUR_MS);
  await setting.write(overlayPath('dev'), overlay(tag), login);
}

const prodTag = async () => /newTag: (\S+)/.exec((await setting.read(overlayPath('prod'))) ?? '')?.[1];
const plan = () => setting.world.outcomeOf('acme/gitops')!.plan;
const reasons = () => plan().notPromoted.map(({ reason }) => reason);
const tip = async () =>
  (await setting.as('ann').rest.git.getRef({ ...setting.repo, ref: 'heads/main' })).data.object.sha;

async function report(state: 'success' | 'failure', sha: string) {
  const context = 'argocd/dev/checkout';
  await setting.as('ann').rest.repos.createCommitStatus({ ...setting.repo, sha, state, context });
  await setting.settle();
}

test('what soaked overnight is promoted, though a newer release came in the morning', async () => {
  await start('      - soak: 12h\n      - approvals: 1\n');
  await release('v2', 1);
  expect(reasons()).toEqual([
    'v2 has not qualified in dev (soak: in dev since Mon 2026-11-23 11:00 UTC; 12h are over Mon 2026-11-23 23:00 UTC), and nothing before it has that prod could take',
  ]);
  expect(plan().lookAgainMs).toBe(12 * HOUR_MS);
  await release('v3', 4, 'sam');
  const origin = await tip();
  await release('v4', 22);
  expect((await setting.promotions()).map(({ release: each, isOpen }) => [each, isOpen])).toEqual([
    ['v3', true],
  ]);
  await setting.write(overlayPath('dev'), overlay('v5'));
  const open = await setting.open('prod');
  expect(open.release).toBe('v3');
  const check = await setting.check(open.headSha);
  expect(check).toMatchObject({ title: 'Waiting: approvals' });
  expect(check.summary).toContain(
    'in dev since Mon 2026-11-23 14:00 UTC until another release replaced it Tue 2026-11-24 08:00 UTC',
  );
  // Where it came from, and who may not approve it, are those of that release: dan wrote the newer ones.
  const { data: head } = await setting.as('ann').rest.git.getCommit({
    ...setting.repo,
    commit_sha: open.headSha,
  });
  expect(head.message).toContain(`Sluice-Origin: ${origin}`);
  await setting.approve('sam', open.pull);
  expect(await setting.check(open.headSha)).toMatchObject({ title: 'Waiting: approvals' });
  await setting.approve('dan', open.pull);
  expect(await setting.check(open.headSha)).toMatchObject({ state: 'success' });
  await setting.merge('ann', open.pull);
  expect(await prodTag()).toBe('v3');
  // Nothing older than what prod holds now ever comes.
  expect(reasons()).toEqual([expect.stringContaining('v5 has not qualified in dev')]);
  await goTo(START_MS + 34 * HOUR_MS);
  expect((await setting.open('prod')).release).toBe('v5');
});

test('a release that was taken back does not qualify, and the one that came back starts anew', async () => {
  await start('      - soak: 6h\n');
  // Nobody looks while the releases come and go.
  await setting.world.stopApp();
  for (const [hour, tag] of [
    [1, 'v2'],
    [2, 'v3'],
    [20, 'v2'],
    [21, 'v4'],
  ] as const) {
    setting.world.sandbox.clock.set(START_MS + hour * HOUR_MS);
    await setting.write(overlayPath('dev'), overlay(tag));
  }
  await goTo(START_MS + 21 * HOUR_MS);
  expect(await setting.promotions()).toEqual([]);
  expect(reasons()).toEqual([expect.stringContaining('v4 has not qualified in dev')]);
  await goTo(START_MS + 27 * HOUR_MS);
  expect((await setting.open('prod')).release).toBe('v4');
});

async function atHour(hour: number) {
  await goTo(START_MS + hour * HOUR_MS);
  return setting.open('prod');
}

test('a release must have been healthy for as long as it was there, and reports of later ones do not count', async () => {
  await start("      - health: { status: 'argocd/{from}/{app}', for: 2h }\n      - soak: 2h\n");
  await release('v2', 1);
  const good = await tip();
  await report('success', good);
  await release('v3', 4);
  const bad = await tip();
  await report('success', bad);
  await goTo(START_MS + 5 * HOUR_MS);
  expect((await setting.open('prod')).release).toBe('v2');
  await report('failure', bad);
  await release('v4', 8);
  // What is said of them later changes nothing.
  await report('failure', good);
  await report('success', bad);
  const open = await setting.open('prod');
  expect(open.release).toBe('v2');
  expect(await setting.check(open.headSha)).toMatchObject({ state: 'success', title: '2 of 2 gates passed' });
});

test('what turns unhealthy waits on its pull request, and no older release takes its place there', async () => {
  await start("      - health: { status: 'argocd/{from}/{app}' }\n      - soak: 2h\n");
  await release('v2', 1);
  await report('success', await tip());
  await release('v3', 4);
  const head = await tip();
  await report('success', head);
  await goTo(START_MS + 6 * HOUR_MS);
  const open = await setting.open('prod');
  expect(open.release).toBe('v3');
  await report('failure', head);
  expect(await setting.open('prod')).toMatchObject({ headSha: open.headSha });
  expect(await setting.check(open.headSha)).toMatchObject({ state: 'failure', title: 'Failed: health' });
  await report('success', head);
  expect(await setting.check(open.headSha)).toMatchObject({ state: 'success' });
});

test('`/promote` opens what has not qualified, its gates wait there, and an override lets it go on', async () => {
  await start('      - soak: 12h\n');
  await release('v2', 1);
  const { data: issue } = await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Fix it' });
  await setting.comment('eve', issue.number, '/promote checkout to prod');
  expect(await setting.promotions()).toEqual([]);
  await setting.comment('dan', issue.number, '/promote checkout to prod');
  const open = await setting.open('prod');
  await setting.sweep();
  expect(await setting.open('prod')).toMatchObject({ headSha: open.headSha, release: 'v2' });
  expect(await setting.check(open.headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: soak' });
  await setting.comment('ann', open.pull, '/override soak it mends the outage');
  expect(await setting.check(open.headSha)).toMatchObject({ state: 'success' });
});

test('while GitHub does not tell of the past, what is open stays as it is', async () => {
  await start('      - soak: 2h\n');
  await release('v2', 1);
  const { pull, headSha } = await atHour(4);
  const broken = setting.world.sandbox.faults.add({
    call: { path: /\/activity/ },
    times: Number.POSITIVE_INFINITY,
    effect: { kind: 'answer', status: 404 },
  });
  await setting.write(overlayPath('dev'), overlay('v3'));
  expect(await setting.open('prod')).toMatchObject({ pull, headSha, release: 'v2' });
  const check = await setting.check(headSha);
  expect(check.state).toBe('in_progress');
  expect(check.summary).toContain('the activity of the default branch could not be read');
  expect(plan().lookAgainMs).toBe(60_000);
  broken.remove();
  await setting.sweep();
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
});

test('the past is read once, and where nothing is due not at all', async () => {
  const calls: string[] = [];
  await start('      - soak: 12h\n');
  await setting.world.stopApp();
  for (const [hour, tag] of [
    [1, 'v2'],
    [20, 'v3'],
    [21, 'v4'],
    [22, 'v5'],
  ] as const) {
    setting.world.sandbox.clock.set(START_MS + hour * HOUR_MS);
    await setting.write(overlayPath('dev'), overlay(tag));
  }
  await setting.world.startApp(({ url }) => {
    calls.push(/(?:\{repo\}|gitops)(\/[^?]*)/.exec(url)?.[1]?.replace(/[0-9a-f]{40}/, 'SHA') ?? 'other');
  });
  await setting.world.settle();
  const { pull } = await setting.open('prod');
  expect(calls.filter((path) => path === '/commits').length).toBeLessThanOrEqual(5);
  expect(calls.filter((path) => path.startsWith('/compare')).length).toBe(0);
  const looking = async () => {
    calls.length = 0;
    await setting.sweep();
    return calls.filter((path) => path !== 'other');
  };
  await looking();
  expect(await looking()).toEqual([
    '/issues/comments',
    '/pulls',
    '/commits/{ref}',
    '/git/matching-refs/{ref}',
    '/activity',
    '/git/ref/{ref}',
    '/commits/SHA/check-runs',
    '/git/matching-refs/{ref}',
  ]);
  await setting.merge('ann', pull);
  await setting.write(overlayPath('prod'), overlay('v5', 3));
  await looking();
  expect(await looking()).toEqual([
    '/issues/comments',
    '/pulls',
    '/commits/{ref}',
    '/git/matching-refs/{ref}',
  ]);
});

test('what a merge brings does not hide what the branch held meanwhile', async () => {
  await start('      - soak: 12h\n');
  await setting.world.stopApp();
  const octokit = setting.as('dan');
  const at = (hour: number) => setting.world.sandbox.clock.set(START_MS + hour * HOUR_MS);
  at(1);
  await setting.write(overlayPath('dev'), overlay('v2'));
  // A pull request that forks here is merged after the branch went to v3 and back.
  await octokit.rest.git.createRef({ ...setting.repo, ref: 'refs/heads/v4', sha: await tip() });
  const { data: file } = await octokit.rest.repos.getContent({ ...setting.repo, path: overlayPath('dev') });
  await octokit.rest.repos.createOrUpdateFileContents({
    ...setting.repo,
    path: overlayPath('dev'),
    content: Buffer.from(overlay('v4')).toString('base64'),
    sha: 'sha' in file ? file.sha : '',
    branch: 'v4',
    message: 'Take v4',
  });
  const { data: pull } = await octokit.rest.pulls.create({
    ...setting.repo,
    title: 'Take v4',
    head: 'v4',
    base: 'main',
  });
  at(10);
  await setting.write(overlayPath('dev'), overlay('v3'));
  at(19);
  await setting.write(overlayPath('dev'), overlay('v2'));
  at(20);
  await octokit.rest.pulls.merge({ ...setting.repo, pull_number: pull.number, merge_method: 'merge' });
  await goTo(START_MS + 21 * HOUR_MS);
  expect(await prodTag()).toBe('v1');
  expect((await setting.promotions()).filter(({ isOpen }) => isOpen)).toEqual([]);
  expect(reasons()).toEqual([
    expect.stringContaining('v4 has not qualified in dev (soak: in dev since Tue 2026-11-24 06:00 UTC;'),
  ]);
  await goTo(START_MS + 32 * HOUR_MS);
  expect((await setting.open('prod')).release).toBe('v4');
});

test('a qualified release opens when the window does, if it is to wait for that', async () => {
  await start(
    '      - soak: 6h\n      - window: { allow: ["daily 09:00-17:00"], zone: UTC }\n',
    '    open: when-ready\n',
  );
  await release('v2', 1);
  await release('v3', 9);
  expect(await setting.promotions()).toEqual([]);
  expect(reasons()).toEqual([expect.stringContaining('v2 is not ready for a pull request (window: ')]);
  expect(plan().lookAgainMs).toBe(14 * HOUR_MS);
  // By then the newer one has qualified too.
  await goTo(START_MS + 23 * HOUR_MS);
  expect((await setting.open('prod')).release).toBe('v3');
});

test('while GitHub does not tell of the past, nobody leaves the pull request of a group for it', async () => {
  const terms = '    candidate: qualified\n    group: all\n    gates:\n      - soak: 2h\n';
  // Of payments nothing of the past has to be known.
  const others =
    'overrides:\n  - { applications: payments, environments: prod, candidate: current, gates: [checks: { names: [ci], on: source }] }\n';
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(`  dev:\n  prod:\n    from: dev\n${terms}`, others),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
      [overlayPath('dev', 'payments')]: overlay('v1', 1, 'payments'),
      [overlayPath('prod', 'payments')]: overlay('v1', 3, 'payments'),
    },
    { isStarted: false },
  );
  await goTo(START_MS);
  await release('v2', 1);
  await setting.write(overlayPath('dev', 'payments'), overlay('v2', 1, 'payments'));
  await goTo(START_MS + 4 * HOUR_MS);
  const openPull = async () => {
    const { data } = await setting.as('ann').rest.pulls.list({ ...setting.repo, state: 'open' });
    return data.map(({ number, head }) => ({ number, sha: head.sha }));
  };
  const before = await openPull();
  expect(before).toHaveLength(1);
  const { sha } = before[0]!;
  expect(await setting.check(sha)).toMatchObject({ title: 'Waiting: checks on source of payments' });
  const broken = setting.world.sandbox.faults.add({
    call: { path: /\/activity/ },
    times: Number.POSITIVE_INFINITY,
    effect: { kind: 'answer', status: 404 },
  });
  await setting.sweep();
  expect(await openPull()).toEqual(before);
  const check = await setting.check(sha);
  expect(check).toMatchObject({ state: 'in_progress', title: 'Waiting: release' });
  expect(check.summary).toContain('the activity of the default branch could not be read');
  broken.remove();
  await setting.sweep();
  expect(await openPull()).toEqual(before);
  expect(await setting.check(sha)).toMatchObject({ title: 'Waiting: checks on source of payments' });
});

test('what is older than what a person closed does not come in its place', async () => {
  await start("      - health: { status: 'argocd/{from}/{app}' }\n      - soak: 2h\n");
  await release('v2', 1);
  await report('success', await tip());
  await release('v3', 4);
  const head = await tip();
  await report('success', head);
  await goTo(START_MS + 7 * HOUR_MS);
  const { pull, release: shown } = await setting.open('prod');
  expect(shown).toBe('v3');
  await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
  await report('failure', head);
  expect((await setting.promotions()).filter(({ isOpen }) => isOpen)).toEqual([]);
  expect(reasons()).toEqual([
    `v2 is older than v3, which was closed in #${pull}; a newer release or \`/promote checkout to prod\` opens it again`,
  ]);
  await setting.comment('dan', pull, '/promote checkout to prod');
  expect((await setting.open('prod')).release).toBe('v2');
});

test('what left a group unhealthy is not followed by the release before it', async () => {
  const gates = "      - health: { status: 'argocd/{from}/{app}' }\n      - soak: 2h\n";
  const terms = `    candidate: qualified\n    group: all\n    gates:\n${gates}`;
  const others =
    'overrides:\n  - { applications: payments, environments: prod, candidate: current, gates: [manual] }\n';
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(`  dev:\n  prod:\n    from: dev\n${terms}`, others),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
      [overlayPath('dev', 'payments')]: overlay('v2', 1, 'payments'),
      [overlayPath('prod', 'payments')]: overlay('v1', 3, 'payments'),
    },
    { isStarted: false },
  );
  await goTo(START_MS);
  await release('v2', 1);
  await report('success', await tip());
  await release('v3', 4);
  const head = await tip();
  await report('success', head);
  await goTo(START_MS + 7 * HOUR_MS);
  const title = async () => {
    const { data } = await setting.as('ann').rest.pulls.list({ ...setting.repo, state: 'open' });
    return data.map((each) => each.title);
  };
  expect(await title()).toEqual(['Promote 2 applications to prod: checkout v3, payments v2']);
  await report('failure', head);
  await setting.sweep();
  expect(await title()).toEqual(['Promote payments v2 to prod']);
  expect(reasons()).toEqual([expect.stringContaining('v3 left #1 because a gate had failed')]);
});
