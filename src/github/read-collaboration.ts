import type { ReviewFact } from '../domain/gates/facts.ts';
import type { Role } from '../domain/role.ts';
import type { CheckReader, OwnCheck } from '../promotion/ports/checks.ts';
import type { Comment, Pull, PullReader } from '../promotion/ports/pulls.ts';
import { type AppIdentity, type Client, statusOf } from './client.ts';
import { loginOf, type RepositoryContext } from './read-git.ts';

type CollaborationReader = PullReader & CheckReader;

const PAGE = 100;

/** Reads pull requests, checks, reviews, comments and people over REST, every page of them. */
export function makeCollaborationReader({
  client,
  identity,
  owner,
  name,
}: RepositoryContext): CollaborationReader {
  const repo = { owner, repo: name };
  const fullName = `${owner}/${name}`;
  const roles = new Map<string, Promise<Role>>();
  const pullOf = (raw: RawPull) => toPull(raw, fullName, identity);

  return {
    async listOpenPulls() {
      const pulls = await client.paginate(client.rest.pulls.list, { ...repo, state: 'open', per_page: PAGE });
      return pulls.map(pullOf);
    },
    async listClosedPulls(branch, most) {
      const { data } = await client.rest.pulls.list({
        ...repo,
        state: 'closed',
        head: `${owner}:${branch}`,
        per_page: most,
      });
      return data.map(pullOf);
    },
    async wasClosedBySluice(number) {
      // Pull requests do not tell who closed them: https://docs.github.com/en/rest/issues/issues#get-an-issue
      const { data } = await client.rest.issues.get({ ...repo, issue_number: number });
      return data.state === 'closed' && data.closed_by?.login === identity.botLogin;
    },
    async listPullsOfCommit(sha) {
      const { data } = await client.rest.repos.listPullRequestsAssociatedWithCommit({
        ...repo,
        commit_sha: sha,
      });
      return data.map(pullOf);
    },
    async readPull(number) {
      const data = await orNull(
        async () => (await client.rest.pulls.get({ ...repo, pull_number: number })).data,
      );
      return data
        ? { ...pullOf(data), mergeable: data.mergeable, isBehind: data.mergeable_state === 'behind' }
        : null;
    },
    async listPullFiles(number) {
      const files = await client.paginate(client.rest.pulls.listFiles, {
        ...repo,
        pull_number: number,
        per_page: PAGE,
      });
      return files.flatMap(({ filename, previous_filename }) =>
        previous_filename ? [filename, previous_filename] : [filename],
      );
    },
    async listPullCommits(number) {
      const commits = await client.paginate(client.rest.pulls.listCommits, {
        ...repo,
        pull_number: number,
        per_page: PAGE,
      });
      return commits.map(({ sha, author, committer }) => ({
        sha,
        authorLogin: loginOf(author),
        committerLogin: loginOf(committer),
      }));
    },
    async listReviews(number) {
      const reviews = await client.paginate(client.rest.pulls.listReviews, {
        ...repo,
        pull_number: number,
        per_page: PAGE,
      });
      return reviews.flatMap((review) => toReview(review) ?? []);
    },
    async listCheckRuns(sha) {
      const runs = await client.paginate(client.rest.checks.listForRef, {
        ...repo,
        ref: sha,
        // The latest alone would hide what the App said of this head before.
        filter: 'all',
        per_page: PAGE,
      });
      const own = runs.filter(({ app }) => app?.id === identity.id);
      const others = runs.filter(({ app }) => app?.id !== identity.id);
      return {
        own: own.map(toOwnCheck).sort((a, b) => b.id - a.id),
        checks: latestRuns(others).map(({ name: check, app, conclusion, status }) => ({
          name: check,
          app: app?.slug ?? null,
          conclusion: status === 'completed' ? (conclusion ?? 'unknown') : null,
        })),
      };
    },
    async readCheck(id) {
      const run = await orNull(
        async () => (await client.rest.checks.get({ ...repo, check_run_id: id })).data,
      );
      if (run?.app?.id !== identity.id) return null;
      return { ...toOwnCheck(run), headSha: run.head_sha, url: run.html_url ?? '' };
    },
    async listStatuses(sha) {
      const statuses = await client.paginate(client.rest.repos.listCommitStatusesForRef, {
        ...repo,
        ref: sha,
        per_page: PAGE,
      });
      // Newest first; only the latest of each context counts.
      const latest = new Map(statuses.toReversed().map((status) => [status.context, status]));
      return [...latest.values()].map(({ context, state }) => ({
        name: context,
        app: null,
        conclusion: state === 'pending' ? null : state,
      }));
    },
    async listComments(number) {
      const comments = await client.paginate(client.rest.issues.listComments, {
        ...repo,
        issue_number: number,
        per_page: PAGE,
      });
      return comments.map((comment) => toComment(comment, identity));
    },
    async listChangedComments(since, page) {
      // https://docs.github.com/en/rest/issues/comments#list-issue-comments-for-a-repository
      const { data } = await client.rest.issues.listCommentsForRepo({
        ...repo,
        since,
        sort: 'updated',
        direction: 'asc',
        per_page: PAGE,
        page,
      });
      return data.map((raw) => ({
        ...toComment(raw, identity),
        updatedAt: raw.updated_at,
        hasVerdict: (raw.reactions?.rocket ?? 0) + (raw.reactions?.confused ?? 0) > 0,
      }));
    },
    async readComment(id) {
      const comment = await orNull(
        async () => (await client.rest.issues.getComment({ ...repo, comment_id: id })).data,
      );
      return comment ? toComment(comment, identity) : null;
    },
    async hasAnswered(commentId) {
      const reactions = await client.paginate(client.rest.reactions.listForIssueComment, {
        ...repo,
        comment_id: commentId,
        per_page: PAGE,
      });
      return reactions.some(
        ({ user, content }) =>
          user?.login === identity.botLogin && (content === 'rocket' || content === 'confused'),
      );
    },
    readRole(login) {
      const key = login.toLowerCase();
      const role = roles.get(key) ?? readRole(client, repo, login);
      roles.set(key, role);
      return role;
    },
    async isTeamMember(organization, slug, login) {
      const membership = await orNull(
        async () =>
          (
            await client.rest.teams.getMembershipForUserInOrg({
              org: organization,
              team_slug: slug,
              username: login,
            })
          ).data,
      );
      return membership?.state === 'active';
    },
  };
}

async function readRole(
  client: Client,
  repo: { owner: string; repo: string },
  username: string,
): Promise<Role> {
  const data = await orNull(
    async () => (await client.rest.repos.getCollaboratorPermissionLevel({ ...repo, username })).data,
  );
  if (!data) return 'none';
  if (isRole(data.role_name)) return data.role_name;
  // A custom role has a name of its own. `permission` then gives its base role, but knows neither `maintain` nor
  // `triage`; `permissions` does.
  // https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
  const { maintain, triage } = data.user?.permissions ?? {};
  if (data.permission === 'write' && maintain === true) return 'maintain';
  if (data.permission === 'read' && triage === true) return 'triage';
  return isRole(data.permission) ? data.permission : 'none';
}

function isRole(name: string | undefined): name is Role {
  return ['none', 'read', 'triage', 'write', 'maintain', 'admin'].includes(name ?? '');
}

/** Null for GitHub's 404; every other error is one. */
async function orNull<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

type RawPull = Awaited<ReturnType<Client['rest']['pulls']['list']>>['data'][number] | RawPullDetail;
type RawPullDetail = Awaited<ReturnType<Client['rest']['pulls']['get']>>['data'];

function toPull(raw: RawPull, fullName: string, { botLogin }: AppIdentity): Pull {
  const isFromFork = raw.head.repo?.full_name.toLowerCase() !== fullName.toLowerCase();
  return {
    number: raw.number,
    url: raw.html_url,
    title: raw.title,
    body: raw.body ?? '',
    branch: raw.head.ref,
    headSha: raw.head.sha,
    base: raw.base.ref,
    isOpen: raw.state === 'open',
    isMerged: raw.merged_at !== null,
    mergeCommitSha: raw.merge_commit_sha,
    isSluices: raw.user?.login === botLogin && !isFromFork,
    isFromFork,
    author: raw.user?.login ?? 'ghost',
    labels: raw.labels.map(({ name }) => name),
  };
}

type RawReview = Awaited<ReturnType<Client['rest']['pulls']['listReviews']>>['data'][number];

const REVIEW_STATES: Record<string, ReviewFact['state']> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
};

function toReview({ user, state, commit_id: sha, submitted_at: at }: RawReview): ReviewFact | null {
  const known = REVIEW_STATES[state];
  if (!user || !known || !sha) return null;
  const review = { reviewer: user.login, isBot: user.type === 'Bot', state: known, sha };
  return at ? { ...review, atMs: Date.parse(at) } : review;
}

type RawCheck = Awaited<ReturnType<Client['rest']['checks']['listForRef']>>['data']['check_runs'][number];

/** The newest run of each check of each App: a run that was started again counts, not the one before. */
function latestRuns(runs: readonly RawCheck[]): RawCheck[] {
  const latest = new Map<string, RawCheck>();
  for (const run of runs.toSorted((a, b) => a.id - b.id)) latest.set(`${run.app?.id} ${run.name}`, run);
  return [...latest.values()];
}

function toOwnCheck({ id, name, external_id, status, conclusion, output, started_at }: RawCheck): OwnCheck {
  return {
    id,
    name,
    externalId: external_id ?? '',
    status: status === 'completed' ? 'completed' : 'in_progress',
    conclusion,
    title: output.title ?? '',
    summary: output.summary ?? '',
    text: output.text ?? '',
    ...(started_at && { startedAtMs: Date.parse(started_at) }),
  };
}

type RawComment = Awaited<ReturnType<Client['rest']['issues']['getComment']>>['data'];

function toComment(raw: RawComment, { botLogin }: AppIdentity): Comment {
  return {
    id: raw.id,
    url: raw.html_url,
    issue: Number(raw.issue_url.split('/').at(-1)),
    author: raw.user?.login ?? 'ghost',
    isBot: raw.user?.type === 'Bot',
    isSluices: raw.user?.login === botLogin,
    body: raw.body ?? '',
    createdAt: raw.created_at,
    isEdited: raw.updated_at !== raw.created_at,
  };
}
