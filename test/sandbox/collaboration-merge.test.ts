import { join } from 'node:path';
import {
  commitFile,
  fork,
  HERE,
  propose,
  startTeam,
  type Team,
  textAt,
  VALUES,
} from './collaboration-world.ts';
import { git, refusal, temporaryDirectory } from './core-clients.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterAll(() => team.stop());

const edited = (line: number, value: string) =>
  `${VALUES.replace(`line${line}: old`, `line${line}: ${value}`)}\n`;

test('two pull requests that change different lines of one file both merge and nothing is lost', async () => {
  const { alice, bob } = team.as;
  const first = await propose(alice, { branch: 'first', path: 'values.yaml', content: edited(1, 'first') });
  const second = await propose(bob, { branch: 'second', path: 'values.yaml', content: edited(18, 'second') });
  const before = (await alice.git.getRef({ ...HERE, ref: 'heads/main' })).data.object.sha;
  const merged = (
    await Promise.all([first, second].map(({ number }) => bob.pulls.merge({ ...HERE, pull_number: number })))
  ).map(({ data }) => data);
  expect(merged.map((one) => one.merged)).toEqual([true, true]);
  const text = await textAt(alice, 'values.yaml');
  expect(text).toContain('line1: first');
  expect(text).toContain('line18: second');
  const [one, two] = await Promise.all(
    merged.map(async ({ sha }) => (await alice.repos.getCommit({ ...HERE, ref: sha })).data),
  );
  expect(one?.parents.map((parent) => parent.sha)).toEqual([before, first.head.sha]);
  expect(two?.parents.map((parent) => parent.sha)).toEqual([one?.sha, second.head.sha]);
  expect(one?.commit.message).toBe(
    `Merge pull request #${first.number} from acme/first\n\nChange values.yaml`,
  );
  expect([one?.author?.login, one?.committer?.login, one?.commit.verification?.verified]).toEqual([
    'bob',
    'web-flow',
    true,
  ]);
  const { data } = await alice.pulls.get({ ...HERE, pull_number: first.number });
  expect([data.merged, data.merged_by?.login, data.merge_commit_sha, data.commits]).toEqual([
    true,
    'bob',
    one?.sha,
    1,
  ]);
  const files = await alice.pulls.listFiles({ ...HERE, pull_number: first.number });
  expect(files.data.map((file) => [file.filename, file.additions, file.deletions])).toEqual([
    ['values.yaml', 1, 1],
  ]);
  const found = await alice.repos.listPullRequestsAssociatedWithCommit({
    ...HERE,
    commit_sha: first.head.sha,
  });
  expect(found.data.map((pull) => pull.number)).toEqual([first.number]);
});

test('a conflict makes a pull request dirty and its merge is refused', async () => {
  const { alice, bob } = team.as;
  const mine = await propose(alice, { branch: 'mine', path: 'envs/dev/app.yaml', content: 'tag: 2\n' });
  const yours = await propose(bob, { branch: 'yours', path: 'envs/dev/app.yaml', content: 'tag: 3\n' });
  await bob.pulls.merge({ ...HERE, pull_number: mine.number, merge_method: 'squash' });
  const { data } = await bob.pulls.get({ ...HERE, pull_number: yours.number });
  expect([data.mergeable, data.mergeable_state]).toEqual([false, 'dirty']);
  expect(await refusal(bob.pulls.merge({ ...HERE, pull_number: yours.number }))).toEqual({
    status: 405,
    message: 'Pull Request is not mergeable',
  });
  expect(await textAt(bob, 'envs/dev/app.yaml')).toBe('tag: 2\n');
});

test('a squash is one commit named by the only commit, a rebase keeps each commit', async () => {
  const { alice, bob } = team.as;
  const squashed = await propose(alice, {
    branch: 'squash',
    path: 'squash.txt',
    content: 'a\n',
    title: 'The title',
  });
  const squash = await bob.pulls.merge({ ...HERE, pull_number: squashed.number, merge_method: 'squash' });
  const one = await bob.repos.getCommit({ ...HERE, ref: squash.data.sha });
  expect(one.data.commit.message).toBe(`Change squash.txt (#${squashed.number})`);
  expect([one.data.parents.length, one.data.author?.login]).toEqual([1, 'alice']);
  await commitFile(alice, { branch: 'rebase', path: 'rebase-1.txt', content: '1\n' });
  const rebased = await propose(alice, { branch: 'rebase', path: 'rebase-2.txt', content: '2\n' });
  await propose(bob, { branch: 'between', path: 'between.txt', content: 'x\n' }).then(({ number }) =>
    bob.pulls.merge({ ...HERE, pull_number: number }),
  );
  await bob.pulls.merge({ ...HERE, pull_number: rebased.number, merge_method: 'rebase' });
  const { data } = await bob.repos.listCommits({ ...HERE, per_page: 2 });
  expect(data.map((commit) => [commit.commit.message, commit.parents.length])).toEqual([
    ['Change rebase-2.txt', 1],
    ['Change rebase-1.txt', 1],
  ]);
  expect(await textAt(bob, 'between.txt')).toBe('x\n');
});

test('a merge with an old head is refused, and so is a method that is switched off', async () => {
  const { alice, bob, carol } = team.as;
  const pull = await propose(alice, { branch: 'moving', path: 'moving.txt', content: '1\n' });
  const at = { ...HERE, pull_number: pull.number };
  const head = await commitFile(alice, { branch: 'moving', path: 'moving.txt', content: '2\n' });
  expect(await refusal(bob.pulls.merge({ ...at, sha: pull.head.sha }))).toEqual({
    status: 409,
    message: 'Head branch was modified. Review and try the merge again.',
  });
  team.repository.allowRebaseMerge = false;
  expect((await refusal(bob.pulls.merge({ ...at, merge_method: 'rebase' }))).status).toBe(405);
  expect((await refusal(carol.pulls.merge(at))).status).toBe(403);
  team.repository.deleteBranchOnMerge = true;
  expect((await bob.pulls.merge({ ...at, sha: head })).data.merged).toBe(true);
  team.repository.deleteBranchOnMerge = false;
  expect((await refusal(bob.git.getRef({ ...HERE, ref: 'heads/moving' }))).status).toBe(404);
  expect((await refusal(bob.pulls.merge(at))).status).toBe(405);
});

test('a pull request that cannot be is refused with the reason', async () => {
  const { alice } = team.as;
  const create = (head: string) =>
    alice.pulls
      .create({ ...HERE, title: 'x', head, base: 'main' })
      .catch((error) => error.response.data.errors);
  const sha = (await alice.git.getRef({ ...HERE, ref: 'heads/main' })).data.object.sha;
  await alice.git.createRef({ ...HERE, ref: 'refs/heads/same', sha });
  expect(await create('same')).toMatchObject([{ message: 'No commits between main and same' }]);
  expect(await create('nowhere')).toMatchObject([{ field: 'head', code: 'invalid' }]);
  await propose(alice, { branch: 'twice', path: 'twice.txt', content: '1\n' });
  expect(await create('twice')).toMatchObject([{ message: 'A pull request already exists for acme:twice.' }]);
});

test('a pull request follows its branch: pushed to, merged by a push, closed with its branch', async () => {
  const { alice } = team.as;
  const pushed = await propose(alice, { branch: 'pushed', path: 'pushed.txt', content: '1\n' });
  const gone = await propose(alice, { branch: 'gone', path: 'gone.txt', content: '1\n' });
  const folder = await temporaryDirectory();
  const [token = ''] = team.sandbox.state.users.get('alice')?.tokens ?? [];
  await git(folder.path, 'clone', '-q', team.sandbox.cloneUrl(team.repository, token), 'work');
  const work = join(folder.path, 'work');
  await git(work, 'checkout', '-q', 'pushed');
  await git(work, 'commit', '-q', '--allow-empty', '-m', 'More');
  await git(work, 'push', '-q', 'origin', 'pushed');
  const head = await git(work, 'rev-parse', 'HEAD');
  expect((await alice.pulls.get({ ...HERE, pull_number: pushed.number })).data.head.sha).toBe(head);
  expect(await git(work, 'ls-remote', 'origin', `refs/pull/${pushed.number}/head`)).toContain(head);
  await git(work, 'checkout', '-q', 'main');
  await git(work, 'merge', '-q', '--no-ff', '-m', 'By hand', 'pushed');
  await git(work, 'push', '-q', 'origin', 'main', ':gone');
  const after = await alice.pulls.get({ ...HERE, pull_number: pushed.number });
  expect([after.data.merged, after.data.state, after.data.merged_by?.login]).toEqual([
    true,
    'closed',
    'alice',
  ]);
  const closed = await alice.pulls.get({ ...HERE, pull_number: gone.number });
  expect([closed.data.merged, closed.data.state]).toEqual([false, 'closed']);
  await folder.remove();
});

test("a fork's pull request brings its commits, and merges", async () => {
  const { carol, bob } = team.as;
  const copy = await fork(team.sandbox, team.repository, 'carol');
  const folder = await temporaryDirectory();
  const [token = ''] = team.sandbox.state.users.get('carol')?.tokens ?? [];
  await git(folder.path, 'clone', '-q', team.sandbox.cloneUrl(team.repository, token), 'work');
  const work = join(folder.path, 'work');
  await git(work, 'push', '-q', '--force', team.sandbox.cloneUrl(copy, token), 'main');
  await folder.remove();
  await commitFile(carol, { owner: 'carol', branch: 'fix', path: 'fix.txt', content: 'fixed\n' });
  const pull = await carol.pulls.create({ ...HERE, title: 'Fix', head: 'carol:fix', base: 'main' });
  expect([pull.data.head.repo?.full_name, pull.data.head.label]).toEqual(['carol/gitops', 'carol:fix']);
  const next = await commitFile(carol, {
    owner: 'carol',
    branch: 'fix',
    path: 'fix.txt',
    content: 'better\n',
  });
  const at = { ...HERE, pull_number: pull.data.number };
  const now = await bob.pulls.get(at);
  expect([now.data.head.sha, now.data.mergeable, now.data.commits]).toEqual([next, true, 2]);
  const listed = await bob.pulls.list({ ...HERE, head: 'carol:fix' });
  expect(listed.data.map((one) => one.number)).toEqual([pull.data.number]);
  expect((await refusal(carol.pulls.merge(at))).status).toBe(403);
  await bob.pulls.merge(at);
  expect(await textAt(bob, 'fix.txt')).toBe('better\n');
});
