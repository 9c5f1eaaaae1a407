import { requestCheckSuites } from '../check-suites.ts';
import type { Routes } from '../context.ts';
import { followBranch } from '../pull-heads.ts';
import { refusePush } from '../push-protection.ts';
import { actionRoutes } from './actions.ts';
import { checkRoutes } from './checks.ts';
import { commentRoutes } from './comments.ts';
import { dispatchRoutes } from './dispatches.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { mergeRoutes } from './merge.ts';
import { protectionRoutes } from './protection.ts';
import { pullRoutes } from './pulls.ts';
import { reactionRoutes } from './reactions.ts';
import { releaseRoutes } from './releases.ts';
import { reviewRoutes } from './reviews.ts';
import { rulesetRoutes } from './rulesets.ts';
import { statusRoutes } from './statuses.ts';

/** What people and Apps do together on a repository, and what follows when a branch moves. */
export const collaborationRoutes: Routes = (app, sandbox) => {
  const families = [
    pullRoutes,
    reviewRoutes,
    mergeRoutes,
    // `/issues/comments` before `/issues/:number`.
    commentRoutes,
    reactionRoutes,
    labelRoutes,
    issueRoutes,
    checkRoutes,
    statusRoutes,
    protectionRoutes,
    rulesetRoutes,
    actionRoutes,
    releaseRoutes,
    dispatchRoutes,
  ];
  for (const addRoutes of families) addRoutes(app, sandbox);
  sandbox.onBeforePush = (repository, proposal) => refusePush(sandbox, repository, proposal);
  sandbox.onRefChanged.push(
    (repository, change) => requestCheckSuites(sandbox, repository, change),
    (repository, change) => followBranch(sandbox, repository, change),
  );
};
