import pino from 'pino';
import { makeObjectCache } from '../../src/github/cache.ts';
import type { Client } from '../../src/github/client.ts';
import { makeGitReader } from '../../src/github/read-git.ts';
import { sha } from './gitops.ts';
import { APP_ID, BOT, closeWire, openWire, QuickOctokit, type Wire } from './support.ts';

const REPO = '/repos/acme/gitops';

const person = { name: 'somebody', date: '2026-01-01T00:00:00Z' };
const aCommit = {
  sha: sha('a'),
  html_url: 'https://github.com/acme/gitops/commit/a',
  author: null,
  committer: null,
  parents: [],
  commit: {
    message: 'm',
    tree: { sha: sha('b') },
    author: person,
    committer: person,
    verification: { verified: false },
  },
  files: [],
};

let wire: Wire;
let told: string[];
beforeEach(() => {
  wire = openWire();
  told = [];
});
afterEach(closeWire);

function makeReader(defaultBranch: string | null = null) {
  const client: Client = new QuickOctokit();
  const identity = { id: APP_ID, botLogin: BOT };
  const context = { client, identity, owner: 'acme', name: 'gitops', cache: makeObjectCache() };
  const onDefaultBranch = (branch: string) => told.push(branch);
  return makeGitReader({ ...context, defaultBranch, onDefaultBranch }, pino({ level: 'silent' }));
}

describe('a tree that GitHub cuts short', () => {
  const blob = (path: string, digit: string) => ({
    path,
    mode: '100644',
    type: 'blob',
    sha: sha(digit),
    size: 3,
  });
  const folder = (path: string, digit: string) => ({ path, mode: '040000', type: 'tree', sha: sha(digit) });
  const answer = (digit: string, isRecursive: boolean, tree: object[], truncated = false) => ({
    request: `GET ${REPO}/git/trees/${sha(digit)}${isRecursive ? '?recursive=1' : ''}`,
    reply: { sha: sha(digit), tree, truncated },
  });

  test('is read folder by folder, and each folder that fits at once', async () => {
    wire.expect([
      answer('a', true, [blob('README.md', '1')], true),
      answer('a', false, [blob('README.md', '1'), folder('apps', 'b'), folder('envs', 'c')]),
      answer('b', true, [folder('one', 'd'), blob('one/k.yaml', '2')]),
      // A folder may be too large in its turn.
      answer('c', true, [blob('x.yaml', '3')], true),
      answer('c', false, [blob('x.yaml', '3'), folder('dev', 'e')]),
      answer('e', true, [blob('y.yaml', '4')]),
    ]);
    const reader = makeReader();
    const tree = await reader.readTree(sha('a'));
    expect(tree.map(({ path }) => path)).toEqual([
      'README.md',
      'apps',
      'apps/one',
      'apps/one/k.yaml',
      'envs',
      'envs/x.yaml',
      'envs/dev',
      'envs/dev/y.yaml',
    ]);
    expect(tree.find(({ path }) => path === 'envs/dev/y.yaml')).toMatchObject({
      type: 'blob',
      sha: sha('4'),
      sizeBytes: 3,
    });
    expect(wire.missing()).toEqual([]);
    // A tree never changes: the second reading asks nothing.
    expect(await reader.readTree(sha('a'))).toEqual(tree);
    expect(wire.seen).toHaveLength(6);
  });

  test('is an error, never a part, when even one folder is cut short', async () => {
    wire.expect([
      answer('a', true, [], true),
      answer('a', false, [folder('apps', 'b')]),
      answer('b', true, [], true),
      answer('b', false, [blob('k.yaml', '1')], true),
    ]);
    await expect(makeReader().readTree(sha('a'))).rejects.toThrow(/only a part of the folder apps\//);
  });
});

describe('whether Sluice made a commit', () => {
  const commit = (more: { author?: string | null; committer?: string | null; verified?: boolean }) => {
    const { author = BOT, committer = 'web-flow', verified = true } = more;
    const person = { name: 'somebody', date: '2026-01-01T00:00:00Z' };
    return {
      request: `GET ${REPO}/commits/${sha('a')}`,
      reply: {
        sha: sha('a'),
        html_url: 'https://github.com/acme/gitops/commit/a',
        author: author === null ? null : { login: author },
        committer: committer === null ? null : { login: committer },
        parents: [],
        commit: {
          message: 'm',
          tree: { sha: sha('b') },
          author: person,
          committer: person,
          verification: { verified },
        },
        files: [],
      },
    };
  };
  const isSluices = async (more: Parameters<typeof commit>[0]) => {
    wire.expect([commit(more)]);
    return (await makeReader().readCommit(sha('a'))).isSluices;
  };

  test('it did when the bot is the author and GitHub signed', async () => {
    expect(await isSluices({})).toBe(true);
  });

  test.each([
    ['nobody signed it, whoever it names', { verified: false }],
    ['a person wrote it', { author: 'dana' }],
    ['its author has no account', { author: null }],
    ['another bot wrote it', { author: 'other[bot]' }],
    // A signature proves the committer only: anyone can sign what names the bot as its author.
    ['a person signed it in the name of the bot', { committer: 'mallory' }],
    ['its committer has no account', { committer: null }],
  ])('it did not when %s', async (_, more) => {
    expect(await isSluices(more)).toBe(false);
  });
});

describe('the default branch', () => {
  const names = (branch: string) => ({ request: `GET ${REPO}`, reply: { default_branch: branch } });
  const tip = (branch: string, status: number) => ({
    request: `GET ${REPO}/commits/heads/${branch}`,
    status,
    reply: status === 200 ? aCommit : { message: `${status}` },
  });

  test('is asked for when nobody told, and once', async () => {
    wire.expect([names('main'), tip('main', 200)]);
    expect(await makeReader().readDefaultTip()).toMatchObject({ branch: 'main', commit: { sha: sha('a') } });
    expect(told).toEqual(['main']);
  });

  test('is asked for again when what was told is not there any more', async () => {
    wire.expect([tip('master', 422), names('main'), tip('main', 200)]);
    expect(await makeReader('master').readDefaultTip()).toMatchObject({ branch: 'main' });
    expect(told).toEqual(['main']);
  });

  test('that GitHub names and does not have is an error, never an empty repository', async () => {
    wire.expect([tip('main', 404), names('main'), tip('main', 404)]);
    await expect(makeReader('main').readDefaultTip()).rejects.toThrow('has no such branch');
  });

  test('of a repository without a commit is nothing; an error of GitHub stays an error', async () => {
    wire.expect([tip('main', 409), tip('main', 502)]);
    expect(await makeReader('main').readDefaultTip()).toBeNull();
    await expect(makeReader('main').readDefaultTip()).rejects.toThrow('502');
  });
});

test('a commit with as many files as GitHub lists at most may have more', async () => {
  const files = Array.from({ length: 300 }, (_, index) => ({ filename: `f${index}`, status: 'added' }));
  wire.expect([{ request: `GET ${REPO}/commits/${sha('a')}`, reply: { ...aCommit, files } }]);
  expect((await makeReader().readCommit(sha('a'))).files).toBeNull();
});
