import { type Base, commit, eventually, makeBase, propose, refused, TARGETS, type Target } from './target.ts';

describe.each(TARGETS)('pull requests on $name', ({ start }) => {
  let target: Target;
  let base: Base;
  beforeAll(async () => {
    target = await start();
    base = await makeBase(target);
  });
  afterAll(() => target?.finish());

  test('one head has one open pull request for a base', async () => {
    const { client, repo } = target;
    const pull = await propose(target, base, 'once', { 'once.txt': '1\n' });
    const again = { ...repo, title: 'Again', head: pull.head.ref, base: base.name };
    const { status, text } = await refused(client.pulls.create(again));
    expect([status, text]).toEqual([422, expect.stringMatching(/already exists/i)]);
  });

  test('a head without commits of its own has nothing to propose', async () => {
    const { client, repo, prefix } = target;
    await client.git.createRef({ ...repo, ref: `refs/heads/${prefix}same`, sha: base.sha });
    const same = { ...repo, title: 'Same', head: `${prefix}same`, base: base.name };
    const { status, text } = await refused(client.pulls.create(same));
    expect([status, text]).toEqual([422, expect.stringMatching(/no commits between/i)]);
  });

  test('title and body are changed, and a closed one is found by its branch', async () => {
    const { client, repo } = target;
    const pull = await propose(target, base, 'changed', { 'changed.txt': '1\n' });
    await client.pulls.update({ ...pull.at, title: 'Another title', body: 'Another body' });
    const { data } = await client.pulls.get(pull.at);
    expect([data.title, data.body, data.state, data.merged_at]).toEqual([
      'Another title',
      'Another body',
      'open',
      null,
    ]);
    await client.pulls.update({ ...pull.at, state: 'closed' });
    const closed = { ...repo, state: 'closed', head: `${repo.owner}:${pull.head.ref}` } as const;
    const list = async () => (await client.pulls.list(closed)).data.map(({ number }) => number);
    expect(await eventually(list, (found) => found.length > 0)).toEqual([pull.number]);
  });

  test('it follows its branch, and is closed when the branch is deleted', async () => {
    const { client, repo } = target;
    const pull = await propose(target, base, 'followed', { 'followed.txt': '1\n' });
    const next = await commit(target, { parents: [pull.head.sha], files: { 'followed.txt': '2\n' } });
    const ref = `heads/${pull.head.ref}`;
    await client.git.updateRef({ ...repo, ref, sha: next, force: false });
    const read = async () => (await client.pulls.get(pull.at)).data;
    await eventually(read, ({ head }) => head.sha === next);
    await client.git.deleteRef({ ...repo, ref });
    await eventually(read, ({ state }) => state === 'closed');
  });

  test('its files tell where a renamed one came from', async () => {
    const { client, repo } = target;
    const { data: readme } = await client.repos.getContent({ ...repo, path: 'long.txt', ref: base.name });
    const content = 'content' in readme ? Buffer.from(readme.content, 'base64').toString() : '';
    const pull = await propose(target, base, 'renames', { 'long.txt': null, 'renamed.txt': content });
    const { data } = await client.pulls.listFiles(pull.at);
    expect(data.map((file) => [file.filename, file.status, file.previous_filename])).toEqual([
      ['renamed.txt', 'renamed', 'long.txt'],
    ]);
  });

  test('an open one is found by the commit that it brings', async () => {
    const { client, repo } = target;
    const pull = await propose(target, base, 'by-commit', { 'by-commit.txt': '1\n' });
    const list = async () => {
      const at = { ...repo, commit_sha: pull.head.sha };
      const { data } = await client.repos.listPullRequestsAssociatedWithCommit(at);
      return data.map(({ number }) => number);
    };
    expect(await eventually(list, (found) => found.length > 0)).toEqual([pull.number]);
  });

  test('a label that the repository does not have is made by adding it', async () => {
    const { client, repo, prefix } = target;
    const pull = await propose(target, base, 'labelled', { 'labelled.txt': '1\n' });
    const labels = [`${prefix}promotion`];
    await client.issues.addLabels({ ...repo, issue_number: pull.number, labels });
    expect((await client.pulls.get(pull.at)).data.labels.map(({ name }) => name)).toEqual(labels);
  });

  test('nobody is asked for a review who does not exist', async () => {
    const reviewers = [`nobody-${target.prefix.replace(/\W/g, '')}`.slice(0, 39)];
    const pull = await propose(target, base, 'reviewed', { 'reviewed.txt': '1\n' });
    expect((await refused(target.client.pulls.requestReviewers({ ...pull.at, reviewers }))).status).toBe(422);
  });

  test('it is merged only at the head that was named, once, and as it was asked', async () => {
    const { client, repo } = target;
    const own = await makeBase(target, 'base-of-merge');
    const pull = await propose(target, own, 'merged', { 'merged.txt': '1\n' });
    await eventually(
      async () => (await client.pulls.get(pull.at)).data.mergeable,
      (mergeable) => mergeable === true,
    );
    const merge = {
      ...pull.at,
      merge_method: 'squash',
      commit_title: 'Title',
      commit_message: 'Body',
    } as const;
    expect((await refused(client.pulls.merge({ ...merge, sha: own.sha }))).status).toBe(409);
    const { data: merged } = await client.pulls.merge({ ...merge, sha: pull.head.sha });
    expect(merged.merged).toBe(true);
    const { data: made } = await client.git.getCommit({ ...repo, commit_sha: merged.sha });
    expect(made.parents.map(({ sha }) => sha)).toEqual([own.sha]);
    expect(made.message).toBe('Title\n\nBody');
    const after = await eventually(
      async () => (await client.pulls.get(pull.at)).data,
      ({ merged_at }) => merged_at !== null,
    );
    expect([after.state, after.merge_commit_sha]).toEqual(['closed', merged.sha]);
    expect((await refused(client.pulls.merge({ ...merge, sha: pull.head.sha }))).status).toBe(405);
  });

  test('a conflict is told as not mergeable, and refused with 405', async () => {
    const { client, repo } = target;
    const own = await makeBase(target, 'base-of-conflict');
    const pull = await propose(target, own, 'conflict', { 'README.md': '# Mine\n' });
    const theirs = await commit(target, { parents: [own.sha], files: { 'README.md': '# Theirs\n' } });
    await client.git.updateRef({ ...repo, ref: `heads/${own.name}`, sha: theirs, force: false });
    await eventually(
      async () => (await client.pulls.get(pull.at)).data.mergeable,
      (mergeable) => mergeable === false,
    );
    expect((await refused(client.pulls.merge({ ...pull.at, sha: pull.head.sha }))).status).toBe(405);
  });
});
