import { afterEach, describe, expect, test } from '@jest/globals';
import { uninstall } from '../../src/sandbox/installations.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const CONFIG = config(
  '  dev:\n  staging:\n    from: dev\n    gates: [manual]\n  prod:\n    from: staging\n    gates: [manual, approvals: 1]\n',
  'sources:\n  - application: checkout\n    repository: acme/checkout\n    on: release\n',
);
const source = { owner: 'acme', repo: 'checkout' };

async function start(text = CONFIG, beforeCall?: (call: { method: string; url: string }) => void) {
  setting = await makeSetting(
    {
      '.github/sluice.yml': text,
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('staging')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { beforeCall },
  );
  await setting.world.sandbox.addRepository({
    owner: 'acme',
    name: 'checkout',
    files: { 'README.md': '# checkout\n' },
    collaborators: { ann: 'admin', dan: 'write' },
  });
  await setting.sweep();
}

const issue = async () =>
  (await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Talk' })).data.number;
const state = async ({ headSha }: { headSha: string }) => (await setting.check(headSha)).state;
const holds = (environment: string, tag: string) =>
  setting.read(overlayPath(environment)).then((text) => text?.includes(`newTag: ${tag} `));

async function reactions(id: number): Promise<string[]> {
  const { data } = await setting
    .as('ann')
    .rest.reactions.listForIssueComment({ ...setting.repo, comment_id: id });
  return data.map(({ content }) => content);
}

test('without a single webhook, sweeps bring a build to production by commands, approvals and merges', async () => {
  await start();
  setting.muteWebhooks();
  await setting.as('dan').rest.repos.createRelease({ ...source, tag_name: 'v2', target_commitish: 'main' });
  await setting.sweep();
  const dev = await setting.open('dev');
  await setting.merge('ann', dev.pull);
  await setting.sweep();
  const staging = await setting.open('staging');
  expect(await state(staging)).toBe('in_progress');
  await setting.comment('dan', staging.pull, '/promote');
  await setting.sweep();
  expect(await state(staging)).toBe('success');
  await setting.merge('ann', staging.pull);
  await setting.sweep();
  const prod = await setting.open('prod');
  const hold = await setting.comment('sam', await issue(), '/hold checkout prod the sale goes on');
  await setting.comment('dan', prod.pull, '/promote');
  await setting.approve('sue', prod.pull);
  await setting.sweep();
  expect((await setting.check(prod.headSha)).title).toContain('Waiting: hold');
  expect(await reactions(hold)).toEqual(['eyes', 'rocket']);
  await setting.comment('sam', prod.pull, '/resume');
  await setting.sweep();
  expect(await state(prod)).toBe('success');
  await setting.merge('ann', prod.pull);
  await setting.sweep();
  expect(await Promise.all(['dev', 'staging', 'prod'].map((each) => holds(each, 'v2')))).toEqual([
    true,
    true,
    true,
  ]);
});

describe('a command that no webhook told of', () => {
  const DEV_TO_PROD = config('  dev:\n  prod:\n    from: dev\n');

  test('is answered once, however often it is swept, webhooks that come late and restarts included', async () => {
    await start(DEV_TO_PROD);
    const number = await issue();
    const late = setting.world.sandbox.faults.add({
      delivery: { event: 'issue_comment' },
      effect: { kind: 'hang' },
    });
    const id = await setting.comment('sam', number, '/hold checkout prod errors');
    await setting.sweep();
    await setting.sweep();
    late.release();
    await setting.settle();
    await setting.world.stopApp();
    await setting.world.startApp();
    await setting.sweep();
    expect(await reactions(id)).toEqual(['eyes', 'rocket']);
    expect(await setting.comments(number)).toHaveLength(2);
  });

  test('stops what the same sweep would have merged', async () => {
    await start(config('  dev:\n  prod:\n    from: dev\n    auto-merge: true\n'));
    const number = await issue();
    setting.muteWebhooks();
    await setting.write(overlayPath('dev'), overlay('v2'));
    await setting.comment('sam', number, '/hold checkout prod errors');
    await setting.sweep();
    expect(await holds('prod', 'v1')).toBe(true);
    await setting.comment('sam', number, '/resume checkout prod');
    await setting.sweep();
    expect(await holds('prod', 'v2')).toBe(true);
  });

  test('is taken in the order in which it was given', async () => {
    await start(DEV_TO_PROD);
    const number = await issue();
    setting.muteWebhooks();
    for (const body of ['/hold checkout prod one', '/resume checkout prod', '/hold checkout prod two'])
      await setting.comment('sam', number, body);
    await setting.sweep();
    const [, , , first, second, third] = await setting.comments(number);
    expect(first).toMatch(/`sam` holds \*\*checkout.*`one`/);
    expect(second).toContain('`sam` resumed **checkout** in **prod**');
    expect(third).toMatch(/`sam` holds \*\*checkout.*`two`/);
  });

  test('was not said to Sluice when there was no config yet', async () => {
    await start();
    const text = (await setting.read('.github/sluice.yml'))!;
    setting.muteWebhooks();
    const other = { owner: 'acme', repo: 'other' };
    const collaborators = { sam: 'admin' } as const;
    await setting.world.sandbox.addRepository({ ...other, name: 'other', files: { a: 'b' }, collaborators });
    const sam = setting.as('sam').rest;
    const { data: talk } = await sam.issues.create({ ...other, title: 'Talk' });
    const say = (body: string) => sam.issues.createComment({ ...other, issue_number: talk.number, body });
    await say('/hold this is for another bot');
    setting.world.sandbox.clock.advance(2_000);
    const content = Buffer.from(text).toString('base64');
    const message = 'Use Sluice';
    await sam.repos.createOrUpdateFileContents({ ...other, path: '.github/sluice.yml', content, message });
    await say('/hold this is for Sluice');
    await setting.sweep();
    const { data } = await sam.issues.listComments({ ...other, issue_number: talk.number });
    expect(data.filter(({ reactions }) => reactions?.confused).map(({ body }) => body)).toEqual([
      '/hold this is for Sluice',
    ]);
  });

  test('is ignored when it was edited, which somebody else may have done', async () => {
    await start(DEV_TO_PROD);
    const number = await issue();
    setting.muteWebhooks();
    const edited = await setting.comment('sam', number, 'No words');
    setting.world.sandbox.clock.advance(2_000);
    await setting
      .as('sam')
      .rest.issues.updateComment({ ...setting.repo, comment_id: edited, body: '/hold checkout prod x' });
    await setting.sweep();
    expect(await setting.comments(number)).toHaveLength(1);
  });

  test("somebody else's rocket does not hide it", async () => {
    await start(DEV_TO_PROD);
    const number = await issue();
    setting.muteWebhooks();
    const id = await setting.comment('sam', number, '/hold checkout prod errors');
    await setting
      .as('eve')
      .rest.reactions.createForIssueComment({ ...setting.repo, comment_id: id, content: 'rocket' });
    await setting.sweep();
    expect(await setting.comments(number)).toHaveLength(2);
  });
});

test('a sweep asks each repository with a config once for commands, a look that an event starts never does', async () => {
  const asked: string[] = [];
  await start(undefined, ({ url }) => {
    if (url.includes('/issues/comments')) asked.push(url);
  });
  asked.length = 0;
  await setting.sweep();
  expect(asked).toHaveLength(1);
  await setting.write(overlayPath('dev'), overlay('v3'));
  expect(asked).toHaveLength(1);
  await setting.sweep();
  expect(asked).toHaveLength(2);
});

test('a repository that goes away between the list and the look keeps nobody from the others', async () => {
  await start(config('  dev:\n  prod:\n    from: dev\n'));
  const { sandbox, appId } = setting.world;
  sandbox.addOrganization('other', { members: ['ann'], owners: ['ann'] });
  const installation = sandbox.install(appId, 'other');
  await sandbox.addRepository({ owner: 'other', name: 'gitops', files: { 'README.md': '# other' } });
  await setting.settle();
  setting.muteWebhooks();
  await setting.write(overlayPath('dev'), overlay('v2'));
  sandbox.faults.add({
    call: { path: /^\/installation\/repositories/ },
    nth: 2,
    effect: { kind: 'run', when: 'after', run: () => uninstall(sandbox.context, installation) },
  });
  // What is tried again would be waited for, longer than a test may take.
  await setting.sweep();
  expect((await setting.open('prod')).release).toBe('v2');
  expect(sandbox.state.installations.has(installation.id)).toBe(false);
});

test('comments that cannot be listed stop no promotion', async () => {
  await start(config('  dev:\n  prod:\n    from: dev\n'));
  setting.muteWebhooks();
  await setting.write(overlayPath('dev'), overlay('v2'));
  const comments = { path: /\/issues\/comments$/ };
  setting.world.sandbox.faults.add({ call: comments, effect: { kind: 'answer', status: 500 } });
  await setting.sweep();
  expect((await setting.open('prod')).release).toBe('v2');
});
