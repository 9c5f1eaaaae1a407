import type { Build } from '../domain/build.ts';
import { type Known, known } from '../domain/gates/gate.ts';
import type { BuildSource } from '../domain/settings.ts';
import { fillTemplate } from '../domain/tag-template.ts';
import type { BuildReader } from '../promotion/ports/host.ts';
import type { Log } from '../promotion/ports/log.ts';
import { type Client, messageOf, statusOf } from './client.ts';

/** Runs that are looked through for one of the branch itself. */
const RUNS = 20;
/** Commits that are looked through for a successful status. */
const COMMITS = 5;

interface Found {
  sha: string | null;
  release: string | null;
  author: string | null;
  cause: string;
  url: string | null;
}

/** Asks the CI of an application for its newest build, through the installation that covers the repository. */
export function makeBuildReader(clientOf: (repository: string) => Promise<Client>, log: Log): BuildReader {
  return {
    async readLatestBuild(source) {
      const { repository } = source;
      try {
        const found = await findBuild(await clientOf(repository), source);
        return known(found ? toBuild(source, found) : null);
      } catch (error) {
        log.warn({ source: repository, reason: messageOf(error) }, 'builds cannot be read');
        return unreadable(source, error);
      }
    },
  };
}

/** Whether the same question may get another answer without anybody doing something. */
function isPassing(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return ![401, 403, 404].includes(status) || /rate limit|abuse/i.test(messageOf(error));
}

/** Nothing is concluded from an answer that is none; what only a person can mend is not asked for again and again. */
function unreadable({ repository, event }: BuildSource, error: unknown): Known<never> {
  const text = `builds of \`${repository}\` cannot be read (${messageOf(error).split('\n', 1)[0]!.slice(0, 200)})`;
  if (isPassing(error)) return { known: false, reason: `${text}; Sluice asks again`, isPassing: true };
  const what = event.kind === 'workflow' ? ` and is \`${event.workflow}\` there` : '';
  return { known: false, reason: `${text}; is the App installed there${what}?`, isPassing: false };
}

function toBuild(source: BuildSource, { sha, release, author, cause, url }: Found): Build | null {
  const facts = { sha, release, payload: {} };
  const tag = fillTemplate(source.tag, facts);
  if (tag === null) return null;
  const digest = source.digest === null ? null : fillTemplate(source.digest, facts);
  const { application, repository, images } = source;
  return { application, repository, tag, digest, images, commit: sha, author, cause, url };
}

async function findBuild(client: Client, source: BuildSource): Promise<Found | null> {
  const [owner, repo] = source.repository.split('/') as [string, string];
  const { event } = source;
  switch (event.kind) {
    case 'workflow':
      return findRun(client, { owner, repo }, event.workflow, event.branch);
    case 'release':
      return findRelease(client, { owner, repo }, event.prereleases);
    case 'status':
      return findStatus(client, { owner, repo }, event.context, event.branch);
    case 'dispatch':
      return null;
  }
}

type Repo = { owner: string; repo: string };

async function findRun(
  client: Client,
  repo: Repo,
  workflow: string,
  named: string | null,
): Promise<Found | null> {
  const branch = named ?? (await client.rest.repos.get(repo)).data.default_branch;
  const query = { ...repo, branch, status: 'success' as const, per_page: RUNS };
  const isFile = /\.ya?ml$/.test(workflow);
  const { data } = isFile
    ? await client.rest.actions.listWorkflowRuns({ ...query, workflow_id: workflow })
    : await client.rest.actions.listWorkflowRunsForRepo(query);
  // A fork's branch may bear the same name: only runs of the repository's own commits count.
  const isOwn = (run: (typeof data.workflow_runs)[number]) =>
    run.conclusion === 'success' &&
    run.head_branch === branch &&
    run.event !== 'pull_request' &&
    run.head_repository?.full_name.toLowerCase() === `${repo.owner}/${repo.repo}`.toLowerCase();
  const run = data.workflow_runs.find((each) => isOwn(each) && (isFile || each.name === workflow));
  if (!run) return null;
  const cause = `workflow ${run.name ?? workflow} of ${repo.owner}/${repo.repo}`;
  return { sha: run.head_sha, release: null, author: run.actor?.login ?? null, cause, url: run.html_url };
}

async function findRelease(client: Client, repo: Repo, prereleases: boolean): Promise<Found | null> {
  const { data } = await client.rest.repos.listReleases({ ...repo, per_page: RUNS });
  const release = data.find(({ draft, prerelease }) => !draft && (prereleases || !prerelease));
  if (!release) return null;
  const { data: commit } = await client.rest.repos.getCommit({ ...repo, ref: `tags/${release.tag_name}` });
  const cause = `release ${release.tag_name} of ${repo.owner}/${repo.repo}`;
  return {
    sha: commit.sha,
    release: release.tag_name,
    author: release.author?.login ?? null,
    cause,
    url: release.html_url,
  };
}

async function findStatus(
  client: Client,
  repo: Repo,
  context: string,
  named: string | null,
): Promise<Found | null> {
  const { data: commits } = await client.rest.repos.listCommits({
    ...repo,
    ...(named ? { sha: named } : {}),
    per_page: COMMITS,
  });
  for (const { sha, author } of commits) {
    const { data } = await client.rest.repos.getCombinedStatusForRef({ ...repo, ref: sha, per_page: 100 });
    const status = data.statuses.find((each) => each.context === context);
    if (status?.state !== 'success') continue;
    const cause = `status ${context} of ${repo.owner}/${repo.repo}`;
    const login = author && 'login' in author ? author.login : null;
    return { sha, release: null, author: login ?? null, cause, url: status.target_url };
  }
  return null;
}
