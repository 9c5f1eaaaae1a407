import { describeDuration } from '../../domain/duration.ts';
import type { DeploymentState } from '../ports/deployments.ts';
import type { DueDeployment, Snapshot } from '../snapshot.ts';
import type { Part } from './plan-types.ts';
import { UNREADABLE_DELAY_MS } from './plan-unreadable.ts';

/** GitHub's limit: https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status */
const LONGEST = 140;

/** What is to be said of the deployments of what merged lately, where it is not what was said last. */
export function planDeployments({ deployments }: Pick<Snapshot, 'deployments'>, nowMs: number): Part {
  const { due = [], isWhole = true } = deployments ?? {};
  const said = due
    .map((deployment) => ({ deployment, ...judge(deployment, nowMs) }))
    .filter(({ deployment, state }) => !isOutdone(deployment, state));
  const waiting = said.filter(({ state }) => state === 'in_progress');
  const looks = waiting.map(({ deployment }) => deployment.untilMs - nowMs + 1);
  if (!isWhole) looks.push(UNREADABLE_DELAY_MS);
  return {
    actions: said
      .filter(({ deployment, state }) => deployment.existing?.state !== state)
      .map((each) => ({ kind: 'report-deployment', ...each })),
    promotions: [],
    notPromoted: [],
    ...(looks.length > 0 && { lookAgainMs: Math.min(...looks) }),
  };
}

/** Only a success that was reported is one; what has merged is on its way. */
function judge(
  { environment, health, untilMs }: DueDeployment,
  nowMs: number,
): { state: DeploymentState; description: string } {
  const { name } = health;
  // What is reported later is of no concern any more.
  const state = health.sinceMs !== null && health.sinceMs > untilMs ? 'missing' : health.state;
  if (state === 'healthy') return say('success', `${name} reports success`);
  if (state === 'unhealthy') return say('failure', `${name} reports failure`);
  const waits = state === 'missing' ? `${name} has not reported` : `${name} is not done`;
  if (nowMs <= untilMs) return say('in_progress', `merged into ${environment}; ${waits} yet`);
  return say('error', `${waits}, ${describeDuration(nowMs - untilMs)} after the time for it was over`);
}

/** That nothing is reported any more, or something is under way again, takes back nothing that was. */
function isOutdone({ existing }: DueDeployment, state: DeploymentState): boolean {
  const isVerdict = ['success', 'failure', 'error'].includes(existing?.state ?? '');
  return isVerdict && ['in_progress', 'error'].includes(state);
}

function say(state: DeploymentState, description: string) {
  return { state, description: description.slice(0, LONGEST) };
}
