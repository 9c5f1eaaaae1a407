import { type Base, branch, commit, eventually, makeBase, refused, TARGETS, type Target } from './target.ts';

describe.each(TARGETS)('git on $name', ({ start }) => {
  let target: Target;
  let base: Base;
  beforeAll(async () => {
    target = await start();
    base = await makeBase(target);
  });
  afterAll(() => target?.finish());

  const NOBODY = '0123456789'.repeat(4);

  test('a tree takes inline content, keeps what is not named, and loses what has the sha null', async () => {
    const { client, repo } = target;
    const files = { 'envs/dev/values.yaml': 'tag: v2\n', 'README.md': null };
    const sha = await commit(target, { parents: [base.sha], files });
    const { data: made } = await client.git.getCommit({ ...repo, commit_sha: sha });
    const { data } = await client.git.getTree({ ...repo, tree_sha: made.tree.sha, recursive: '1' });
    expect(data.truncated).toBe(false);
    const blobs = data.tree
      .filter(({ type }) => type === 'blob')
      .map(({ path, mode, size }) => [path, mode, size]);
    expect(blobs.slice(0, 2)).toEqual([
      ['envs/dev/values.yaml', '100644', 8],
      ['envs/prod/values.yaml', '100644', 8],
    ]);
    expect(blobs.map(([path]) => path)).not.toContain('README.md');
    expect(data.tree.filter(({ type }) => type === 'tree').map(({ path }) => path)).toEqual([
      'envs',
      'envs/dev',
      'envs/prod',
    ]);
    const blob = data.tree.find(({ path }) => path === 'envs/dev/values.yaml');
    const { data: read } = await client.git.getBlob({ ...repo, file_sha: blob?.sha ?? '' });
    expect([read.encoding, Buffer.from(read.content, 'base64').toString()]).toEqual(['base64', 'tag: v2\n']);
  });

  test('a commit has the parents that were given, in their order', async () => {
    const other = await commit(target, { parents: [base.sha], files: { 'other.txt': 'o\n' } });
    const merge = await commit(target, { parents: [other, base.sha], files: { 'merge.txt': 'm\n' } });
    const { data } = await target.client.repos.getCommit({ ...target.repo, ref: merge });
    expect(data.parents.map(({ sha }) => sha)).toEqual([other, base.sha]);
  });

  test('what an App commits without an author is signed by GitHub as its own; what a person commits is not', async () => {
    const sha = await commit(target, { parents: [base.sha], files: { 'signed.txt': 's\n' } });
    const { data } = await target.client.repos.getCommit({ ...target.repo, ref: sha });
    expect(data.commit.verification?.verified).toBe(target.isApp);
    expect(data.author && 'type' in data.author && data.author.type).toBe(target.isApp ? 'Bot' : 'User');
  });

  test('a commit tells its files, with patches and where a renamed one came from', async () => {
    const { client, repo } = target;
    const { data: long } = await client.repos.getContent({ ...repo, path: 'long.txt', ref: base.sha });
    const content = 'content' in long ? Buffer.from(long.content, 'base64').toString() : '';
    const files = { 'long.txt': null, 'longer.txt': content, 'envs/prod/values.yaml': 'tag: v1\n' };
    const sha = await commit(target, { parents: [base.sha], files });
    const { data } = await client.repos.getCommit({ ...repo, ref: sha });
    const told = (data.files ?? []).map((file) => [file.filename, file.status, file.previous_filename]);
    expect(told).toEqual([
      ['envs/prod/values.yaml', 'modified', undefined],
      ['longer.txt', 'renamed', 'long.txt'],
    ]);
    expect(data.files?.[0]?.patch).toContain('-tag: v0\n+tag: v1');
  });

  test('commits are listed newest first, and by path only those that touched it', async () => {
    const { client, repo } = target;
    const first = await commit(target, {
      parents: [base.sha],
      files: { 'envs/dev/values.yaml': 'tag: v3\n' },
    });
    const second = await commit(target, { parents: [first], files: { 'README.md': '# Two\n' } });
    const third = await commit(target, { parents: [second], files: { 'envs/dev/values.yaml': 'tag: v4\n' } });
    await branch(target, 'history', third);
    const list = async (path?: string) => {
      const { data } = await client.repos.listCommits({ ...repo, sha: third, path });
      return data.map(({ sha }) => sha);
    };
    expect(await list()).toEqual([third, second, first, base.sha]);
    expect(await list('envs/dev')).toEqual([third, first, base.sha]);
  });

  test('a branch cannot be made twice', async () => {
    const { client, repo, prefix } = target;
    await branch(target, 'twice', base.sha);
    const again = client.git.createRef({ ...repo, ref: `refs/heads/${prefix}twice`, sha: base.sha });
    const { status, text } = await refused(again);
    expect([status, text]).toEqual([422, expect.stringMatching(/already exists/i)]);
  });

  test('a branch moves forward, and elsewhere only by force', async () => {
    const { client, repo } = target;
    const [one, two] = [
      await commit(target, { parents: [base.sha], files: { 'one.txt': '1\n' } }),
      await commit(target, { parents: [base.sha], files: { 'two.txt': '2\n' } }),
    ];
    const ref = `heads/${await branch(target, 'moves', base.sha)}`;
    const tip = async () => (await client.git.getRef({ ...repo, ref })).data.object.sha;
    await client.git.updateRef({ ...repo, ref, sha: one, force: false });
    const { status, text } = await refused(client.git.updateRef({ ...repo, ref, sha: two, force: false }));
    expect([status, text]).toEqual([422, expect.stringMatching(/fast.forward/i)]);
    expect(await tip()).toBe(one);
    await client.git.updateRef({ ...repo, ref, sha: two, force: true });
    expect(await eventually(tip, (sha) => sha === two)).toBe(two);
  });

  test('a branch that is not there is not read, moved or deleted', async () => {
    const { client, repo, prefix } = target;
    const ref = `heads/${prefix}nowhere`;
    expect((await refused(client.git.getRef({ ...repo, ref }))).status).toBe(404);
    expect((await refused(client.repos.listCommits({ ...repo, sha: `${prefix}nowhere` }))).status).toBe(404);
    for (const write of [
      () => client.git.updateRef({ ...repo, ref, sha: base.sha, force: true }),
      () => client.git.deleteRef({ ...repo, ref }),
    ]) {
      const { status, text } = await refused(write());
      expect([status, text]).toEqual([422, expect.stringMatching(/does not exist/i)]);
    }
  });

  test('the commit of a branch or a SHA that is not there is 404 or 422', async () => {
    const { client, repo, prefix } = target;
    for (const ref of [`heads/${prefix}nowhere`, NOBODY])
      expect([404, 422]).toContain((await refused(client.repos.getCommit({ ...repo, ref }))).status);
  });

  test('a file is read by its path, a folder is a list, and what is not there is 404', async () => {
    const { client, repo } = target;
    const at = { ...repo, ref: base.name };
    const { data: file } = await client.repos.getContent({ ...at, path: 'envs/dev/values.yaml' });
    expect(file).toMatchObject({ type: 'file', encoding: 'base64' });
    const { data: folder } = await client.repos.getContent({ ...at, path: 'envs' });
    expect(Array.isArray(folder) && folder.map(({ name, type }) => [name, type])).toEqual([
      ['dev', 'dir'],
      ['prod', 'dir'],
    ]);
    for (const missing of [
      { ...at, path: 'envs/nowhere.yaml' },
      { ...at, path: 'README.md', ref: `${base.name}-gone` },
    ])
      expect((await refused(client.repos.getContent(missing))).status).toBe(404);
  });

  test('a repository without a commit has none to read', async () => {
    // On GitHub this one must be given, and is not asked for when it is not.
    for (const empty of target.empty ? [target.empty] : []) {
      const { data } = await target.client.repos.get(empty);
      const ref = `heads/${data.default_branch}`;
      expect((await refused(target.client.repos.getCommit({ ...empty, ref }))).status).toBe(409);
    }
  });
});
