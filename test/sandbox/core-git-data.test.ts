import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, octokitForApp, refusal, temporaryDirectory } from './core-clients.ts';
import { SECRET, startWorld } from './core-world.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

const AT = { owner: 'acme', repo: 'gitops' };
let world: World;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  world = await startWorld();
  folder = await temporaryDirectory();
});

afterAll(async () => {
  await world.stop();
  await folder.remove();
});

async function commitByApp(branch: string, files: Record<string, string | null>, from = 'main') {
  const { bot } = world.as;
  const base = (await bot.rest.git.getRef({ ...AT, ref: `heads/${from}` })).data.object.sha;
  const tree = Object.entries(files).map(([path, content]) =>
    content === null
      ? { path, mode: '100644' as const, sha: null }
      : { path, mode: '100644' as const, content },
  );
  const made = await bot.rest.git.createTree({ ...AT, base_tree: base, tree });
  const commit = await bot.rest.git.createCommit({
    ...AT,
    message: `Change ${branch}`,
    tree: made.data.sha,
    parents: [base],
  });
  await bot.rest.git.createRef({ ...AT, ref: `refs/heads/${branch}`, sha: commit.data.sha });
  return commit.data;
}

test('an App makes a branch by the API and a git client finds exactly that', async () => {
  const commit = await commitByApp('promote/app', {
    'envs/prod/app.yaml': 'image: a:1\n',
    'envs/qa/ü.yaml': 'new: true\n',
    'README.md': null,
  });
  expect(commit.author).toMatchObject({ name: 'sluice[bot]', date: '2026-03-01T12:00:00Z' });
  expect(commit.committer.email).toBe('noreply@github.com');
  expect(commit.verification).toMatchObject({ verified: true, reason: 'valid' });

  const clone = join(folder.path, 'promote');
  await git(folder.path, 'clone', '-q', '-b', 'promote/app', cloneUrl(), clone);
  expect(await git(clone, 'log', '-1', '--format=%H %an %cn %s')).toBe(
    `${commit.sha} sluice[bot] GitHub Change promote/app`,
  );
  expect(await git(clone, '-c', 'core.quotePath=off', 'ls-files')).toBe(
    'envs/dev/app.yaml\nenvs/prod/app.yaml\nenvs/qa/ü.yaml',
  );
  expect(await git(clone, 'fsck', '--strict')).toBe('');
});

test('a commit with an author of its own is not signed by GitHub', async () => {
  const { data: main } = await world.as.bot.rest.repos.getCommit({ ...AT, ref: 'main' });
  const author = { name: 'alice', email: 'alice@users.noreply.github.com', date: '2025-01-01T00:00:00Z' };
  const input = { ...AT, message: 'By hand', tree: main.commit.tree.sha, parents: [main.sha], author };
  const { data: commit } = await world.as.bot.rest.git.createCommit(input);
  expect(commit.verification).toMatchObject({ verified: false, reason: 'unsigned' });
  const { data: read } = await world.as.bot.rest.repos.getCommit({ ...AT, ref: commit.sha });
  expect(read.author?.login).toBe('alice');
  expect(read.files).toEqual([]);
});

test('trees list folders and sizes, and blobs come back byte for byte', async () => {
  const { bot } = world.as;
  const { data: tree } = await bot.rest.git.getTree({ ...AT, tree_sha: 'main', recursive: 'true' });
  expect(tree.truncated).toBe(false);
  expect(tree.tree.map((entry) => [entry.path, entry.type, entry.size])).toEqual([
    ['README.md', 'blob', 9],
    ['envs', 'tree', undefined],
    ['envs/dev', 'tree', undefined],
    ['envs/dev/app.yaml', 'blob', 11],
    ['envs/prod', 'tree', undefined],
    ['envs/prod/app.yaml', 'blob', 11],
  ]);
  const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
  const { data: made } = await bot.rest.git.createBlob({
    ...AT,
    content: bytes.toString('base64'),
    encoding: 'base64',
  });
  const { data: blob } = await bot.rest.git.getBlob({ ...AT, file_sha: made.sha });
  expect(Buffer.from(blob.content, 'base64').equals(bytes)).toBe(true);
});

test('a ref moves forward only, unless it is forced', async () => {
  const { bot } = world.as;
  const first = await commitByApp('moving', { 'a.txt': '1' });
  const second = await commitByApp('other', { 'b.txt': '2' });
  const move = (sha: string, force?: boolean) =>
    bot.rest.git.updateRef({ ...AT, ref: 'heads/moving', sha, force });
  expect(await refusal(move(second.sha))).toEqual({ status: 422, message: 'Update is not a fast forward' });
  expect((await move(second.sha, true)).data.object.sha).toBe(second.sha);
  expect(await refusal(move('1'.repeat(40)))).toEqual({ status: 422, message: 'Object does not exist' });

  const again = bot.rest.git.createRef({ ...AT, ref: 'refs/heads/moving', sha: first.sha });
  expect(await refusal(again)).toEqual({ status: 422, message: 'Reference already exists' });
  const found = await bot.rest.git.listMatchingRefs({ ...AT, ref: 'heads/mov' });
  expect(found.data.map((entry) => entry.ref)).toEqual(['refs/heads/moving']);

  await bot.rest.git.deleteRef({ ...AT, ref: 'heads/moving' });
  const missing = { status: 422, message: 'Reference does not exist' };
  expect(await refusal(bot.rest.git.deleteRef({ ...AT, ref: 'heads/moving' }))).toEqual(missing);
  expect((await refusal(bot.rest.git.getRef({ ...AT, ref: 'heads/moving' }))).status).toBe(404);
});

test.each(['../escape', '/absolute', 'a//b', '.git/config', 'envs/../../x'])(
  'a tree never gets the path %s',
  async (path) => {
    const tree = [{ path, mode: '100644' as const, content: 'x' }];
    expect((await refusal(world.as.bot.rest.git.createTree({ ...AT, tree }))).status).toBe(422);
  },
);

test.each(['--upload-pack=x', 'main~1', 'main..other', '-h', ':/Initial'])(
  'the ref %s names nothing',
  async (ref) => {
    const answer = await refusal(world.as.bot.rest.repos.getCommit({ ...AT, ref }));
    expect(answer).toEqual({ status: 422, message: `No commit found for SHA: ${ref}` });
  },
);

test.each(['main~1', 'a..b', 'x.lock', 'a b', 'x\ny'])('no branch can be named %j', async (name) => {
  const sha = await mainSha();
  const created = world.as.bot.rest.git.createRef({ ...AT, ref: `refs/heads/${name}`, sha });
  expect((await refusal(created)).message).toContain('is not a valid ref name');
});

test('a push by a git client is announced with a signed webhook', async () => {
  const clone = join(folder.path, 'push');
  await git(folder.path, 'clone', '-q', cloneUrl(), clone);
  const before = await git(clone, 'rev-parse', 'HEAD');
  await writeFile(join(clone, 'envs/dev/app.yaml'), 'image: a:2\n');
  await writeFile(join(clone, 'new.txt'), 'new\n');
  await git(clone, 'rm', '-q', 'README.md');
  await git(clone, 'add', '-A');
  await git(clone, 'commit', '-q', '-m', 'Ship a:2');
  await world.sandbox.idle();
  world.hooks.received.length = 0;
  await git(clone, 'push', '-q', 'origin', 'HEAD:main');
  await world.sandbox.idle();

  const after = await git(clone, 'rev-parse', 'HEAD');
  expect(await mainSha()).toBe(after);
  expect(world.hooks.received).toHaveLength(1);
  const { headers, body } = world.hooks.received[0] ?? { headers: {}, body: '' };
  expect(headers['x-github-event']).toBe('push');
  const digest = createHmac('sha256', SECRET).update(body).digest('hex');
  expect(headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
  expect(JSON.parse(body)).toMatchObject({
    ref: 'refs/heads/main',
    before,
    after,
    created: false,
    deleted: false,
    forced: false,
    commits: [
      {
        id: after,
        message: 'Ship a:2',
        author: { username: 'alice' },
        added: ['new.txt'],
        removed: ['README.md'],
        modified: ['envs/dev/app.yaml'],
      },
    ],
    head_commit: { id: after },
    pusher: { name: 'alice' },
    repository: { full_name: 'acme/gitops', default_branch: 'main', master_branch: 'main' },
    organization: { login: 'acme' },
    sender: { login: 'alice' },
    installation: { id: world.installation.id },
  });
  expect(world.sandbox.deliveries.at(-1)).toMatchObject({
    event: 'push',
    statusCode: 202,
    guid: headers['x-github-delivery'],
  });

  const { data: compared } = await world.as.bot.rest.repos.compareCommitsWithBasehead({
    ...AT,
    basehead: `${before}...main`,
  });
  expect(compared).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0 });
  const changed = compared.files?.find((file) => file.filename === 'envs/dev/app.yaml');
  expect(changed?.patch).toBe('@@ -1 +1 @@\n-image: a:1\n+image: a:2');
});

test('a branch and its end are announced, and the App that did it hears of it too', async () => {
  await world.sandbox.idle();
  world.hooks.received.length = 0;
  const commit = await commitByApp('short-lived', { 'x.txt': 'x' });
  await world.as.bot.rest.git.deleteRef({ ...AT, ref: 'heads/short-lived' });
  await world.sandbox.idle();
  const events = world.hooks.received.map(({ headers, body }) => {
    const { ref, created, deleted, before, after, sender } = JSON.parse(body);
    return [headers['x-github-event'], ref, created, deleted, before, after, sender.login];
  });
  const zero = '0'.repeat(40);
  const [bot, ref] = ['sluice[bot]', 'refs/heads/short-lived'];
  expect(events).toEqual([
    ['create', 'short-lived', undefined, undefined, undefined, undefined, bot],
    ['push', ref, true, false, zero, commit.sha, bot],
    ['delete', 'short-lived', undefined, undefined, undefined, undefined, bot],
    ['push', ref, false, true, commit.sha, zero, bot],
  ]);
});

test('protection refuses a push of git and of the API alike, and nothing moves', async () => {
  const { sandbox } = world;
  const before = await mainSha();
  const asked = sandbox.context.onBeforePush;
  sandbox.context.onBeforePush = async (_, { ref }) =>
    ref === 'refs/heads/main' ? 'GH006: main is protected' : null;
  try {
    const clone = join(folder.path, 'protected');
    await git(folder.path, 'clone', '-q', cloneUrl(), clone);
    await git(clone, 'commit', '-q', '--allow-empty', '-m', 'No');
    await expect(git(clone, 'push', 'origin', 'HEAD:main', 'HEAD:allowed')).rejects.toThrow(
      'GH006: main is protected',
    );
    const head = await git(clone, 'rev-parse', 'HEAD');
    const { data: allowed } = await world.as.bot.rest.git.getRef({ ...AT, ref: 'heads/allowed' });
    expect(allowed.object.sha).toBe(head);
    const moved = world.as.bot.rest.git.updateRef({ ...AT, ref: 'heads/main', sha: head });
    expect(await refusal(moved)).toEqual({ status: 422, message: 'GH006: main is protected' });
    const put = { ...AT, path: 'x', message: 'x', content: '' };
    expect((await refusal(world.as.bot.rest.repos.createOrUpdateFileContents(put))).status).toBe(409);
  } finally {
    sandbox.context.onBeforePush = asked;
  }
  expect(await mainSha()).toBe(before);
});

test('who may not push with git is told so', async () => {
  const clone = join(folder.path, 'denied');
  const url = world.sandbox.cloneUrl(world.repository, world.mallory.token);
  await git(folder.path, 'clone', '-q', url, clone);
  await git(clone, 'commit', '-q', '--allow-empty', '-m', 'No');
  await expect(git(clone, 'push', 'origin', 'HEAD:main')).rejects.toThrow('403');
  const hidden = world.sandbox.cloneUrl(world.hidden, world.mallory.token);
  await expect(git(folder.path, 'clone', hidden, 'x')).rejects.toThrow('not found');
  const wrong = world.sandbox.cloneUrl(world.hidden, 'ghp_wrong');
  await expect(git(folder.path, 'clone', wrong, 'y')).rejects.toThrow('Authentication failed');
});

test('an installation token clones a private repository, and pushes with the right to write only', async () => {
  const auth = octokitForApp(world.sandbox, world.app);
  const grant = async (permissions: { contents: 'read' | 'write' }) => {
    const id = world.installation.id;
    const answer = await auth.rest.apps.createInstallationAccessToken({ installation_id: id, permissions });
    return world.sandbox.cloneUrl(world.hidden, answer.data.token);
  };
  const clone = join(folder.path, 'hidden');
  await git(folder.path, 'clone', '-q', await grant({ contents: 'read' }), clone);
  await git(clone, 'commit', '-q', '--allow-empty', '-m', 'From the App');
  await expect(git(clone, 'push', 'origin', 'HEAD:main')).rejects.toThrow('403');
  await git(clone, 'push', '-q', await grant({ contents: 'write' }), 'HEAD:main');
  const { data } = await world.as.bot.rest.repos.getCommit({ owner: 'acme', repo: 'hidden', ref: 'main' });
  expect(data.commit.message).toBe('From the App');
});

function cloneUrl(): string {
  return world.sandbox.cloneUrl(world.repository, world.alice.token);
}

async function mainSha(): Promise<string> {
  return (await world.as.bot.rest.git.getRef({ ...AT, ref: 'heads/main' })).data.object.sha;
}

test('a repository without a commit has no git data until a file or a push makes the first one', async () => {
  const { sandbox, as } = world;
  for (const [name, begin] of [
    ['by-file', () => writeFirstFile('by-file')],
    ['by-push', () => pushFirstCommit('by-push')],
  ] as const) {
    await sandbox.addRepository({ owner: 'acme', name, collaborators: { alice: 'write' } });
    const there = { owner: 'acme', repo: name };
    const empty = { status: 409, message: 'Git Repository is empty.' };
    expect(await refusal(as.alice.repos.listCommits(there))).toEqual(empty);
    expect(await refusal(as.alice.repos.getCommit({ ...there, ref: 'heads/main' }))).toEqual(empty);
    expect(await refusal(as.alice.git.getRef({ ...there, ref: 'heads/main' }))).toEqual(empty);
    const tree = [{ path: 'a', mode: '100644', type: 'blob', content: 'a' }] as const;
    expect(await refusal(as.alice.git.createTree({ ...there, tree: [...tree] }))).toEqual(empty);
    expect((await refusal(as.alice.repos.getContent({ ...there, path: 'a' }))).status).toBe(404);
    expect((await as.alice.repos.listBranches(there)).data).toEqual([]);
    await begin();
    const { data } = await as.alice.repos.listCommits(there);
    expect(data.map(({ commit, parents }) => [commit.message, parents])).toEqual([['Begin', []]]);
  }
});

async function writeFirstFile(repo: string): Promise<void> {
  const content = Buffer.from('a\n').toString('base64');
  const file = { owner: 'acme', repo, path: 'a.txt', message: 'Begin', content };
  await world.as.alice.repos.createOrUpdateFileContents(file);
}

async function pushFirstCommit(name: string): Promise<void> {
  const folder = await temporaryDirectory();
  try {
    const repository = world.sandbox.state.repositories.get(`acme/${name}`);
    if (!repository) throw new Error(`there is no ${name}`);
    await git(folder.path, 'clone', '-q', world.sandbox.cloneUrl(repository, world.alice.token), 'work');
    const work = join(folder.path, 'work');
    await git(work, 'commit', '-q', '--allow-empty', '-m', 'Begin');
    await git(work, 'push', '-q', 'origin', 'HEAD:main');
  } finally {
    await folder.remove();
  }
}
