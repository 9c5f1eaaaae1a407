import { isPromotionBranch } from '../domain/branch-name.ts';
import { parseCommands } from '../domain/commands/parse-commands.ts';
import { QUEUE_PREFIX } from '../domain/queue-branch.ts';
import { digestOf, listTicked } from '../promotion/dashboard/boxes.ts';
import { isDashboard } from '../promotion/dashboard/dashboard-issue.ts';
import { reconcileJob } from '../promotion/merge-jobs.ts';
import type { Job } from '../promotion/ports/jobs.ts';
import { STATE_BRANCH } from '../promotion/state/state-branch.ts';

/** The few fields of a webhook's payload that matter here; everything in it is somebody else's text. */
export interface Payload {
  action?: string;
  repository?: { full_name: string; default_branch?: string; pushed_at?: unknown };
  installation?: { id: number };
  repositories?: { full_name: string }[];
  repositories_added?: { full_name: string }[];
  ref?: string;
  deleted?: boolean;
  sender?: { login: string; type: string };
  comment?: { id: number; body: string; user: { type: string } | null };
  issue?: {
    number: number;
    body?: string | null;
    updated_at?: string;
    user?: { type: string } | null;
  };
  changes?: { body?: { from?: unknown } };
  check_run?: { id?: number; head_sha?: string; app?: { id: number } | null };
  requested_action?: { identifier?: string };
  check_suite?: { app?: { id: number } | null };
  workflow_run?: { conclusion: string | null };
  state?: string;
  deployment?: { performed_via_github_app?: { id: number } | null };
  pull_request?: { number: number; head: { ref: string } };
  client_payload?: Record<string, unknown> | null;
  branch?: string;
}

/**
 * What an event gives reason to do. It never says what to do, only where to look. `toldAtMs` is when GitHub sent it
 * first, in milliseconds since the epoch, of a delivery that comes out of GitHub's log; left out, it comes just now.
 */
export type Intake = (payload: Payload, appId: number, toldAtMs?: number) => Job[];

/** A job for the repository of the payload; none when the payload has no repository. */
function look({ repository }: Payload, more: Parameters<typeof reconcileJob>[1] = {}): Job[] {
  return repository ? [reconcileJob(repository.full_name, more)] : [];
}

/** The repository may build an application of another one: whoever takes its builds looks at them. */
function lookAsSource({ repository }: Payload): Job[] {
  return repository ? [{ kind: 'source', repository: repository.full_name, builds: [] }] : [];
}

export const onPush: Intake = (payload) => {
  const { ref, repository, deleted } = payload;
  const isDefault = ref === `refs/heads/${repository?.default_branch}`;
  if (ref?.startsWith(`refs/heads/${QUEUE_PREFIX}`)) return deleted ? [] : look(payload, { queue: true });
  const isOurs = ref?.startsWith('refs/heads/') && isPromotionBranch(ref.slice('refs/heads/'.length));
  // What is held now may stand in the merge queue, of which another process has been told.
  if (ref === `refs/heads/${STATE_BRANCH}`) return look(payload, { queue: true, dashboard: true });
  return isDefault || isOurs ? look(payload) : [];
};

export const onPullRequest: Intake = (payload) => {
  const { action, pull_request: pull } = payload;
  const isEnd = action === 'closed' && pull !== undefined && isPromotionBranch(pull.head.ref);
  return look(payload, isEnd ? { ended: [pull.number] } : {});
};

export const onReview: Intake = (payload) => look(payload);

/** The queue merges nothing before its groups have their verdict. */
export const onMergeGroup: Intake = (payload) => look(payload, { queue: true });

/** Checks of others; what Sluice itself reported would make it run in circles. */
export const onCheck: Intake = (payload, appId) => {
  const app = payload.check_run?.app ?? payload.check_suite?.app;
  return app?.id === appId ? [] : look(payload);
};

/** Deployments of others; Sluice's own follow from what it has seen. */
export const onDeployment: Intake = (payload, appId) =>
  payload.deployment?.performed_via_github_app?.id === appId ? [] : look(payload);

export const onStatus: Intake = (payload) => [
  ...look(payload),
  ...(payload.state === 'success' ? lookAsSource(payload) : []),
];

export const onWorkflowRun: Intake = (payload) =>
  payload.workflow_run?.conclusion === 'success' ? lookAsSource(payload) : [];

export const onRelease: Intake = (payload) => lookAsSource(payload);

let lastOrder = 0;
let lastLogged = { atMs: 0, count: 0 };

/** By the clock, so that it rises over a restart too, and one higher where that stands still. */
function nextOrder(): number {
  lastOrder = Math.max(lastOrder + 1, Date.now() * 1_000);
  return lastOrder;
}

/** Where a delivery stands among the others that was sent at a time that is past: what came after it stays newer. */
function orderAt(atMs: number): number {
  lastLogged = { atMs, count: atMs === lastLogged.atMs ? lastLogged.count + 1 : 0 };
  return atMs * 1_000 + lastLogged.count;
}

export const onDispatch: Intake = (told, _appId, toldAtMs) => {
  const { repository, action, client_payload: payload, sender } = told;
  if (!repository || !action) return [];
  const build = {
    repository: repository.full_name,
    type: action,
    payload: payload ?? {},
    order: toldAtMs === undefined ? nextOrder() : orderAt(toldAtMs),
    sender: sender?.login ?? null,
  };
  return [{ kind: 'source', repository: repository.full_name, builds: [build] }];
};

/** Only new comments, by people, that hold a command: an edit may be somebody else's. */
export const onComment: Intake = ({ repository, comment, sender }) => {
  if (!repository || !comment || comment.user?.type === 'Bot' || sender?.type === 'Bot') return [];
  if (parseCommands(comment.body).length === 0) return [];
  return [{ kind: 'command', repository: repository.full_name, comment: comment.id }];
};

/** A command that was edited into a comment: nothing is done, but whoever wrote it is told so. */
export const onEditedComment: Intake = (payload, ...more) => {
  const before = payload.changes?.body?.from;
  if (typeof before !== 'string' || parseCommands(before).length > 0) return [];
  return onComment(payload, ...more);
};

/**
 * A person edited the dashboard: which boxes this very edit ticked, the texts before and after it tell. Whose issue it is,
 * the job reads anew.
 */
export const onIssueEdit: Intake = ({ repository, issue, changes, sender }) => {
  const before = changes?.body?.from;
  if (!repository || !issue || typeof before !== 'string' || !sender || sender.type === 'Bot') return [];
  if (issue.user?.type !== 'Bot' || !isDashboard(issue.body ?? '')) return [];
  const ticked = new Set(listTicked(before));
  const boxes = listTicked(issue.body ?? '').filter((id) => !ticked.has(id));
  const look = reconcileJob(repository.full_name, { dashboard: true });
  if (boxes.length === 0) return [look];
  const saidAtMs = Date.parse(issue.updated_at ?? '');
  // Without a time nobody knows what was there when it was said.
  if (Number.isNaN(saidAtMs)) return [look];
  return [
    {
      kind: 'tick',
      repository: repository.full_name,
      issue: issue.number,
      sender: sender.login,
      boxes,
      shown: digestOf(issue.body ?? ''),
      saidAtMs,
    },
  ];
};

/** Whoever opens the dashboard again wants to see how things stand. */
export const onIssueReopened: Intake = ({ repository, issue }) =>
  repository && issue?.user?.type === 'Bot' && isDashboard(issue.body ?? '')
    ? [reconcileJob(repository.full_name, { dashboard: true })]
    : [];

/** A button on a check run of Sluice's own, pressed by a person. */
export const onButton: Intake = (payload, appId) => {
  const { repository, check_run: run, requested_action: action, sender } = payload;
  if (!repository || run?.app?.id !== appId || !sender || sender.type === 'Bot') return [];
  const { id: checkRun, head_sha: headSha } = run;
  const identifier = action?.identifier;
  if (checkRun === undefined || headSha === undefined || identifier === undefined) return [];
  return [
    { kind: 'button', repository: repository.full_name, checkRun, identifier, sender: sender.login, headSha },
  ];
};

export const onInstallation: Intake = ({ repositories, repositories_added: added }) =>
  [...(repositories ?? []), ...(added ?? [])].map(({ full_name }) =>
    reconcileJob(full_name, { lookAt: ['*'] }),
  );
