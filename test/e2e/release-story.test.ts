import { jest } from '@jest/globals';
import pino from 'pino';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { makeHistoryWriter } from '../../src/history/history-writer.ts';
import { makeHistoryStore } from '../../src/history/store.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

// A busy machine makes databases and stories slow.
jest.setTimeout(300_000);

const quiet = pino({ level: 'silent' });
const source = { owner: 'acme', repo: 'checkout' };

let database: Database;
let setting: Setting;

beforeAll(async () => {
  database = await openDatabase({ url: null, folder: null, onError: () => undefined });
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(
        '  dev: {}\n  prod:\n    from: dev\n    gates: [manual]\n',
        'sources:\n  - application: checkout\n    repository: acme/checkout\n    on: release\n',
      ),
      [overlayPath('dev')]: overlay('v1.0.0'),
      [overlayPath('prod')]: overlay('v1.0.0', 3),
    },
    { history: () => makeHistoryWriter(makeHistoryStore(database.sql, quiet), quiet) },
  );
  const collaborators = { ann: 'admin', dan: 'write' } as const;
  const files = { 'README.md': '# checkout\n' };
  await setting.world.sandbox.addRepository({ ...source, name: 'checkout', files, collaborators });
  await setting.settle();
});
afterAll(async () => {
  await setting.world.stop();
  await database.close();
});

const dan = () => setting.as('dan').rest;

async function commit(message: string): Promise<void> {
  const content = Buffer.from(message).toString('base64');
  await dan().repos.createOrUpdateFileContents({
    ...source,
    path: `${message.length}.txt`,
    content,
    message,
  });
}

async function release(tag: string): Promise<void> {
  await dan().repos.createRelease({ ...source, tag_name: tag, target_commitish: 'main' });
  await setting.settle();
}

const bodyOf = async (pull: number) =>
  (await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: pull })).data.body ?? '';

test('a promotion tells the commits of its release, and where it has been, for one call in all environments', async () => {
  await setting.as('ann').rest.git.createRef({
    ...source,
    ref: 'refs/tags/v1.0.0',
    sha: (await dan().repos.getCommit({ ...source, ref: 'main' })).data.sha,
  });
  await setting.settle();
  await commit('feat: pay by card (#4)');
  await commit('fix(cart): thank @ann for fixing #3');
  const { sandbox } = setting.world;
  const before = sandbox.calls.length;
  await release('v1.1.0');
  const dev = await setting.open('dev');
  const told = await bodyOf(dev.pull);
  expect(told).toMatch(/2 commits of `acme\/checkout`, \[v1\.0\.0 to v1\.1\.0\]\(http/);
  expect(told).toMatch(/\*\*Features\*\*\n\n- pay by card \(\[pull request 4\]\(http/);
  expect(told).toContain('- **cart**: thank @\u200bann for fixing \\#\u200b3 (');
  expect(told.indexOf('What is in it')).toBeLessThan(told.indexOf('### Gates'));

  await setting.merge('ann', dev.pull);
  const prod = await bodyOf((await setting.open('prod')).pull);
  expect(prod).toContain('- pay by card (');
  expect(prod).toMatch(new RegExp(`\\| dev \\| #${dev.pull} \\| .* \\| .* \\| _none_ \\|`));
  const own = sandbox.calls.slice(before).filter(({ actor }) => actor.startsWith('installation'));
  const ofStory = own.filter(
    ({ method, path }) => path.includes('/compare/') || (method === 'PATCH' && path.includes('/pulls/')),
  );
  expect(ofStory.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
    'GET /repos/acme/checkout/compare/v1.0.0...v1.1.0',
    `PATCH /repos/acme/gitops/pulls/${dev.pull}`,
  ]);
});

test('people are told on the pull request what was promoted, and where a commit of the source is', async () => {
  const { pull } = await setting.open('prod');
  const ask = async (body: string) => {
    await setting.comment('dan', pull, body);
    return (await setting.comments(pull)).at(-1);
  };
  const { data: commits } = await dan().repos.listCommits({ ...source, sha: 'v1.1.0' });
  const paying = commits.find((each) => each.commit.message.startsWith('feat'))!.sha;
  expect(await ask(`/where ${paying}`)).toContain('- **checkout** in **dev** was built from `v1.1.0`\n<!--');
  expect(await ask(`/where ${commits.at(-1)!.sha.slice(0, 10)}`)).toContain(
    '**checkout** in **prod** was built',
  );
  expect(await ask('/history')).toMatch(/checkout: build → dev \(#\d+\) \| `v1\.1\.0` \| \*\*merged\*\*/);
  expect(await ask('/history chekout')).toContain('did you mean "checkout"?');
});
