import { refusal } from './core-clients.ts';
import { startWorld } from './core-world.ts';

const AT = { owner: 'acme', repo: 'gitops' };
const RAW = { accept: 'application/vnd.github.raw+json' };
let world: Awaited<ReturnType<typeof startWorld>>;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** Commits files to main in one go, as the App. */
async function commitFiles(files: Record<string, string>) {
  const { git } = world.as.bot.rest;
  const base = (await git.getRef({ ...AT, ref: 'heads/main' })).data.object.sha;
  const tree = Object.entries(files).map(([path, content]) => ({ path, mode: '100644' as const, content }));
  const made = await git.createTree({ ...AT, base_tree: base, tree });
  const commit = await git.createCommit({ ...AT, message: 'Files', tree: made.data.sha, parents: [base] });
  await git.updateRef({ ...AT, ref: 'heads/main', sha: commit.data.sha });
  return { commit: commit.data.sha, tree: made.data };
}

test('a folder of more than 1,000 entries ends there without a word, its tree does not', async () => {
  const names = Array.from({ length: 1003 }, (_, at) => `many/f${String(at).padStart(4, '0')}`);
  await commitFiles(Object.fromEntries(names.map((name) => [name, 'x'])));
  const { data: listed } = await world.as.alice.rest.repos.getContent({ ...AT, path: 'many' });
  expect(Array.isArray(listed) && listed.length).toBe(1000);
  const whole = { ...AT, tree_sha: 'main', recursive: '1' };
  const { data: tree } = await world.as.alice.rest.git.getTree(whole);
  expect(tree.truncated).toBe(false);
  expect(tree.tree.filter((entry) => entry.path?.startsWith('many/'))).toHaveLength(1003);
});

test('files above 1 MB come raw only, and above the next limit not at all', async () => {
  const { repos, git } = world.as.alice.rest;
  const large = 'line\n'.repeat(220_000);
  await commitFiles({ 'large.txt': large });
  const { data } = await repos.getContent({ ...AT, path: 'large.txt' });
  expect(data).toMatchObject({ type: 'file', encoding: 'none', content: '', size: large.length });
  const raw = await repos.getContent({ ...AT, path: 'large.txt', headers: RAW });
  expect(raw.headers['content-type']).toContain('application/vnd.github.raw+json');
  expect(String(raw.data) === large).toBe(true);
  const { truncation } = world.sandbox.state;
  const before = truncation.blobBytes;
  truncation.blobBytes = 1_000_000;
  try {
    const refused = await refusal(repos.getContent({ ...AT, path: 'large.txt', headers: RAW }));
    expect(refused).toMatchObject({ status: 403, message: expect.stringContaining('too large to fetch') });
    const blob = git.getBlob({ ...AT, file_sha: Array.isArray(data) ? '' : data.sha });
    expect((await refusal(blob)).status).toBe(403);
  } finally {
    truncation.blobBytes = before;
  }
});

test('a tree beyond the limit says that it was cut off', async () => {
  const { truncation } = world.sandbox.state;
  const before = { ...truncation };
  const read = async () => {
    const whole = { ...AT, tree_sha: 'main', recursive: '1' };
    const { data } = await world.as.bot.rest.git.getTree(whole);
    return { truncated: data.truncated, count: data.tree.length };
  };
  const { count } = await read();
  truncation.treeEntries = 3;
  try {
    expect(await read()).toEqual({ truncated: true, count: 3 });
    Object.assign(truncation, { ...before, treeBytes: 1000 });
    const cut = await read();
    expect([cut.truncated, cut.count > 0, cut.count < count]).toEqual([true, true, true]);
  } finally {
    Object.assign(truncation, before);
  }
});

test('a file is deleted by who names its blob, and only then', async () => {
  const { repos } = world.as.alice.rest;
  await commitFiles({ 'old/app.yaml': 'a: 1\n', 'old/keep.yaml': 'b: 1\n' });
  const { data } = await repos.getContent({ ...AT, path: 'old/app.yaml' });
  const sha = Array.isArray(data) ? '' : data.sha;
  const file = { ...AT, path: 'old/app.yaml', message: 'Remove it' };
  expect((await refusal(repos.deleteFile({ ...file, sha: '0'.repeat(40) }))).status).toBe(409);
  const reader = world.as.mallory.rest.repos.deleteFile({ ...file, sha });
  expect((await refusal(reader)).status).toBe(403);
  const deleted = await repos.deleteFile({ ...file, sha });
  expect(deleted.data).toMatchObject({ content: null, commit: { message: 'Remove it' } });
  expect((await refusal(repos.getContent({ ...AT, path: 'old/app.yaml' }))).status).toBe(404);
  expect((await repos.getContent({ ...AT, path: 'old/keep.yaml' })).status).toBe(200);
  expect((await refusal(repos.deleteFile({ ...file, sha }))).status).toBe(404);
});

test('a link is read as the file that it leads to, or as a link when it leads out', async () => {
  const { git, repos } = world.as.bot.rest;
  const base = (await git.getRef({ ...AT, ref: 'heads/main' })).data.object.sha;
  const mode = '120000' as const;
  const tree = [
    { path: 'envs/link', mode, content: 'dev/app.yaml' },
    { path: 'envs/away', mode, content: '/etc/passwd' },
  ];
  const made = await git.createTree({ ...AT, base_tree: base, tree });
  const input = { ...AT, message: 'Links', tree: made.data.sha, parents: [base] };
  const ref = (await git.createCommit(input)).data.sha;
  const link = await repos.getContent({ ...AT, ref, path: 'envs/link', headers: RAW });
  expect(link.data).toBe('image: a:1\n');
  const { data: away } = await repos.getContent({ ...AT, ref, path: 'envs/away' });
  expect(away).toMatchObject({ type: 'symlink', target: '/etc/passwd' });
});

test('an annotated tag is an object of its own, which a ref makes visible', async () => {
  const { git, repos } = world.as.bot.rest;
  const { data: main } = await git.getRef({ ...AT, ref: 'heads/main' });
  const tag = {
    ...AT,
    tag: 'v1.4.2',
    message: 'The release',
    object: main.object.sha,
    type: 'commit' as const,
  };
  const wrong = git.createTag({ ...tag, object: '1'.repeat(40) });
  expect((await refusal(wrong)).status).toBe(422);
  const { data: made } = await git.createTag(tag);
  expect(made).toMatchObject({ tag: 'v1.4.2', message: 'The release', tagger: { name: 'sluice[bot]' } });
  expect((await git.listMatchingRefs({ ...AT, ref: 'tags/v1' })).data).toEqual([]);
  await git.createRef({ ...AT, ref: 'refs/tags/v1.4.2', sha: made.sha });
  await git.createRef({ ...AT, ref: 'refs/tags/v1.5.0', sha: main.object.sha });
  const { data: refs } = await git.listMatchingRefs({ ...AT, ref: 'tags/v1' });
  expect(refs.map((one) => [one.ref, one.object.type])).toEqual([
    ['refs/tags/v1.4.2', 'tag'],
    ['refs/tags/v1.5.0', 'commit'],
  ]);
  const read = await git.getTag({ ...AT, tag_sha: refs[0]?.object.sha ?? '' });
  expect(read.data.object).toMatchObject({ sha: main.object.sha, type: 'commit' });
  expect((await repos.getCommit({ ...AT, ref: 'v1.4.2' })).data.sha).toBe(main.object.sha);
  expect((await refusal(git.getTag({ ...AT, tag_sha: main.object.sha }))).status).toBe(404);
});

test('a branch moves forward freely, backward by force only, and the refusals say why', async () => {
  const { git } = world.as.bot.rest;
  const { data: tip } = await git.getRef({ ...AT, ref: 'heads/main' });
  const { data: commit } = await git.getCommit({ ...AT, commit_sha: tip.object.sha });
  const parent = commit.parents[0]?.sha ?? '';
  await git.createRef({ ...AT, ref: 'refs/heads/moving', sha: parent });
  const move = (sha: string, force = false) => git.updateRef({ ...AT, ref: 'heads/moving', sha, force });
  expect((await move(tip.object.sha)).data.object.sha).toBe(tip.object.sha);
  expect(await refusal(move(parent))).toEqual({ status: 422, message: 'Update is not a fast forward' });
  expect((await move(parent, true)).data.object.sha).toBe(parent);
  expect(await refusal(move('1'.repeat(40)))).toEqual({ status: 422, message: 'Object does not exist' });
  expect(await refusal(git.updateRef({ ...AT, ref: 'heads/none', sha: parent }))).toEqual({
    status: 422,
    message: 'Reference does not exist',
  });
  const again = git.createRef({ ...AT, ref: 'refs/heads/moving', sha: parent });
  expect(await refusal(again)).toEqual({ status: 422, message: 'Reference already exists' });
});
