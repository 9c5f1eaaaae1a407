import { requestCheckSuites } from '../check-suites.ts';
import type { Routes } from '../context.ts';
import { followBranch } from '../pull-heads.ts';
import { refusePush } from '../push-protection.ts';
import { settleAfterCalls, settleAfterPush } from '../settle.ts';
import { actionRoutes } from './actions.ts';
import { assigneeRoutes } from './assignees.ts';
import { checkSuiteRoutes } from './check-suites.ts';
import { checkRoutes } from './checks.ts';
import { commentRoutes } from './comments.ts';
import { deploymentStatusRoutes } from './deployment-statuses.ts';
import { deploymentRoutes } from './deployments.ts';
import { dispatchRoutes } from './dispatches.ts';
import { environmentRoutes } from './environments.ts';
import { graphqlRoutes } from './graphql.ts';
import { issueEventRoutes } from './issue-events.ts';
import { issueLockRoutes } from './issue-lock.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { mergeRoutes } from './merge.ts';
import { organizationRulesetRoutes } from './organization-rulesets.ts';
import { protectionRoutes } from './protection.ts';
import { pullRoutes } from './pulls.ts';
import { reactionRoutes } from './reactions.ts';
import { releaseRoutes } from './releases.ts';
import { repositorySettingRoutes } from './repository-settings.ts';
import { reviewCommentRoutes } from './review-comments.ts';
import { reviewRoutes } from './reviews.ts';
import { rulesetRoutes } from './rulesets.ts';
import { statusRoutes } from './statuses.ts';
import { updateBranchRoutes } from './update-branch.ts';
import { workflowRoutes } from './workflows.ts';

/** What people and Apps do together on a repository, and what follows when a branch moves. */
export const collaborationRoutes: Routes = (app, sandbox) => {
  const families = [
    // `/pulls/comments` before `/pulls/:number`.
    reviewCommentRoutes,
    pullRoutes,
    reviewRoutes,
    mergeRoutes,
    updateBranchRoutes,
    // `/issues/comments` before `/issues/:number`.
    commentRoutes,
    issueEventRoutes,
    reactionRoutes,
    labelRoutes,
    assigneeRoutes,
    issueLockRoutes,
    issueRoutes,
    checkRoutes,
    checkSuiteRoutes,
    statusRoutes,
    deploymentRoutes,
    deploymentStatusRoutes,
    environmentRoutes,
    protectionRoutes,
    rulesetRoutes,
    organizationRulesetRoutes,
    graphqlRoutes,
    repositorySettingRoutes,
    workflowRoutes,
    actionRoutes,
    releaseRoutes,
    dispatchRoutes,
  ];
  app.use(settleAfterCalls(sandbox));
  for (const addRoutes of families) addRoutes(app, sandbox);
  sandbox.onBeforePush = (repository, proposal) => refusePush(sandbox, repository, proposal);
  sandbox.onRefChanged.push(
    (repository, change) => requestCheckSuites(sandbox, repository, change),
    (repository, change) => followBranch(sandbox, repository, change),
    () => settleAfterPush(sandbox),
  );
};
