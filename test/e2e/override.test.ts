import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

beforeEach(async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config(
      '  dev:\n  prod:\n    from: dev\n    auto-merge: true\n    gates:\n      - soak: 24h\n      - manual\n',
    ),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  await setting.write(overlayPath('dev'), overlay('v2'));
});

afterEach(async () => setting.world.stop());

const prod = async () => setting.read(overlayPath('prod'));

test('an admin overrides a gate: the check and the pull request say who and why, and the rest still counts', async () => {
  const { pull, headSha } = await setting.open('prod');
  await setting.comment('ann', pull, '/override soak the outage of @acme/all needs it');
  const check = await setting.check(headSha);
  expect(check).toMatchObject({ state: 'in_progress', title: 'Waiting: manual' });
  expect(check.summary).toContain('| soak | ☑️ overridden | by ann: the outage of @\u200bacme/all needs it');
  expect(check.summary).toContain('Without that it is waiting: in dev since');
  const [answer] = (await setting.comments(pull)).slice(1);
  expect(answer).toContain('`ann` overrode the gate `soak` for the head');
  expect(answer).toContain('`the outage of @\u200bacme/all needs it`');
  await setting.comment('dan', pull, '/promote');
  expect(await prod()).toContain('newTag: v2');
});

test('one comment may override two gates, and what is overridden already is not overridden again', async () => {
  const { pull } = await setting.open('prod');
  await setting.as('ann').rest.repos.addCollaborator({
    ...setting.repo,
    username: 'sam',
    permission: 'admin',
  });
  await setting.comment('ann', pull, '/override soak hotfix');
  await setting.comment('sam', pull, '/override soak hotfix too\n/override manual hotfix');
  const answer = (await setting.comments(pull)).at(-1);
  expect(answer).toContain('`ann` overrode the gate `soak` for this head already');
  expect(answer).toContain('`sam` overrode the gate `manual`');
  expect(await prod()).toContain('newTag: v2');
});

test('it holds for that head alone', async () => {
  const { pull } = await setting.open('prod');
  await setting.comment('ann', pull, '/override soak hotfix');
  await setting.write(overlayPath('dev'), overlay('v3'));
  const { headSha } = await setting.open('prod');
  expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: soak, manual' });
  await setting.comment('dan', pull, '/promote');
  expect(await prod()).toContain('newTag: v1');
});

test.each([
  ['dan', '/override soak hotfix', 'needs the role **admin**'],
  ['ann', '/override soak', 'name the gate, and say why'],
  ['ann', '/override head it is fine', 'There is no gate `head` here; there are `soak`, `manual`.'],
])('%s may not say %s', async (login, body, answer) => {
  const { pull, headSha } = await setting.open('prod');
  await setting.comment(login, pull, body);
  expect((await setting.comments(pull)).at(-1)).toContain(answer);
  expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: soak, manual' });
});

test('a check run that somebody else calls so overrides nothing', async () => {
  const { headSha } = await setting.open('prod');
  await setting.as('ann').rest.repos.createCommitStatus({
    ...setting.repo,
    sha: headSha,
    state: 'success',
    context: 'sluice/override',
    description: 'override:soak:1',
  });
  await setting.settle();
  expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: soak, manual' });
});
