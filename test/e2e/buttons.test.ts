import { afterEach, expect, test } from '@jest/globals';
import { emitRun } from '../../src/sandbox/check-run-events.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

/** A promotion of v2 to prod whose check `ci/smoke` has failed. */
async function start(more = '') {
  setting = await makeSetting({
    '.github/sluice.yml': config(
      `  dev:\n  prod:\n    from: dev\n    auto-merge: true\n    gates:\n      - checks: [ci/smoke]\n${more}`,
    ),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  await setting.write(overlayPath('dev'), overlay('v2'));
  const promotion = await setting.open('prod');
  await report('failure', promotion.headSha);
  return promotion;
}

async function report(state: 'success' | 'failure', sha: string) {
  await setting.as('ann').rest.repos.createCommitStatus({ ...setting.repo, sha, state, context: 'ci/smoke' });
  await setting.settle();
}

const prodTag = async () => /newTag: (\S+)/.exec((await setting.read(overlayPath('prod'))) ?? '')?.[1];

/** Runs of a check on a head, newest first, with all that the sandbox knows of them. */
const runs = (name: string, sha: string) =>
  [...setting.gitops.checkRuns.values()]
    .filter((run) => run.name === name && run.headSha === sha)
    .toReversed();

async function press(login: string, identifier: string, checkRunId: number) {
  setting.world.sandbox.pressButton(setting.gitops, { checkRunId, identifier, login });
  await setting.settle();
}

const gatesOf = (sha: string) => runs('sluice/gates', sha)[0]!;

test('Re-evaluate looks anew for whoever may write, and says so once', async () => {
  const { pull, headSha } = await start();
  const { id, actions } = gatesOf(headSha);
  expect(actions.map(({ label }) => label)).toEqual(['Re-evaluate', 'Hold', 'Override']);
  const unmute = setting.muteWebhooks();
  await report('success', headSha);
  unmute();
  expect(await prodTag()).toBe('v1');
  await press('dan', 're-evaluate', id);
  expect(await prodTag()).toBe('v2');
  const said = (await setting.comments(pull)).filter((text) => text.includes('Re-evaluate'));
  expect(said).toEqual([expect.stringContaining('`dan` pressed **Re-evaluate**')]);
});

test('Override by an admin does what /override does, and pressed twice it is one override', async () => {
  const { pull, headSha } = await start();
  const { id, output } = gatesOf(headSha);
  expect(output.summary).toContain('the button **Override** or `/override checks REASON`');
  await press('ann', 'pass:checks', id);
  expect(await prodTag()).toBe('v2');
  await press('ann', 'pass:checks', id);
  expect(runs('sluice/override', headSha)).toHaveLength(1);
  const said = (await setting.comments(pull)).filter((text) => text.includes('overrode'));
  expect(said).toEqual([expect.stringContaining('`ann` overrode the gate `checks` for the head')]);
  expect(said[0]).toContain('`pressed Override on the check`');
  const last = gatesOf(headSha);
  expect(last).toMatchObject({ conclusion: 'success', actions: [{ label: 'Hold' }] });
  expect(last.output.summary).toContain('☑️ overridden | by ann: pressed Override on the check');
});

test('Hold stops it for whoever may, and Resume lets it go on', async () => {
  const { pull, headSha } = await start();
  await press('eve', 'hold', gatesOf(headSha).id).catch(() => undefined);
  expect(gatesOf(headSha).output.summary).not.toContain('hold');
  await press('sam', 'hold', gatesOf(headSha).id);
  const held = gatesOf(headSha);
  expect(held.output.summary).toMatch(/\| hold \| ⏳ waiting \| sam holds \*\*checkout\*\* in \*\*prod\*\*/);
  expect(held.actions.map(({ label }) => label)).toEqual(['Re-evaluate', 'Resume']);
  await report('success', headSha);
  expect(await prodTag()).toBe('v1');
  await report('failure', headSha);
  await press('dan', 'resume', gatesOf(headSha).id);
  await report('success', headSha);
  expect(await prodTag()).toBe('v2');
  const said = (await setting.comments(pull)).filter((text) => /holds|resumed/.test(text));
  expect(said).toEqual([
    expect.stringContaining(
      '`sam` holds **checkout** in **prod** until somebody resumes it: `pressed Hold on the check`',
    ),
    expect.stringContaining('`dan` resumed **checkout** in **prod**'),
  ]);
});

test('Override by somebody without the role is refused in words, once', async () => {
  const { pull, headSha } = await start();
  const { id } = gatesOf(headSha);
  await press('dan', 'pass:checks', id);
  await press('dan', 'pass:checks', id);
  expect(await prodTag()).toBe('v1');
  expect(runs('sluice/override', headSha)).toEqual([]);
  const said = (await setting.comments(pull)).filter((text) => text.includes('Override'));
  expect(said).toEqual([
    expect.stringContaining(
      '**Override** needs the role **admin** on this repository, and `dan` has **write**',
    ),
  ]);
});

test('a button of a head that was replaced does nothing', async () => {
  const { pull, headSha } = await start();
  const { id } = gatesOf(headSha);
  await setting.write(overlayPath('dev'), overlay('v3'));
  const moved = await setting.open('prod');
  await report('failure', moved.headSha);
  const before = await setting.comments(pull);
  await press('ann', 'pass:checks', id);
  expect(await prodTag()).toBe('v1');
  expect([...runs('sluice/override', headSha), ...runs('sluice/override', moved.headSha)]).toEqual([]);
  expect(await setting.comments(pull)).toEqual(before);
});

test('a delivery that claims a press counts for nothing by itself', async () => {
  const { pull, headSha } = await start();
  const before = await setting.comments(pull);
  const run = gatesOf(headSha);
  const { users } = setting.world.sandbox.state;
  const bot = [...users.values()].find(({ type }) => type === 'Bot')!;
  const deliver = (change: object, identifier: string, sender = users.get('ann')!) =>
    emitRun(
      setting.world.sandbox.context,
      setting.gitops,
      { ...run, ...change },
      'requested_action',
      sender,
      { requested_action: { identifier } },
    );
  deliver({}, 'pass:checks', bot);
  deliver({}, 'pass:checks', { ...bot, type: 'User' });
  deliver({ id: 1 }, 'pass:checks');
  deliver({ headSha: 'f'.repeat(40) }, 'pass:checks');
  deliver({}, 'pass:');
  await setting.settle();
  expect(runs('sluice/override', headSha)).toEqual([]);
  expect(await setting.comments(pull)).toEqual(before);
  expect(await prodTag()).toBe('v1');
  // The same way, what is true does count.
  deliver({}, 'pass:checks');
  await setting.settle();
  expect(await prodTag()).toBe('v2');
});

test('with several gates to override there is no button for it, and forbidden ones are not offered', async () => {
  const { headSha } = await start('      - soak: 24h\n');
  const { actions, output } = gatesOf(headSha);
  expect(actions.map(({ label }) => label)).toEqual(['Re-evaluate', 'Hold']);
  expect(output.summary).toContain(
    '`/override GATE REASON` lets one of these be passed by: `checks`, `soak`',
  );
  expect(output.summary).toMatch(/\| gate \| state \| why \| since \| next look \|/);
  expect(output.summary).toMatch(/\| \d{4}-\d\d-\d\dT\d\d:\d\dZ \| \d{4}-\d\d-\d\dT\d\d:\d\dZ \|/);
  expect(output.summary).toMatch(/Sluice looks again at \d{4}-\d\d-\d\dT\d\d:\d\dZ/);
});

test('the check of what merged tells by which config, commits, review and check', async () => {
  const { pull, headSha } = await start('      - approvals: 1\n');
  await setting.approve('dan', pull);
  await report('success', headSha);
  const tip = await setting.as('ann').rest.git.getRef({ ...setting.repo, ref: 'heads/main' });
  await setting.approve('sam', pull);
  expect(await prodTag()).toBe('v2');
  const { text } = gatesOf(headSha).output;
  const trace = JSON.parse(/```json\n([\s\S]*?)\n```/.exec(text ?? '')?.[1] ?? '');
  const config = await setting
    .as('ann')
    .rest.repos.getContent({ ...setting.repo, path: '.github/sluice.yml' });
  expect(trace).toMatchObject({
    head: headSha,
    application: 'checkout',
    from: ['dev'],
    to: 'prod',
    release: 'v2',
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    origin: tip.data.object.sha,
    defaultBranch: tip.data.object.sha,
    config: 'sha' in config.data ? config.data.sha : '',
  });
  expect(trace.gates).toMatchObject([
    {
      kind: 'checks',
      state: 'passed',
      facts: [{ name: 'ci/smoke', app: null, conclusion: 'success', on: headSha }],
    },
    {
      kind: 'approvals',
      state: 'passed',
      facts: [
        { reviewer: 'dan', head: headSha, counts: false, why: expect.stringContaining('author') },
        { reviewer: 'sam', head: headSha, counts: true, at: expect.stringMatching(/^\d{4}-/) },
      ],
    },
  ]);
});

test('a default branch that moves on for others leaves the check as it is', async () => {
  const { headSha } = await start();
  const { id, output } = gatesOf(headSha);
  const before = { id, text: output.text };
  await setting.write('README.md', 'Something else.\n');
  await setting.sweep();
  const now = gatesOf(headSha);
  expect({ id: now.id, text: now.output.text }).toEqual(before);
});
