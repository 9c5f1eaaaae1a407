import { completeWorkflowRun } from '../../src/sandbox/routes/actions.ts';
import { commitFile, HERE, propose, received, startTeam, type Team } from './collaboration-world.ts';
import { refusal } from './core-clients.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterAll(() => team.stop());
beforeEach(async () => {
  await team.sandbox.idle();
  team.hooks.received.length = 0;
});

/** What has arrived since the test began, as `event.action`, and the payloads by that name. */
async function arrived() {
  const all = await received(team.sandbox, team.hooks);
  const names = all.map(({ event, payload }) => (payload.action ? `${event}.${payload.action}` : event));
  const last = (name: string) => all[names.lastIndexOf(name)]?.payload ?? {};
  return { names, last };
}

test('the life of a pull request arrives signed and in order', async () => {
  const { alice, bob } = team.as;
  const pull = await propose(alice, { branch: 'life', path: 'life.txt', content: '1\n' });
  const at = { ...HERE, pull_number: pull.number };
  await alice.issues.addLabels({ ...HERE, issue_number: pull.number, labels: ['promotion'] });
  await alice.issues.removeLabel({ ...HERE, issue_number: pull.number, name: 'promotion' });
  await alice.pulls.update({ ...at, title: 'Another title' });
  await alice.pulls.requestReviewers({ ...at, reviewers: ['bob'], team_reviewers: ['sre'] });
  expect((await refusal(alice.pulls.requestReviewers({ ...at, reviewers: ['carol'] }))).status).toBe(422);
  const after = await commitFile(alice, { branch: 'life', path: 'life.txt', content: '2\n' });
  const review = await bob.pulls.createReview({ ...at, event: 'APPROVE' });
  await bob.pulls.dismissReview({ ...at, review_id: review.data.id, message: 'too early' });
  await alice.pulls.update({ ...at, state: 'closed' });
  await alice.pulls.update({ ...at, state: 'open' });
  await bob.pulls.merge(at);
  const { names, last } = await arrived();
  expect(names.filter((name) => name.startsWith('pull_request'))).toEqual([
    ...['pull_request.opened', 'pull_request.labeled', 'pull_request.unlabeled', 'pull_request.edited'],
    ...['pull_request.review_requested', 'pull_request.review_requested', 'pull_request.synchronize'],
    ...['pull_request_review.submitted', 'pull_request_review.dismissed', 'pull_request.closed'],
    ...['pull_request.reopened', 'pull_request.closed'],
  ]);
  expect(last('pull_request.edited').changes).toEqual({ title: { from: 'Change life.txt' } });
  expect(last('pull_request.synchronize')).toMatchObject({ before: pull.head.sha, after });
  expect(last('pull_request_review.submitted').review).toMatchObject({ state: 'approved', commit_id: after });
  expect(last('pull_request.closed')).toMatchObject({
    number: pull.number,
    pull_request: { merged: true, merged_by: { login: 'bob' }, head: { sha: after }, changed_files: 1 },
    repository: { full_name: 'acme/gitops' },
    sender: { login: 'bob' },
    installation: { id: expect.any(Number) },
  });
});

test('comments tell who wrote them, and what an edited one said before', async () => {
  const { alice, bot } = team.as;
  const { data: issue } = await alice.issues.create({ ...HERE, title: 'Broken', body: 'very' });
  const { data: comment } = await bot.issues.createComment({
    ...HERE,
    issue_number: issue.number,
    body: 'one',
  });
  expect([comment.user?.login, comment.performed_via_github_app?.slug]).toEqual(['sluice[bot]', 'sluice']);
  await bot.issues.updateComment({ ...HERE, comment_id: comment.id, body: 'two' });
  const reaction = { ...HERE, comment_id: comment.id, content: 'rocket' as const };
  expect((await alice.reactions.createForIssueComment(reaction)).status).toBe(201);
  expect((await alice.reactions.createForIssueComment(reaction)).status).toBe(200);
  expect(
    (await refusal(team.as.carol.issues.deleteComment({ ...HERE, comment_id: comment.id }))).status,
  ).toBe(403);
  expect(
    (await alice.issues.listCommentsForRepo({ ...HERE, since: '2026-03-01T12:00:00Z' })).data,
  ).toMatchObject([{ id: comment.id, body: 'two', reactions: { rocket: 1 } }]);
  await bot.issues.deleteComment({ ...HERE, comment_id: comment.id });
  await alice.issues.update({ ...HERE, issue_number: issue.number, state: 'closed' });
  const pull = await propose(alice, { branch: 'talk', path: 'talk.txt', content: '1\n' });
  await alice.issues.createComment({ ...HERE, issue_number: pull.number, body: '/promote' });
  const { names, last } = await arrived();
  expect(names.filter((name) => name.startsWith('issue'))).toEqual([
    ...[
      'issues.opened',
      'issue_comment.created',
      'issue_comment.edited',
      'issue_comment.deleted',
      'issues.closed',
    ],
    'issue_comment.created',
  ]);
  expect(last('issue_comment.edited').changes).toEqual({ body: { from: 'one' } });
  expect(last('issue_comment.created').issue).toMatchObject({
    number: pull.number,
    pull_request: { merged_at: null },
  });
  expect(last('issue_comment.deleted').issue).not.toHaveProperty('pull_request');
});

test('checks and statuses arrive, and a suite is over with its last run', async () => {
  const { alice, bot } = team.as;
  const sha = await commitFile(alice, { branch: 'feature/checked', path: 'checked.txt', content: '1\n' });
  const annotation = {
    path: 'checked.txt',
    start_line: 1,
    end_line: 1,
    annotation_level: 'warning' as const,
    message: 'hm',
  };
  const output = { title: 'Waiting', summary: 'for CI', annotations: [annotation] };
  const { data: run } = await bot.checks.create({ ...HERE, name: 'sluice/gates', head_sha: sha, output });
  const tooLong = { ...output, summary: 'x'.repeat(65_536) };
  expect(await refusal(bot.checks.update({ ...HERE, check_run_id: run.id, output: tooLong }))).toMatchObject({
    status: 422,
    message: expect.stringContaining('Only 65535 characters are allowed; 65536 were supplied.'),
  });
  const actions = Array.from({ length: 4 }, (_, at) => ({
    label: 'x',
    description: 'x',
    identifier: `x${at}`,
  }));
  expect((await refusal(bot.checks.update({ ...HERE, check_run_id: run.id, actions }))).status).toBe(422);
  await bot.checks.update({ ...HERE, check_run_id: run.id, conclusion: 'success', output });
  const notes = await bot.checks.listAnnotations({ ...HERE, check_run_id: run.id });
  expect(notes.data.map((note) => note.message)).toEqual(['hm', 'hm']);
  const listed = await bot.checks.listForRef({ ...HERE, ref: 'feature/checked', check_name: 'sluice/gates' });
  expect(listed.data.check_runs).toMatchObject([
    { id: run.id, conclusion: 'success', app: { slug: 'sluice' } },
  ]);
  for (const state of ['pending', 'success'] as const)
    await alice.repos.createCommitStatus({ ...HERE, sha, context: 'ci', state });
  const combined = await alice.repos.getCombinedStatusForRef({ ...HERE, ref: 'feature/checked' });
  expect([combined.data.state, combined.data.total_count]).toEqual(['success', 1]);
  const { names, last } = await arrived();
  expect(names.filter((name) => /^(check|status)/.test(name) && name !== 'check_suite.requested')).toEqual([
    ...['check_run.created', 'check_run.completed', 'check_suite.completed', 'status', 'status'],
  ]);
  expect(last('check_run.completed').check_run).toMatchObject({ head_sha: sha, conclusion: 'success' });
  expect(last('check_suite.completed').check_suite).toMatchObject({ head_sha: sha, conclusion: 'success' });
  expect(last('check_suite.requested').check_suite).toMatchObject({
    head_branch: 'feature/checked',
    app: { slug: 'sluice' },
  });
  expect(last('status')).toMatchObject({
    sha,
    context: 'ci',
    state: 'success',
    branches: [{ name: 'feature/checked' }],
  });
});

test('workflow runs, releases and dispatches arrive', async () => {
  const { alice, bob, carol } = team.as;
  const { data: main } = await alice.git.getRef({ ...HERE, ref: 'heads/main' });
  const workflow = { name: 'CI', path: '.github/workflows/ci.yml' };
  const run = { workflow, headSha: main.object.sha, headBranch: 'main', actor: 'alice' };
  await completeWorkflowRun(team.sandbox.context, team.repository, { ...run, conclusion: 'success' });
  const runs = await bob.actions.listWorkflowRuns({
    ...HERE,
    workflow_id: 'ci.yml',
    branch: 'main',
    status: 'success',
  });
  expect(runs.data.workflow_runs).toMatchObject([{ name: 'CI', head_sha: main.object.sha, event: 'push' }]);
  await alice.repos.createRelease({ ...HERE, tag_name: 'v1.4.2', body: 'New' });
  expect((await alice.repos.getLatestRelease(HERE)).data.tag_name).toBe('v1.4.2');
  expect((await alice.git.getRef({ ...HERE, ref: 'tags/v1.4.2' })).data.object.sha).toBe(main.object.sha);
  const dispatch = { ...HERE, event_type: 'image-published', client_payload: { tag: 'v1.4.2' } };
  await alice.repos.createDispatchEvent(dispatch);
  expect((await refusal(carol.repos.createDispatchEvent(dispatch))).status).toBe(403);
  const { names, last } = await arrived();
  expect(names).toEqual([
    ...['workflow_run.requested', 'workflow_run.completed', 'push', 'release.published', 'release.released'],
    'repository_dispatch.image-published',
  ]);
  expect(last('repository_dispatch.image-published')).toMatchObject({
    branch: 'main',
    client_payload: { tag: 'v1.4.2' },
  });
  expect(last('workflow_run.completed').workflow_run).toMatchObject({
    status: 'completed',
    conclusion: 'success',
  });
});

test('pages open and escape what people wrote', async () => {
  const pull = await propose(team.as.alice, {
    branch: 'page',
    path: 'page.txt',
    content: '<b>\n',
    title: '<script>x</script>',
  });
  const page = async (path: string) => (await fetch(team.sandbox.url + path)).text();
  const text = await (await fetch(pull.html_url)).text();
  expect(text).toContain('&lt;script&gt;x&lt;/script&gt;');
  expect(text).toContain('+&lt;b&gt;');
  expect(text).not.toContain('<script>');
  expect(await page('/acme/gitops')).toContain(`/acme/gitops/pull/${pull.number}`);
  expect(await page(`/acme/gitops/commit/${pull.head.sha}`)).toContain('Change page.txt');
});
