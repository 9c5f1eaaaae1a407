import type { SandboxContext } from './context.ts';
import { repositoryJson, userJson } from './json.ts';
import { autoMergeJson } from './json-auto-merge.ts';
import { authorAssociation, htmlUrl, labelsJson } from './json-issue.ts';
import { teamJson } from './json-team.ts';
import type { Mergeability } from './mergeability.ts';
import { headRepositoryOf, issueOf, pullCommits, pullFiles } from './pull-git.ts';
import { nodeId } from './route-input.ts';
import type { PullRequest, Repository, Review } from './state.ts';

type Json = Record<string, unknown>;

/** A pull request as lists have it: without what must be computed. */
export function pullSummaryJson(sandbox: SandboxContext, repository: Repository, pull: PullRequest): Json {
  const issue = issueOf(repository, pull);
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const url = `${api}/pulls/${pull.number}`;
  const page = htmlUrl(sandbox, repository, issue);
  return {
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${api}/issues/${pull.number}`,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${pull.number}/comments`,
    statuses_url: `${api}/statuses/${pull.headSha}`,
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: userJson(sandbox, issue.user),
    body: issue.body,
    labels: labelsJson(sandbox, repository, issue),
    milestone: null,
    active_lock_reason: issue.lockReason ?? null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: issue.assignees[0] ? userJson(sandbox, issue.assignees[0]) : null,
    assignees: issue.assignees.map((login) => userJson(sandbox, login)),
    requested_reviewers: pull.requestedReviewers.map((login) => userJson(sandbox, login)),
    requested_teams: pull.requestedTeams.map((slug) => requestedTeamJson(sandbox, repository, slug)),
    head: branchJson(sandbox, headRepositoryOf(sandbox, pull), pull.headRef, pull.headSha),
    base: branchJson(sandbox, repository, pull.baseRef, pull.baseSha),
    author_association: authorAssociation(sandbox, repository, issue.user),
    auto_merge: autoMergeJson(sandbox, repository, pull),
    draft: pull.draft,
    _links: linksOf(api, page, pull),
  };
}

/** The links of a pull request once more, as hypermedia has them. */
function linksOf(api: string, page: string, pull: PullRequest): Json {
  const url = `${api}/pulls/${pull.number}`;
  const links = {
    self: url,
    html: page,
    issue: `${api}/issues/${pull.number}`,
    comments: `${api}/issues/${pull.number}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${api}/statuses/${pull.headSha}`,
  };
  return Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }]));
}

/** A team that is asked for a review. */
export function requestedTeamJson(sandbox: SandboxContext, repository: Repository, slug: string): Json {
  const organization = sandbox.state.organizations.get(repository.owner);
  const team = organization?.teams.get(slug);
  if (!organization || !team) throw new Error(`${repository.owner} has no team ${slug}`);
  return teamJson(sandbox, organization, team);
}

function branchJson(sandbox: SandboxContext, repository: Repository | null, ref: string, sha: string): Json {
  const owner = repository?.owner ?? 'ghost';
  return {
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userJson(sandbox, owner),
    repo: repository && repositoryJson(sandbox, repository),
  };
}

/** A pull request in full. Webhooks do not wait for the mergeability: they say that it is not known. */
export async function pullJson(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  merge: Mergeability = { mergeable: null, state: 'unknown' },
): Promise<Json> {
  const files = await pullFiles(repository, pull);
  const comments = [...repository.comments.values()].filter((one) => one.issueNumber === pull.number);
  return {
    ...pullSummaryJson(sandbox, repository, pull),
    merged: pull.merged,
    mergeable: merge.mergeable,
    rebaseable: merge.mergeable,
    mergeable_state: merge.state,
    merged_by: pull.mergedBy === null ? null : userJson(sandbox, pull.mergedBy),
    comments: comments.length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: (await pullCommits(repository, pull)).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

export function reviewJson(sandbox: SandboxContext, repository: Repository, review: Review): Json {
  const html = `${sandbox.url()}/${repository.fullName}/pull/${review.pullNumber}#pullrequestreview-${review.id}`;
  const pullUrl = `${sandbox.url()}/repos/${repository.fullName}/pulls/${review.pullNumber}`;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: userJson(sandbox, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    author_association: authorAssociation(sandbox, repository, review.user),
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
  };
}
