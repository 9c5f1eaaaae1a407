import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import { mayDismissReviews } from '../branch-rules.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { resolveRef } from '../git.ts';
import { userJson } from '../json.ts';
import { pullJson, pullSummaryJson, requestedTeamJson, reviewJson } from '../json-pull.ts';
import { paginate } from '../paginate.ts';
import { isOpen, issueOf } from '../pull-git.ts';
import { emitPull } from '../pull-requests.ts';
import { actingAppId, bodyOf, notFound, numberParam, timestamp } from '../route-input.ts';
import type { PullRequest, Repository, Review, ReviewState, User } from '../state.ts';
import { requirePull } from './pulls.ts';

const ReviewBody = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().max(65_536).nullish(),
  commit_id: z.string().nullish(),
});
const DismissBody = z.object({ message: z.string().min(1), event: z.literal('DISMISS').optional() });
const RequestBody = z.object({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

const STATES: Record<string, ReviewState> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

/** https://docs.github.com/en/rest/pulls/reviews and https://docs.github.com/en/rest/pulls/review-requests */
export const reviewRoutes: Routes = (app, sandbox) => {
  const base = '/repos/:owner/:repo/pulls/:number';
  app.post(`${base}/reviews`, async (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox, 'write');
    const review = await submit(sandbox, repository, pull, await bodyOf(c, ReviewBody), actingUser(c));
    return c.json(reviewJson(sandbox, repository, review));
  });
  app.get(`${base}/reviews`, (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox);
    const reviews = [...repository.reviews.values()].filter((review) => review.pullNumber === pull.number);
    return c.json(paginate(c, reviews).map((review) => reviewJson(sandbox, repository, review)));
  });
  app.put(`${base}/reviews/:review/dismissals`, async (c: RouteContext) => {
    requireRepository(c, sandbox, { permission: ['pull_requests', 'write'], role: 'write' });
    const { repository, pull } = requirePull(c, sandbox, 'write');
    await bodyOf(c, DismissBody);
    const review = repository.reviews.get(numberParam(c, 'review'));
    if (!review || review.pullNumber !== pull.number) throw notFound();
    const actor = { login: actingUser(c).login, appId: actingAppId(c) };
    if (!mayDismissReviews(sandbox, repository, pull.baseRef, actor))
      throw new GitHubError(403, 'The protection of the base branch does not list you to dismiss reviews.');
    await dismiss(sandbox, repository, pull, review, actingUser(c));
    return c.json(reviewJson(sandbox, repository, review));
  });
  app.get(`${base}/requested_reviewers`, (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox);
    return c.json({
      users: pull.requestedReviewers.map((login) => userJson(sandbox, login)),
      teams: pull.requestedTeams.map((slug) => requestedTeamJson(sandbox, repository, slug)),
    });
  });
  app.post(`${base}/requested_reviewers`, async (c: RouteContext) => {
    const { repository, pull } = requireReviewManager(c, sandbox);
    await request(sandbox, repository, pull, await bodyOf(c, RequestBody), actingUser(c));
    return c.json(pullSummaryJson(sandbox, repository, pull), 201);
  });
  app.delete(`${base}/requested_reviewers`, async (c: RouteContext) => {
    const { repository, pull } = requireReviewManager(c, sandbox);
    const body = await bodyOf(c, RequestBody);
    await unrequest(sandbox, repository, pull, body, actingUser(c));
    return c.json(pullSummaryJson(sandbox, repository, pull));
  });
};

function requireReviewManager(c: RouteContext, sandbox: SandboxContext): ReturnType<typeof requirePull> {
  requireRepository(c, sandbox, { permission: ['pull_requests', 'write'], role: 'triage' });
  return requirePull(c, sandbox, 'write');
}

async function submit(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: z.output<typeof ReviewBody>,
  user: User,
): Promise<Review> {
  const isAuthor = issueOf(repository, pull).user === user.login;
  if (isAuthor && input.event !== 'COMMENT') {
    const what = input.event === 'APPROVE' ? 'approve' : 'request changes on';
    throw new GitHubError(422, 'Unprocessable Entity', [`Can not ${what} your own pull request`]);
  }
  if (input.event !== 'APPROVE' && !input.body)
    throw new GitHubError(422, 'Unprocessable Entity', [
      'You need to leave a comment indicating the requested changes.',
    ]);
  if (input.event !== 'COMMENT' && !isOpen(repository, pull))
    throw new GitHubError(422, 'Unprocessable Entity', ['Can not review a closed pull request']);
  const commitId = input.commit_id ?? pull.headSha;
  if ((await resolveRef(repository.gitDir, commitId)) !== commitId)
    throw new GitHubError(422, 'Unprocessable Entity', ['The commit_id is not part of the pull request']);
  const review: Review = {
    id: sandbox.nextId(),
    pullNumber: pull.number,
    user: user.login,
    state: STATES[input.event] ?? 'COMMENTED',
    body: input.body ?? '',
    commitId,
    submittedAt: timestamp(sandbox),
  };
  repository.reviews.set(review.id, review);
  pull.requestedReviewers = pull.requestedReviewers.filter((login) => login !== user.login);
  await emitReview(sandbox, repository, pull, review, { action: 'submitted', user });
  return review;
}

async function dismiss(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  review: Review,
  user: User,
): Promise<void> {
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw new GitHubError(422, 'Unprocessable Entity', ['Can not dismiss a commented pull request review']);
  review.state = 'DISMISSED';
  await emitReview(sandbox, repository, pull, review, { action: 'dismissed', user });
}

async function emitReview(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  review: Review,
  event: { action: string; user: User },
): Promise<void> {
  // Webhooks write the state in small letters, the REST API in capitals.
  const json = { ...reviewJson(sandbox, repository, review), state: review.state.toLowerCase() };
  const payload = { review: json, pull_request: await pullJson(sandbox, repository, pull) };
  sandbox.emit('pull_request_review', { repository, sender: event.user, action: event.action, payload });
}

async function request(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: z.output<typeof RequestBody>,
  sender: User,
): Promise<void> {
  if (input.reviewers.includes(issueOf(repository, pull).user))
    throw new GitHubError(422, 'Review cannot be requested from pull request author.');
  const known =
    input.reviewers.every((login) => isCollaborator(sandbox, repository, login)) &&
    input.team_reviewers.every((slug) => repository.teams.has(slug));
  if (!known) {
    const what = 'One or more of the users or teams you specified is not a collaborator of the';
    throw new GitHubError(
      422,
      `Reviews may only be requested from collaborators. ${what} ${repository.fullName} repository.`,
    );
  }
  for (const login of input.reviewers.filter((one) => !pull.requestedReviewers.includes(one))) {
    pull.requestedReviewers.push(login);
    const extra = { requested_reviewer: userJson(sandbox, login) };
    await emitPull(sandbox, repository, pull, { action: 'review_requested', sender, extra });
  }
  for (const slug of input.team_reviewers.filter((one) => !pull.requestedTeams.includes(one))) {
    pull.requestedTeams.push(slug);
    const extra = { requested_team: requestedTeamJson(sandbox, repository, slug) };
    await emitPull(sandbox, repository, pull, { action: 'review_requested', sender, extra });
  }
}

async function unrequest(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: z.output<typeof RequestBody>,
  sender: User,
): Promise<void> {
  const action = 'review_request_removed';
  for (const login of input.reviewers.filter((one) => pull.requestedReviewers.includes(one))) {
    pull.requestedReviewers = pull.requestedReviewers.filter((one) => one !== login);
    const extra = { requested_reviewer: userJson(sandbox, login) };
    await emitPull(sandbox, repository, pull, { action, sender, extra });
  }
  for (const slug of input.team_reviewers.filter((one) => pull.requestedTeams.includes(one))) {
    pull.requestedTeams = pull.requestedTeams.filter((one) => one !== slug);
    const extra = { requested_team: requestedTeamJson(sandbox, repository, slug) };
    await emitPull(sandbox, repository, pull, { action, sender, extra });
  }
}

/** To be able to read a public repository does not make a collaborator. */
function isCollaborator(sandbox: SandboxContext, repository: Repository, login: string): boolean {
  const organization = sandbox.state.organizations.get(repository.owner);
  const inTeam = [...repository.teams.keys()].some((slug) =>
    organization?.teams.get(slug)?.members.has(login),
  );
  return (
    login === repository.owner ||
    (repository.collaborators.get(login) ?? 'none') !== 'none' ||
    organization?.members.has(login) === true ||
    inTeam
  );
}
