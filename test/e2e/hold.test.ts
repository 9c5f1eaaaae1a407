import { afterEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { Probot, ProbotOctokit } from 'probot';
import { runGit } from '../../src/cli/demo/verify.ts';
import type { Client } from '../../src/github/client.ts';
import { makeHost } from '../../src/github/host.ts';
import { holdTarget, resumeTarget } from '../../src/promotion/commands/hold-target.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const HOUR_MS = 60 * 60 * 1000;
const START_MS = Date.parse('2026-11-27T16:00:00Z');
const STATE = 'refs/heads/sluice-state';

/** Over an hour ahead the token that the app keeps is too old, as it would be renewed by then. */
async function goTo(nowMs: number) {
  await setting.world.stopApp();
  setting.world.sandbox.clock.set(nowMs);
  await setting.world.startApp();
  await setting.world.settle();
}

/** Two applications go from dev to qa and prod, and each merges by itself when nothing is in the way. */
async function start(more = '    auto-merge: true\n') {
  const stage = `\n    from: dev\n${more}`;
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(`  dev:\n  qa:${stage}  prod:${stage}`),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('qa')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
      [overlayPath('dev', 'cart')]: overlay('v1', 1, 'cart'),
      [overlayPath('prod', 'cart')]: overlay('v1', 3, 'cart'),
    },
    { isStarted: false },
  );
  await goTo(START_MS);
}

const release = (tag: string, application = 'checkout') =>
  setting.write(overlayPath('dev', application), overlay(tag, 1, application));
const tagIn = async (environment: string, application = 'checkout') =>
  /newTag: (\S+)/.exec((await setting.read(overlayPath(environment, application))) ?? '')?.[1];
const issue = async () =>
  (await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Talk' })).data.number;
const answers = async (number: number) => (await setting.comments(number)).join('\n');
const git = (...args: string[]) => runGit(setting.gitops.gitDir, args);

/** Says it on an issue of its own; the answers to it. */
async function say(login: string, body: string): Promise<string> {
  const number = await issue();
  await setting.comment(login, number, body);
  return answers(number);
}

const HELD = 'sam holds **checkout** in **prod** until Fri 2026-11-27 20:00 UTC: errors since \\#\u200b12';

describe('/hold', () => {
  test('stops an automatic merge, is named on the check, ends by itself and lets the release through', async () => {
    await start();
    expect(await say('sam', '/hold checkout prod until 4h errors since #12 @acme/all')).toContain(
      '`sam` holds **checkout** in **prod** until Fri 2026-11-27 20:00 UTC: `errors since #12 @\u200bacme/all`',
    );
    await release('v2');
    expect([await tagIn('qa'), await tagIn('prod')]).toEqual(['v2', 'v1']);
    const { headSha } = await setting.open('prod');
    const check = await setting.check(headSha);
    expect(check).toMatchObject({ state: 'in_progress', title: 'Waiting: hold' });
    expect(check.summary).toContain(HELD);
    expect(check.summary).toContain('`/resume checkout prod` ends that');
    expect(check.summary).not.toMatch(/@acme/);
    expect(setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs).toBe(4 * HOUR_MS);
    await goTo(START_MS + 4 * HOUR_MS - 1_000);
    expect(await tagIn('prod')).toBe('v1');
    await goTo(START_MS + 4 * HOUR_MS);
    expect(await tagIn('prod')).toBe('v2');
  });

  test('alone is for the promotion that it stands on, and takes its green check back', async () => {
    await start('');
    await release('v2');
    const { pull, headSha } = await setting.open('prod');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
    await setting.comment('sam', pull, '/hold wait for the database');
    expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: hold' });
    expect(await setting.check((await setting.open('qa')).headSha)).toMatchObject({ state: 'success' });
    await setting.comment('dan', pull, '/resume');
    expect(await answers(pull)).toContain(
      '`dan` resumed **checkout** in **prod**, held by `sam` until somebody resumes it (`wait for the database`).',
    );
    expect(await setting.check(headSha)).toMatchObject({ state: 'success', title: 'No gates' });
    await setting.merge('ann', pull);
    await setting.comment('sam', pull, '/hold it was bad');
    await release('v3');
    expect(await setting.check((await setting.open('prod')).headSha)).toMatchObject({
      title: 'Waiting: hold',
    });
  });

  test('by the same person again takes the place of the last, of another one it stands beside it', async () => {
    await start('');
    await release('v2');
    const { headSha } = await setting.open('prod');
    const both = '/hold checkout prod until 1h errors\n/hold checkout prod until 2h more errors';
    expect(await say('sam', both)).toContain('It takes the place of the hold until Fri 2026-11-27 17:00 UTC');
    await say('dan', '/hold checkout prod until 1h I look into it');
    const { summary } = await setting.check(headSha);
    expect(summary).toContain(
      'sam holds **checkout** in **prod** until Fri 2026-11-27 18:00 UTC: more errors',
    );
    expect(summary).toContain('dan holds **checkout** in **prod** until Fri 2026-11-27 17:00 UTC: I look');
    expect(summary).not.toContain(': errors');
    await say('dan', '/resume checkout prod');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  });

  test('that can be read in two ways holds nothing, and says so', async () => {
    await start('');
    await release('v2');
    const { pull, headSha } = await setting.open('prod');
    for (const [body, answer] of [
      ['/hold qa is slow', 'Did you mean to hold everything in **qa**, which is not what this pull request'],
      ['/hold chekout until 4h it fails', '`chekout` is not the name of an application or environment here'],
      ['/hold cart qa it fails', '**cart** in **qa** does not exist'],
      ['/hold', 'say why: `/hold checkout prod until 4h errors'],
      ['/resume', 'Nobody holds exactly this: **checkout** in **prod**.'],
    ] as const) {
      await setting.comment('sam', pull, body);
      expect((await setting.comments(pull)).at(-1)).toContain(answer);
    }
    expect(await say('sam', '/hold it fails')).toContain('Say what: an application, an environment or both');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
    await setting.comment('sam', pull, '/hold qa until 4h is slow');
    expect(await setting.check((await setting.open('qa')).headSha)).toMatchObject({ title: 'Waiting: hold' });
  });

  test('by somebody without the right holds nothing', async () => {
    await start();
    expect(await say('eve', '/hold checkout prod no reason')).toContain('needs the role **write**');
    await release('v2');
    expect(await tagIn('prod')).toBe('v2');
  });

  test('can be overridden by an admin for one head, unless the config forbids it', async () => {
    await start();
    await say('sam', '/hold checkout it fails');
    await release('v2');
    const prod = await setting.open('prod');
    await setting.comment('ann', prod.pull, '/override hold this release mends it');
    expect(await tagIn('prod')).toBe('v2');
    expect(await tagIn('qa')).toBe('v1');
    const written = (await setting.read('.github/sluice.yml')) ?? '';
    await setting.write('.github/sluice.yml', `${written}defaults: { no-override: [hold] }\n`, 'ann');
    const qa = await setting.open('qa');
    await setting.comment('ann', qa.pull, '/override hold this release mends it');
    expect(await answers(qa.pull)).toContain('The config lets nobody override `hold` here.');
    expect(await tagIn('qa')).toBe('v1');
  });

  test('stops what an override let pass, when somebody takes it after that', async () => {
    await start('');
    await say('sam', '/hold checkout it fails');
    await release('v2');
    const { pull, headSha } = await setting.open('prod');
    await setting.comment('ann', pull, '/override hold this release mends it');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
    await say('dan', '/hold prod until 4h an outage');
    expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: hold' });
    await setting.comment('ann', pull, '/override hold it mends that too');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  });

  test('is not ended by what was said before it and is heard late, or once more', async () => {
    await start();
    const url = 'https://github.example/acme/gitops/issues/1#issuecomment-5';
    const target = { application: 'checkout', environment: 'prod' };
    const said = { actor: 'sam', url, target, saidAtMs: START_MS - 60_000, mayEndAll: true };
    await say('dan', '/hold checkout prod errors again');
    const resumed = await resumeTarget(await openWorker(), said, START_MS);
    expect(resumed).toMatchObject({ isTaken: false });
    expect(resumed.answer).toContain('is held since by `dan` until somebody resumes it (`errors again`)');
    await release('v2');
    expect(await tagIn('prod')).toBe('v1');
    await say('sam', '/resume checkout prod');
    expect(await tagIn('prod')).toBe('v2');
  });

  test('is written with who, what, why and until when in the history of its branch', async () => {
    await start();
    await say('sam', '/hold checkout prod until 2026-12-01 errors');
    await say('dan', '/resume checkout prod');
    const history = await git('log', '--format=%an%n%B', STATE);
    expect(history).toContain('Hold checkout in prod until Tue 2026-12-01 00:00 UTC\n\nsam: errors\nhttp');
    expect(history).toContain(
      'Resume checkout in prod\n\ndan: was held: by sam until Tue 2026-12-01 00:00 UTC, errors',
    );
    expect(await git('rev-list', '--count', STATE)).toBe('2\n');
    expect(JSON.parse(await git('show', `${STATE}:holds.json`))).toEqual({ version: 1, holds: [] });
  });
});

describe('/freeze', () => {
  test('by a maintainer stops a whole environment, and the others go on', async () => {
    await start();
    expect(await say('dan', '/freeze prod until 2026-12-01 the sale')).toContain(
      'needs the role **maintain**',
    );
    await say('ann', '/freeze prod until 2026-12-01 the sale');
    await release('v2');
    await release('v2', 'cart');
    expect([await tagIn('qa'), await tagIn('prod'), await tagIn('prod', 'cart')]).toEqual(['v2', 'v1', 'v1']);
    expect(await say('dan', '/resume prod')).toContain("to end another's hold on a whole environment needs");
    expect(await say('dan', '/resume checkout prod')).toContain(
      'everything in **prod** is held by `ann` until Tue 2026-12-01 00:00 UTC (`the sale`); `/resume prod` ends that',
    );
    expect(await tagIn('prod')).toBe('v1');
    await say('ann', '/resume prod');
    expect([await tagIn('prod'), await tagIn('prod', 'cart')]).toEqual(['v2', 'v2']);
  });

  test('does not end a hold on one application there', async () => {
    await start();
    await say('sam', '/hold checkout errors');
    await say('ann', '/freeze prod until 4h the sale');
    await release('v2');
    const { headSha } = await setting.open('prod');
    const { summary } = await setting.check(headSha);
    expect(summary).toContain('sam holds **checkout** in every environment until somebody resumes it');
    expect(summary).toContain('ann holds everything in **prod** until Fri 2026-11-27 20:00 UTC');
    await goTo(START_MS + 4 * HOUR_MS);
    expect(await tagIn('prod')).toBe('v1');
    await say('sam', '/resume checkout');
    expect([await tagIn('qa'), await tagIn('prod')]).toEqual(['v2', 'v2']);
  });
});

describe('the branch with the holds', () => {
  test('that somebody else pushed to holds everything until it is set back', async () => {
    await start();
    await say('sam', '/hold checkout prod errors');
    const good = (await git('rev-parse', STATE)).trim();
    const tree = (await git('rev-parse', `${STATE}^{tree}`)).trim();
    const { data: forged } = await setting.as('dan').rest.git.createCommit({
      ...setting.repo,
      tree,
      parents: [good],
      message: 'Resume checkout in prod\n\nSluice-State: 1\n',
    });
    await setting
      .as('dan')
      .rest.git.updateRef({ ...setting.repo, ref: 'heads/sluice-state', sha: forged.sha });
    await setting.settle();
    await release('v2');
    expect([await tagIn('qa'), await tagIn('prod')]).toEqual(['v1', 'v1']);
    const { headSha } = await setting.open('qa');
    expect((await setting.check(headSha)).summary).toContain(
      `the branch \`sluice-state\` stands at ${forged.sha.slice(0, 7)}, which Sluice did not make`,
    );
    expect(await say('sam', '/hold checkout qa errors')).toContain('is not held by this: the branch');
    await setting
      .as('dan')
      .rest.git.updateRef({ ...setting.repo, ref: 'heads/sluice-state', sha: good, force: true });
    await setting.settle();
    expect([await tagIn('qa'), await tagIn('prod')]).toEqual(['v2', 'v1']);
  });

  test('that points at a promotion, which the App made too, holds everything', async () => {
    await start('    auto-merge: true\n    gates:\n      - manual\n');
    await release('v2');
    const { pull, headSha } = await setting.open('prod');
    await say('sam', '/hold checkout prod errors');
    await setting
      .as('dan')
      .rest.git.updateRef({ ...setting.repo, ref: 'heads/sluice-state', sha: headSha, force: true });
    await setting.comment('dan', pull, '/promote');
    expect(await tagIn('prod')).toBe('v1');
    expect((await setting.check(headSha)).summary).toContain('which Sluice did not make');
  });

  test('is written by several workers at a time without losing a hold', async () => {
    await start();
    const orders = ['a', 'b', 'c'].map((name) => ({
      actor: 'sam',
      url: `https://github.example/acme/gitops/issues/1#${name}`,
      target: { application: name, environment: 'prod' },
      reason: `because of ${name}`,
      untilMs: null,
      saidAtMs: START_MS,
    }));
    const taken = await Promise.all(
      orders.map(async (order) => holdTarget(await openWorker(), order, START_MS)),
    );
    expect(taken.map(({ isTaken }) => isTaken)).toEqual(orders.map(() => true));
    const { holds } = JSON.parse(await git('show', `${STATE}:holds.json`));
    expect(holds.map(({ reason }: { reason: string }) => reason).sort()).toEqual(
      orders.map(({ reason }) => reason),
    );
    expect(await git('rev-list', '--count', STATE)).toBe('3\n');
    // The same word again, as after a crash before the answer, is no second hold.
    expect(await holdTarget(await openWorker(), orders[0]!, START_MS)).toEqual(taken[0]);
    expect(await git('rev-list', '--count', STATE)).toBe('3\n');
  });

  test('that a ruleset keeps for the App is written by the App alone', async () => {
    await start();
    await setting.as('ann').rest.repos.createRepoRuleset({
      ...setting.repo,
      name: 'holds',
      target: 'branch',
      enforcement: 'active',
      bypass_actors: [{ actor_id: setting.world.appId, actor_type: 'Integration', bypass_mode: 'always' }],
      conditions: { ref_name: { include: [STATE], exclude: [] } },
      rules: [{ type: 'creation' }, { type: 'update' }, { type: 'deletion' }, { type: 'non_fast_forward' }],
    });
    await say('sam', '/hold checkout prod errors');
    await say('sam', '/hold cart prod errors');
    const ref = 'heads/sluice-state';
    const main = (await git('rev-parse', 'refs/heads/main')).trim();
    const { updateRef, deleteRef } = setting.as('ann').rest.git;
    await expect(updateRef({ ...setting.repo, ref, sha: main, force: true })).rejects.toThrow();
    await expect(deleteRef({ ...setting.repo, ref })).rejects.toThrow();
    expect(JSON.parse(await git('show', `${STATE}:holds.json`)).holds).toHaveLength(2);
  });

  test('that rules of the repository keep the App from is told to the person, and nothing is held', async () => {
    await start();
    await setting.as('ann').rest.repos.createRepoRuleset({
      ...setting.repo,
      name: 'nobody',
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/heads/sluice-state'], exclude: [] } },
      rules: [{ type: 'creation' }],
    });
    expect(await say('sam', '/hold checkout prod errors')).toContain(
      'is not held by this: GitHub did not take it (`Repository rule violations found',
    );
  });
});

/** What a further process of the same App has of GitHub. */
async function openWorker() {
  const { appId, privateKeyPem: privateKey, sandbox } = setting.world;
  const log = pino({ level: 'silent' });
  const Octokit = ProbotOctokit.defaults((options: object) => ({ ...options, throttle: { enabled: false } }));
  const probot = new Probot({ appId, privateKey, secret: 'none', baseUrl: sandbox.url, Octokit, log });
  return makeHost(async (id) => (await probot.auth(id)) as Client, log).open('acme/gitops');
}
