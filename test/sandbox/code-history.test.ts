import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commitFile, HERE, propose, startTeam, type Team, textAt } from './collaboration-world.ts';
import { git, octokitForToken, refusal, temporaryDirectory } from './core-clients.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterAll(() => team.stop());

async function tipOf(branch: string): Promise<string> {
  return (await team.as.alice.git.getRef({ ...HERE, ref: `heads/${branch}` })).data.object.sha;
}

test('a comparison starts at the merge base and names no more than its limit of files', async () => {
  const { alice, bob } = team.as;
  for (const name of ['a', 'b', 'c'])
    await commitFile(alice, { branch: 'three', path: `${name}.txt`, content: 'x' });
  await commitFile(bob, { branch: 'main', path: 'on-main.txt', content: 'x' });
  const { data } = await alice.repos.compareCommitsWithBasehead({ ...HERE, basehead: 'main...three' });
  expect([data.status, data.ahead_by, data.behind_by]).toEqual(['diverged', 3, 1]);
  expect(data.files?.map((file) => file.filename)).toEqual(['a.txt', 'b.txt', 'c.txt']);
  expect(data.merge_base_commit.sha).not.toBe(data.base_commit.sha);
  const { truncation } = team.sandbox.state;
  truncation.compareFiles = 2;
  const cut = await alice.repos.compareCommitsWithBasehead({ ...HERE, basehead: 'main...three' });
  truncation.compareFiles = 300;
  expect(cut.data.files).toHaveLength(2);
  const page = { ...HERE, basehead: 'main...three', per_page: 2, page: 2 };
  const second = await alice.repos.compareCommitsWithBasehead(page);
  expect([second.data.commits.length, second.data.total_commits, second.data.files]).toEqual([1, 3, []]);
  const unknown = alice.repos.compareCommitsWithBasehead({ ...HERE, basehead: 'main...none' });
  expect((await refusal(unknown)).status).toBe(404);
});

test('the files of a commit come in pages, and end at a limit', async () => {
  const { alice } = team.as;
  const { truncation } = team.sandbox.state;
  const tree = ['1', '2', '3', '4', '5'].map((name) => ({
    path: `paged/${name}.txt`,
    mode: '100644' as const,
    content: name,
  }));
  const base = await tipOf('main');
  const made = await alice.git.createTree({ ...HERE, base_tree: base, tree });
  const input = { ...HERE, message: 'Five', tree: made.data.sha, parents: [base] };
  const ref = (await alice.git.createCommit(input)).data.sha;
  Object.assign(truncation, { commitFilesPerPage: 2, commitFiles: 3 });
  try {
    const first = await alice.repos.getCommit({ ...HERE, ref });
    expect(first.headers.link).toContain('rel="next"');
    const second = await alice.repos.getCommit({ ...HERE, ref, page: 2 });
    const names = [first, second].map(({ data }) => data.files?.map((file) => file.filename));
    expect(names).toEqual([['paged/1.txt', 'paged/2.txt'], ['paged/3.txt']]);
    expect(second.headers.link).not.toContain('rel="next"');
    expect(second.data.stats?.total).toBe(5);
  } finally {
    Object.assign(truncation, { commitFilesPerPage: 300, commitFiles: 3000 });
  }
});

test('commits are listed by path, author and time', async () => {
  const { alice, bob } = team.as;
  team.clock.now += 60 * 60 * 1000;
  const since = new Date(team.clock.now).toISOString();
  await commitFile(bob, { branch: 'main', path: 'listed/one.txt', content: '1' });
  await commitFile(alice, { branch: 'main', path: 'listed/two.txt', content: '2' });
  const subjects = async (query: { path?: string; author?: string; since?: string; until?: string }) => {
    const { data } = await alice.repos.listCommits({ ...HERE, ...query });
    return data.map((one) => one.commit.message);
  };
  expect(await subjects({ path: 'listed/one.txt' })).toEqual(['Change listed/one.txt']);
  expect(await subjects({ since })).toEqual(['Change listed/two.txt', 'Change listed/one.txt']);
  expect(await subjects({ since, author: 'bob' })).toEqual(['Change listed/one.txt']);
  expect(await subjects({ until: since, path: 'listed' })).toHaveLength(2);
  expect(await subjects({ until: '2026-03-01T11:00:00Z' })).toEqual([]);
});

test('a branch tells its protection', async () => {
  const { root, alice } = team.as;
  await commitFile(alice, { branch: 'guarded', path: 'guarded.txt', content: 'x' });
  await root.repos.updateBranchProtection({
    ...HERE,
    branch: 'guarded',
    required_status_checks: { strict: false, contexts: ['ci'] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  const { data } = await alice.repos.getBranch({ ...HERE, branch: 'guarded' });
  expect(data).toMatchObject({
    protected: true,
    protection: {
      enabled: true,
      required_status_checks: { enforcement_level: 'everyone', contexts: ['ci'] },
    },
  });
  const listed = await alice.repos.listBranches({ ...HERE, protected: true });
  expect(listed.data.map((one) => one.name)).toEqual(['guarded']);
  expect(await refusal(alice.repos.getBranch({ ...HERE, branch: 'none' }))).toEqual({
    status: 404,
    message: 'Branch not found',
  });
});

test('branches are merged without a pull request, once, and not over a conflict', async () => {
  const { alice, carol } = team.as;
  await commitFile(alice, { branch: 'topic', path: 'topic.txt', content: 'topic\n' });
  const merge = { ...HERE, base: 'main', head: 'topic' };
  expect((await refusal(carol.repos.merge(merge))).status).toBe(403);
  const { data, status } = await alice.repos.merge(merge);
  expect([status, data.commit.message, data.commit.verification?.verified]).toEqual([
    201,
    'Merge topic into main',
    true,
  ]);
  expect(await textAt(alice, 'topic.txt')).toBe('topic\n');
  expect((await alice.repos.merge(merge)).status).toBe(204);
  await commitFile(alice, { branch: 'clash', path: 'clash.txt', content: 'one\n' });
  await commitFile(alice, { branch: 'main', path: 'clash.txt', content: 'two\n' });
  expect(await refusal(alice.repos.merge({ ...merge, head: 'clash' }))).toEqual({
    status: 409,
    message: 'Merge conflict',
  });
  expect((await refusal(alice.repos.merge({ ...merge, head: 'none' }))).status).toBe(404);
});

test('the activity of a repository knows who moved a branch and when, whatever the commit says', async () => {
  const { sandbox, clock } = team;
  const { bob } = team.as;
  const user = sandbox.addUser('erin');
  team.repository.collaborators.set('erin', 'write');
  const folder = await temporaryDirectory();
  clock.now = Date.parse('2026-04-01T09:00:00Z');
  try {
    const clone = join(folder.path, 'clone');
    await git(folder.path, 'clone', '-q', sandbox.cloneUrl(team.repository, user.token), clone);
    await git(clone, 'checkout', '-q', '-b', 'forged');
    await writeFile(join(clone, 'forged.txt'), 'x');
    await git(clone, 'add', '.');
    const author = ['-c', 'user.name=root', '-c', 'user.email=root@users.noreply.github.com'];
    await git(clone, ...author, 'commit', '-q', '-m', 'Old', '--date', '2001-01-01T00:00:00Z');
    await git(clone, 'push', '-q', 'origin', 'forged');
    await git(clone, 'commit', '-q', '--amend', '-m', 'Newer');
    await git(clone, 'push', '-q', '-f', 'origin', 'forged');
    await git(clone, 'push', '-q', 'origin', ':forged');
  } finally {
    await folder.remove();
  }
  const { data } = await bob.repos.listActivities({ ...HERE, ref: 'forged' });
  expect(data.map((one) => [one.activity_type, one.actor?.login, one.timestamp])).toEqual([
    ['branch_deletion', 'erin', '2026-04-01T09:00:00Z'],
    ['force_push', 'erin', '2026-04-01T09:00:00Z'],
    ['branch_creation', 'erin', '2026-04-01T09:00:00Z'],
  ]);
  expect(data[0]).toMatchObject({ ref: 'refs/heads/forged', before: data[1]?.after, after: '0'.repeat(40) });
});

test('activity is filtered by kind and read in pages', async () => {
  const { alice, bob } = team.as;
  const pull = await propose(alice, { branch: 'active', path: 'active.txt', content: '1\n' });
  const merged = await bob.pulls.merge({ ...HERE, pull_number: pull.number });
  const merges = await bob.repos.listActivities({
    ...HERE,
    ref: 'refs/heads/main',
    activity_type: 'pr_merge',
  });
  expect(merges.data).toMatchObject([{ actor: { login: 'bob' }, after: merged.data.sha }]);
  const one = await bob.repos.listActivities({ ...HERE, per_page: 1 });
  expect(one.headers.link).toContain('after=');
  const all = await bob.paginate(bob.repos.listActivities, { ...HERE, per_page: 3 });
  const ids = all.map((item) => item.id);
  expect(ids.length).toBe(team.repository.activity.length);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a tarball is what git archives, in a folder named by its commit', async () => {
  const { alice } = team.as;
  const sha = await tipOf('main');
  const { data, url } = await alice.repos.downloadTarballArchive({ ...HERE, ref: 'main' });
  expect(url).toContain('/acme/gitops/legacy.tar.gz/refs/heads/main');
  const folder = await temporaryDirectory();
  try {
    const file = join(folder.path, 'archive.tar.gz');
    await writeFile(file, Buffer.from(data as ArrayBuffer));
    const { stdout } = await promisify(execFile)('tar', ['-tzf', file]);
    expect(stdout.split('\n')).toContain(`acme-gitops-${sha.slice(0, 7)}/envs/dev/app.yaml`);
  } finally {
    await folder.remove();
  }
  expect((await refusal(alice.repos.downloadTarballArchive({ ...HERE, ref: 'none' }))).status).toBe(404);
});

test('the link to a private tarball is for whoever was given it, and for five minutes', async () => {
  const { sandbox, clock } = team;
  const { token } = sandbox.addUser('frank');
  await sandbox.addRepository({
    owner: 'acme',
    name: 'closed',
    private: true,
    files: { a: 'b' },
    collaborators: { frank: 'read' },
  });
  const at = { owner: 'acme', repo: 'closed', ref: 'main' };
  expect((await refusal(team.as.carol.repos.downloadTarballArchive(at))).status).toBe(404);
  const frank = octokitForToken(sandbox, token);
  const answer = await frank.repos.downloadTarballArchive({ ...at, request: { redirect: 'manual' } });
  const link = String(answer.headers.location);
  expect((await fetch(link)).status).toBe(200);
  expect((await fetch(link.split('?')[0] ?? '')).status).toBe(404);
  clock.now += 6 * 60 * 1000;
  expect((await fetch(link)).status).toBe(404);
});

test('a fork has the whole history, is made once, and tells the source', async () => {
  const { alice, carol } = team.as;
  const { data, status } = await carol.repos.createFork(HERE);
  expect([status, data.full_name, data.parent?.full_name, data.fork]).toEqual([
    202,
    'carol/gitops',
    'acme/gitops',
    true,
  ]);
  expect((await carol.repos.createFork(HERE)).data.id).toBe(data.id);
  const fork = { owner: 'carol', repo: 'gitops' };
  expect((await carol.git.getRef({ ...fork, ref: 'heads/main' })).data.object.sha).toBe(await tipOf('main'));
  const listed = await alice.repos.listForks(HERE);
  expect(listed.data.map((one) => one.full_name)).toEqual(['carol/gitops']);
  await commitFile(carol, { owner: 'carol', branch: 'gift', path: 'gift.txt', content: 'x' });
  const compared = await alice.repos.compareCommitsWithBasehead({ ...HERE, basehead: 'main...carol:gift' });
  expect(compared.data.files?.map((file) => file.filename)).toEqual(['gift.txt']);
  const pull = await carol.pulls.create({ ...HERE, title: 'Gift', head: 'carol:gift', base: 'main' });
  expect(pull.data.head.repo?.full_name).toBe('carol/gitops');
});
