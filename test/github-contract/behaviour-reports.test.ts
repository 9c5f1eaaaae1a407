import { type Base, commit, eventually, makeBase, propose, refused, TARGETS, type Target } from './target.ts';

describe.each(TARGETS)('checks and comments on $name', ({ start }) => {
  let target: Target;
  let base: Base;
  beforeAll(async () => {
    target = await start();
    base = await makeBase(target);
  });
  afterAll(() => target?.finish());

  const NOBODY = '0123456789'.repeat(4);

  test('statuses are listed newest first, all that were ever reported', async () => {
    const { client, repo } = target;
    const sha = await commit(target, { parents: [base.sha], files: { 'status.txt': '1\n' } });
    const report = (context: string, state: 'pending' | 'success') =>
      client.repos.createCommitStatus({ ...repo, sha, context, state });
    await report('ci/one', 'pending');
    await report('ci/two', 'pending');
    await report('ci/one', 'success');
    const list = async () => (await client.repos.listCommitStatusesForRef({ ...repo, ref: sha })).data;
    const found = await eventually(list, ({ length }) => length === 3);
    expect(found.map(({ context, state }) => `${context} ${state}`)).toEqual([
      'ci/one success',
      'ci/two pending',
      'ci/one pending',
    ]);
    const { data: combined } = await client.repos.getCombinedStatusForRef({ ...repo, ref: sha });
    expect([combined.state, combined.statuses.length]).toEqual(['pending', 2]);
  });

  test('nothing is reported on a commit that is not there', async () => {
    const { client, repo, isApp } = target;
    const status = { ...repo, sha: NOBODY, context: 'ci', state: 'success' } as const;
    expect((await refused(client.repos.createCommitStatus(status))).status).toBe(422);
    const run = client.checks.create({ ...repo, name: 'gates', head_sha: NOBODY });
    expect((await refused(run)).status).toBe(isApp ? 422 : 403);
  });

  test('check runs are of Apps; the newest of a name counts', async () => {
    const { client, repo, isApp } = target;
    const sha = await commit(target, { parents: [base.sha], files: { 'check.txt': '1\n' } });
    const gates = { ...repo, name: 'gates', head_sha: sha, external_id: 'one' };
    if (!isApp) {
      const { status, text } = await refused(client.checks.create(gates));
      expect([status, text]).toEqual([403, expect.stringContaining('authenticate via a GitHub App')]);
      return;
    }
    const { data: run } = await client.checks.create({ ...gates, status: 'in_progress' });
    expect([run.status, run.conclusion]).toEqual(['in_progress', null]);
    const output = { title: 'All passed', summary: 'Nothing waits' };
    const done = {
      ...repo,
      check_run_id: run.id,
      status: 'completed',
      conclusion: 'success',
      output,
    } as const;
    await client.checks.update(done);
    const list = async () => (await client.checks.listForRef({ ...repo, ref: sha })).data.check_runs;
    const [first] = await eventually(list, ([found]) => found?.conclusion === 'success');
    expect([first?.id, first?.external_id, first?.output.title]).toEqual([run.id, 'one', 'All passed']);
    const { data: second } = await client.checks.create({ ...gates, status: 'in_progress' });
    const now = await eventually(list, ([found]) => found?.id === second.id);
    expect(now.map(({ id, app }) => [id, app?.id])).toEqual([[second.id, run.app?.id]]);
  });

  test('a comment tells by its times whether it was edited', async () => {
    const { client, repo } = target;
    const pull = await propose(target, base, 'talked', { 'talked.txt': '1\n' });
    const { data } = await client.issues.createComment({ ...repo, issue_number: pull.number, body: '/hold' });
    expect(data.updated_at).toBe(data.created_at);
    expect(data.issue_url).toMatch(new RegExp(`/issues/${pull.number}$`));
    // Times are whole seconds: an edit within the second of the comment does not show.
    const edit = async () => {
      target.passTime();
      return (await client.issues.updateComment({ ...repo, comment_id: data.id, body: '/promote' })).data;
    };
    const edited = await eventually(edit, ({ updated_at: at, created_at: from }) => at !== from);
    expect([edited.created_at, edited.body]).toEqual([data.created_at, '/promote']);
    await client.issues.deleteComment({ ...repo, comment_id: data.id });
    expect((await refused(client.issues.getComment({ ...repo, comment_id: data.id }))).status).toBe(404);
  });

  test('the same reaction twice is one reaction', async () => {
    const { client, repo } = target;
    const pull = await propose(target, base, 'liked', { 'liked.txt': '1\n' });
    const { data } = await client.issues.createComment({ ...repo, issue_number: pull.number, body: '/hold' });
    const react = () =>
      client.reactions.createForIssueComment({ ...repo, comment_id: data.id, content: 'rocket' });
    const [first, second] = [await react(), await react()];
    expect([first.status, second.status, second.data.id]).toEqual([201, 200, first.data.id]);
  });

  test('who is not there has no role', async () => {
    const username = `nobody-${target.prefix.replace(/\W/g, '')}`.slice(0, 39);
    const role = target.client.repos.getCollaboratorPermissionLevel({ ...target.repo, username });
    expect((await refused(role)).status).toBe(404);
  });
});
