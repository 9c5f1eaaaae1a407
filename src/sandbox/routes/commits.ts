import { requireRepository } from '../access.ts';
import { commitJson, fileChangeJson } from '../commit-json.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { diffCommits, fetchFrom, type GitCommit, log, mergeBase, readCommit, resolveRef } from '../git.ts';
import { userByEmail } from '../json.ts';
import { linkPages, pageOf, paginate } from '../paginate.ts';
import { param } from '../route-input.ts';
import type { Repository } from '../state.ts';

/** https://docs.github.com/en/rest/commits/commits */
export const commitRoutes: Routes = (app, sandbox) => {
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['contents', 'read'] });

  app.get('/repos/:owner/:repo/commits', async (c) => {
    const repository = reader(c);
    const name = c.req.query('sha') || repository.defaultBranch;
    const sha = await resolveRef(repository.gitDir, name);
    if (sha === null) throw new GitHubError(404, 'Not Found');
    const commits = await commitPage(c, sandbox, repository, sha);
    return c.json(commits.map((commit) => commitJson(sandbox, repository, commit)));
  });
  app.get('/repos/:owner/:repo/commits/:ref{.+}', async (c) => {
    const repository = reader(c);
    const name = param(c, 'ref');
    const sha = await resolveRef(repository.gitDir, name);
    if (sha === null) throw new GitHubError(422, `No commit found for SHA: ${name}`);
    return c.json(await fullCommitJson(c, sandbox, repository, sha));
  });
  app.get('/repos/:owner/:repo/compare/:basehead{.+}', async (c) => {
    const repository = reader(c);
    const [base = '', head] = param(c, 'basehead').split('...');
    if (head === undefined) throw new GitHubError(404, 'Not Found');
    return c.json(await comparison(c, sandbox, repository, base, head));
  });
};

function milliseconds(text: string | undefined): number | undefined {
  const value = Date.parse(text ?? '');
  return Number.isNaN(value) ? undefined : value;
}

async function commitPage(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  include: string,
): Promise<GitCommit[]> {
  const { page, perPage } = pageOf(c);
  const { author, committer } = c.req.query();
  if (author || committer) return commitsBy(c, sandbox, repository, include);
  // One more than the page holds tells whether there is a next one.
  const commits = await log(repository.gitDir, {
    include,
    path: c.req.query('path'),
    skip: (page - 1) * perPage,
    limit: perPage + 1,
    sinceMs: milliseconds(c.req.query('since')),
    untilMs: milliseconds(c.req.query('until')),
  });
  linkPages(c, page, commits.length > perPage ? page + 1 : page);
  return commits.slice(0, perPage);
}

/** Commits of a login or an e-mail address. Git knows no logins, so all commits are looked at. */
async function commitsBy(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  include: string,
): Promise<GitCommit[]> {
  const { path, since, until, author, committer } = c.req.query();
  const range = { include, path, sinceMs: milliseconds(since), untilMs: milliseconds(until) };
  const isOf = (who: string | undefined, email: string) =>
    !who ||
    email.toLowerCase() === who.toLowerCase() ||
    String(userByEmail(sandbox, email)?.login).toLowerCase() === who.toLowerCase();
  const all = await log(repository.gitDir, range);
  return paginate(
    c,
    all.filter((one) => isOf(author, one.author.email) && isOf(committer, one.committer.email)),
  );
}

async function fullCommitJson(c: RouteContext, sandbox: SandboxContext, repository: Repository, sha: string) {
  const commit = await readCommit(repository.gitDir, sha);
  const changes = await diffCommits(repository.gitDir, commit.parents[0] ?? null, sha);
  const { commitFiles, commitFilesPerPage: perPage } = sandbox.state.truncation;
  const listed = changes.slice(0, commitFiles);
  const { page } = pageOf(c);
  linkPages(c, page, Math.max(1, Math.ceil(listed.length / perPage)));
  const additions = changes.reduce((sum, change) => sum + change.additions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  const files = listed.slice((page - 1) * perPage, page * perPage);
  return {
    ...commitJson(sandbox, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((change) => fileChangeJson(sandbox, repository, change, sha)),
  };
}

/** `branch`, or `owner:branch` of a repository of the same network, whose commits are fetched to be compared. */
async function resolveSide(sandbox: SandboxContext, repository: Repository, name: string): Promise<string> {
  const colon = name.indexOf(':');
  const owner = colon === -1 ? repository.owner : name.slice(0, colon).toLowerCase();
  const side =
    owner.toLowerCase() === repository.owner.toLowerCase()
      ? repository
      : [...sandbox.state.repositories.values()].find(
          (one) => one.owner.toLowerCase() === owner && isSameNetwork(one, repository),
        );
  const sha = side ? await resolveRef(side.gitDir, name.slice(colon + 1)) : null;
  if (!side || sha === null) throw new GitHubError(404, 'Not Found');
  if (side !== repository) await fetchFrom(repository.gitDir, side.gitDir, sha);
  return sha;
}

function isSameNetwork(one: Repository, other: Repository): boolean {
  const root = (repository: Repository) => repository.forkOf ?? repository.fullName;
  return root(one) === root(other);
}

async function comparison(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  baseName: string,
  headName: string,
) {
  const { gitDir } = repository;
  const base = await resolveSide(sandbox, repository, baseName);
  const head = await resolveSide(sandbox, repository, headName);
  const shared = await mergeBase(gitDir, base, head);
  if (shared === null) {
    throw new GitHubError(404, `No common ancestor between ${baseName} and ${headName}.`);
  }
  const ahead = (await log(gitDir, { include: head, exclude: base })).reverse();
  const behind = await log(gitDir, { include: base, exclude: head });
  const changes = await diffCommits(gitDir, shared, head);
  const json = async (sha: string) => commitJson(sandbox, repository, await readCommit(gitDir, sha));
  const { page, commits } = comparedCommits(c, ahead, sandbox.state.truncation.compareCommits);
  const path = `${repository.fullName}/compare/${baseName}...${headName}`;
  return {
    url: `${sandbox.url()}/repos/${path}`,
    html_url: `${sandbox.url()}/${path}`,
    permalink_url: `${sandbox.url()}/${path}`,
    diff_url: `${sandbox.url()}/${path}.diff`,
    patch_url: `${sandbox.url()}/${path}.patch`,
    base_commit: await json(base),
    merge_base_commit: await json(shared),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: commits.map((commit) => commitJson(sandbox, repository, commit)),
    // Later pages have more commits, never more files.
    files:
      page > 1
        ? []
        : changes
            .slice(0, sandbox.state.truncation.compareFiles)
            .map((change) => fileChangeJson(sandbox, repository, change, head)),
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  return ahead > 0 ? 'ahead' : behind > 0 ? 'behind' : 'identical';
}

function comparedCommits(
  c: RouteContext,
  all: GitCommit[],
  limit: number,
): { page: number; commits: GitCommit[] } {
  const paged = c.req.query('page') !== undefined || c.req.query('per_page') !== undefined;
  if (!paged) return { page: 1, commits: all.slice(0, limit) };
  const { page, perPage } = pageOf(c);
  linkPages(c, page, Math.max(1, Math.ceil(all.length / perPage)));
  return { page, commits: all.slice((page - 1) * perPage, page * perPage) };
}
