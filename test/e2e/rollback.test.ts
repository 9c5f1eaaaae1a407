import { afterEach, describe, expect, test } from '@jest/globals';
import { ROLLBACK_STORY } from '../../src/cli/demo/rollback-story.ts';
import { ORGANIZATION, PEOPLE, playStory, prepareStory } from '../../src/cli/demo/story.ts';
import { runGit } from '../../src/cli/demo/verify.ts';
import { makeWorld } from '../../src/cli/demo/world.ts';
import { memoryStorage } from '../queue/memory-queue.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const STATE = 'refs/heads/sluice-state';

const tagIn = async (environment: string) =>
  /newTag: (\S+)/.exec((await setting.read(overlayPath(environment))) ?? '')?.[1];
const release = (tag: string) => setting.write(overlayPath('dev'), overlay(tag));
const state = async (file: string) =>
  JSON.parse(await runGit(setting.gitops.gitDir, ['show', `${STATE}:${file}`]));

/** What was decided, newest first. */
async function changes() {
  const log = await runGit(setting.gitops.gitDir, ['log', '--format=%s', STATE]);
  return log.split('\n').filter((line) => /^(?:Roll back|Resume|Forget)/.test(line));
}

/** dev -> staging -> prod; staging takes all, prod by people, unless `prod` says other. v2 has reached prod. */
async function start(prod: string, beforeCall?: Parameters<typeof makeSetting>[1]) {
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(
        `  dev:\n  staging:\n    from: dev\n    auto-merge: true\n  prod:\n    from: staging\n${prod}`,
      ),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('staging')]: overlay('v1', 2),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    beforeCall,
  );
  await release('v2');
  const { pull } = await setting.open('prod');
  if (prod.includes('approvals')) await setting.approve('sue', pull);
  await setting.merge('sam', pull);
  return pull;
}

async function issue() {
  const { data } = await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Talk' });
  return data.number;
}

async function say(login: string, body: string): Promise<string> {
  const number = await issue();
  await setting.comment(login, number, body);
  return (await setting.comments(number)).join('\n');
}

const TERMS = '    rollback: { skip: [soak], lift-hold: newer-release, auto-merge: true }\n';

describe('/rollback', () => {
  test('brings the release before back through the gates, marks the bad one and holds; a newer one lifts that', async () => {
    const promoted = await start(`    gates: [{ approvals: 1 }]\n${TERMS}`);
    expect(await tagIn('prod')).toBe('v2');
    expect(await say('eve', '/rollback checkout in prod')).toContain('needs the role **write**');
    await setting.comment('dan', promoted, '/rollback in prod errors since the deploy @acme/all');
    const answer = (await setting.comments(promoted)).at(-1);
    expect(answer).toContain('`dan` rolls **checkout** in **prod** back from `v2` to `v1`');
    const back = await setting.open('prod');
    expect(back.title).toBe('Roll back checkout to v1 in prod');
    const { data } = await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: back.pull });
    expect(data.labels.map(({ name }) => name)).toEqual(['sluice', 'rollback']);
    expect(data.body).toContain(`from \`v2\`, which #${promoted} brought`);
    expect(data.body).not.toMatch(/@acme/);
    expect(await setting.check(back.headSha)).toMatchObject({ title: 'Waiting: approvals' });
    await setting.approve('dan', back.pull);
    expect(await tagIn('prod')).toBe('v2');
    await setting.approve('sue', back.pull);
    expect(await setting.read(overlayPath('prod'))).toBe(overlay('v1', 3));
    expect([await tagIn('dev'), await tagIn('staging')]).toEqual(['v2', 'v2']);
    // The bad release stays away, and says so.
    const [reason] = setting.world.outcomeOf('acme/gitops')!.plan.notPromoted.map((each) => each.reason);
    expect(reason).toContain('`v2` is marked as bad in prod by dan: errors since the deploy');
    expect(await state('bad-releases.json')).toMatchObject({
      releases: [{ application: 'checkout', environment: 'prod', release: 'v2', by: 'dan', pull: promoted }],
    });
    expect((await state('holds.json')).holds).toHaveLength(1);
    await release('v3');
    expect((await state('holds.json')).holds).toEqual([]);
    const next = await setting.open('prod');
    expect(await setting.check(next.headSha)).toMatchObject({ title: 'Waiting: approvals' });
    expect(await changes()).toEqual(['Resume checkout in prod', 'Roll back checkout in prod from v2 to v1']);
  });
});

const FAILING = TERMS.replace(' }', ", health: { status: 'rollout/{env}/{app}' } }");

async function report(result: 'success' | 'failure') {
  const sha = (await runGit(setting.gitops.gitDir, ['rev-parse', 'refs/heads/main'])).trim();
  const status = { ...setting.repo, sha, state: result, context: 'rollout/prod/checkout' };
  await setting.as('ann').rest.repos.createCommitStatus(status);
  await setting.settle();
}

describe('when health turns to failure after a merge', () => {
  test('Sluice rolls back once, however the signal flaps, and calls those who approved', async () => {
    const promoted = await start(`    gates: [{ approvals: 1 }]\n${FAILING.replace('true', 'false')}`);
    await report('success');
    expect(await setting.promotions()).toHaveLength(2);
    await report('failure');
    const back = await setting.open('prod');
    expect(back.title).toBe('Roll back checkout to v1 in prod');
    const [said, ...others] = (await setting.comments(promoted)).filter((body) =>
      body.includes('rolls this back'),
    );
    expect(said).toContain('from `v2` to `v1`, because rollout/prod/checkout reported failure on');
    expect(said).toContain('You approved it: @sue.');
    expect(others).toEqual([]);
    await report('success');
    await report('failure');
    await setting.approve('sam', back.pull);
    await setting.merge('sam', back.pull);
    expect(await tagIn('prod')).toBe('v1');
    // The rollback is no promotion that could fail.
    await report('failure');
    await setting.sweep();
    expect(await changes()).toEqual(['Roll back checkout in prod from v2 to v1']);
    expect((await setting.promotions()).filter(({ to }) => to === 'prod')).toHaveLength(2);
    expect((await state('holds.json')).holds).toMatchObject([{ by: 'Sluice' }]);
    // It comes again when people take the hold and the mark away.
    expect(await say('dan', '/rollback forget checkout in prod')).toContain('stays marked while');
    await say('dan', '/resume checkout prod\n/rollback forget checkout in prod');
    expect((await setting.open('prod')).title).toBe('Promote checkout v2 to prod');
  });

  test('a sweep alone finds it, and merges where the config says so', async () => {
    await start(FAILING);
    const listen = setting.muteWebhooks();
    await report('failure');
    expect(await tagIn('prod')).toBe('v2');
    await setting.sweep();
    await setting.sweep();
    expect(await setting.read(overlayPath('prod'))).toBe(overlay('v1', 3));
    listen();
  });
});

test('the story that `npm run demo -- --story rollback` plays ends as it should', async () => {
  const world = await makeWorld(ORGANIZATION, PEOPLE, {
    storage: memoryStorage(),
    serve: { isRendering: false },
  });
  setting = { ...setting, world };
  const gitops = await prepareStory(world, ROLLBACK_STORY);
  expect(await playStory(ROLLBACK_STORY, { world, say: () => undefined, gitops })).toEqual([]);
});
