import { afterEach, describe, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

async function start() {
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n    gates: [manual]\n'),
    [overlayPath('dev')]: overlay('v2'),
    [overlayPath('prod')]: overlay('v1'),
  });
  return setting.open('prod');
}

const issue = async () =>
  (await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Talk' })).data.number;

async function reactions(id: number): Promise<string[]> {
  const { data } = await setting
    .as('ann')
    .rest.reactions.listForIssueComment({ ...setting.repo, comment_id: id });
  return data.map(({ content }) => content);
}

describe('/promote', () => {
  test('on the pull request, by a writer, passes the manual gate', async () => {
    const { pull, headSha } = await start();
    expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: manual' });
    const id = await setting.comment('dan', pull, 'Looks good.\n\n/promote');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
    expect(await reactions(id)).toEqual(['eyes', 'rocket']);
  });

  test('on an issue starts the promotion that it names', async () => {
    const { pull, headSha } = await start();
    // What is said elsewhere within the second of the commit may have been said before it.
    setting.world.sandbox.clock.advance(1_000);
    await setting.comment('dan', await issue(), '/promote checkout to prod');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
    expect((await setting.comments(pull)).join()).toContain('asked for this promotion');
  });

  test('opens again what a person had closed', async () => {
    const { pull } = await start();
    await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
    await setting.settle();
    await setting.comment('sam', await issue(), '/promote checkout to prod');
    const again = await setting.open('prod');
    expect(await setting.check(again.headSha)).toMatchObject({ state: 'success' });
  });

  test('lets nothing through that the pull request did not show', async () => {
    const { pull, headSha } = await start();
    const unmute = setting.muteWebhooks();
    await setting.write(overlayPath('dev'), overlay('v3'), 'ann');
    unmute();
    await setting.comment('sam', pull, '/promote');
    const moved = await setting.open('prod');
    expect(moved.headSha).not.toBe(headSha);
    expect(await setting.check(moved.headSha)).toMatchObject({ title: 'Waiting: manual' });
    expect((await setting.comments(pull)).join()).toContain('carries `v3` now, instead of `v2`');
    // GitHub's times are whole seconds: what is said within the second of the commit may have been said before it.
    setting.world.sandbox.clock.advance(1_000);
    await setting.comment('sam', pull, '/promote');
    expect(await setting.check(moved.headSha)).toMatchObject({ state: 'success' });
  });

  test('is for once, although its delivery may come again after days', async () => {
    const { pull } = await start();
    await setting.comment('sam', pull, '/promote checkout to prod');
    await setting.merge('ann', pull);
    await setting.write(overlayPath('dev'), overlay('v3'), 'ann');
    const next = await setting.open('prod');
    const { sandbox } = setting.world;
    const delivery = sandbox.deliveries.findLast(({ event }) => event === 'issue_comment')!;
    sandbox.context.redeliver(sandbox.state.apps.get(setting.world.appId)!, delivery);
    await setting.settle();
    expect(await setting.check(next.headSha)).toMatchObject({ title: 'Waiting: manual' });
  });

  test('on a pull request that has ended does not mean another release', async () => {
    const { pull } = await start();
    await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
    await setting.settle();
    const unmute = setting.muteWebhooks();
    await setting.write(overlayPath('dev'), overlay('v3'), 'ann');
    unmute();
    await setting.comment('sam', pull, '/promote');
    expect((await setting.comments(pull)).at(-1)).toContain('`/promote checkout to prod` promotes that');
    expect((await setting.promotions()).filter(({ isOpen }) => isOpen)).toEqual([]);
  });

  test('by somebody without the right is refused, and said so', async () => {
    const { pull, headSha } = await start();
    const id = await setting.comment('eve', pull, '/promote');
    expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress' });
    expect(await reactions(id)).toEqual(['eyes', 'confused']);
    expect((await setting.comments(pull)).at(-1)).toContain('needs the role **write**');
  });

  test('that cannot be done gets a clear answer', async () => {
    await start();
    const number = await issue();
    for (const [command, answer] of [
      ['/promote', 'Say which application'],
      ['/promote chekout to prod', 'There is no application `chekout`'],
      ['/promote checkout to moon', 'There is no environment `moon`'],
      ['/promote checkout to dev', 'a first environment takes builds'],
    ] as const) {
      await setting.comment('dan', number, command);
      expect((await setting.comments(number)).at(-1)).toContain(answer);
    }
  });

  test.each(['> /promote', '```\n/promote\n```', 'please /promote', '/unrelated', '    /promote'])(
    'in %j is talk, not a command',
    async (body) => {
      const { pull, headSha } = await start();
      const id = await setting.comment('dan', pull, body);
      expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress' });
      expect(await reactions(id)).toEqual([]);
    },
  );

  test('that somebody edited into a comment starts nothing', async () => {
    const { pull, headSha } = await start();
    let nowMs = Date.now();
    const id = await setting.comment('dan', pull, 'hello');
    nowMs += 60_000;
    setting.world.sandbox.context.now = () => nowMs;
    await setting.as('sam').rest.issues.updateComment({ ...setting.repo, comment_id: id, body: '/promote' });
    await setting.settle();
    await setting.write('README.md', 'look again\n');
    expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress' });
  });

  test('does not outlive the release that it was said for', async () => {
    const { pull, headSha } = await start();
    await setting.comment('dan', pull, '/promote');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
    await setting.write(overlayPath('dev'), overlay('v3'));
    const moved = await setting.open('prod');
    expect(moved.pull).toBe(pull);
    expect(await setting.check(moved.headSha)).toMatchObject({ state: 'in_progress' });
  });
});
