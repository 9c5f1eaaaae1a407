import { combineGates, type GateResult } from '../../domain/gates/gate.ts';
import { capBody, code } from '../markdown.ts';
import { GATES_CHECK } from '../observe/observe-pulls.ts';
import type { ObservedQueue, QueueGroup } from '../observe/observe-queue.ts';
import { groupMark, isOtherMark } from '../other-mark.ts';
import type { CheckReport } from '../ports/checks.ts';
import { describeGates } from './describe-gates.ts';
import type { Action, Plan } from './plan-types.ts';
import { planUnreadable, UNREADABLE_DELAY_MS } from './plan-unreadable.ts';
import { reportUnlessSaid } from './report-gates.ts';

type State = 'success' | 'failure' | 'in_progress';

/** What a group is told, and why. */
interface Verdict {
  state: State;
  reason: string;
}

/** What the verdict on a group goes by, besides the group. */
export interface Judged {
  plan: Pick<Plan, 'actions' | 'promotions'>;
  /** Mark of a check run that is the present verdict on a pull request of somebody else; null: any such mark. */
  otherMark: string | null;
  /** Promotions of which GitHub did not tell something, or anything, that it may tell the next time. */
  isUnsure: (number: number) => boolean;
}

/**
 * The verdict on each group of the merge queue: `success` only when the pull request passes now, with the head that
 * was judged, and so does what stands before it. A queue throws out what fails, so that nothing waits behind it.
 */
export function planQueue(
  { baseSha, groups, unreadable }: ObservedQueue,
  judged: Judged,
): Pick<Plan, 'actions' | 'lookAgainMs'> {
  const verdicts = new Map<string, Verdict>();
  const pending = new Map(groups.map((group) => [group.headSha, group]));
  const judge = (group: QueueGroup): Verdict => {
    pending.delete(group.headSha);
    const before = pending.get(group.baseSha);
    if (before) judge(before);
    const isGrounded = group.baseSha === baseSha || verdicts.get(group.baseSha)?.state === 'success';
    const verdict = judgeGroup(group, isGrounded, judged);
    verdicts.set(group.headSha, verdict);
    return verdict;
  };
  for (const group of groups) if (pending.has(group.headSha)) judge(group);
  const actions: Action[] = groups.flatMap((group) =>
    reportUnlessSaid(reportGroup(group, verdicts.get(group.headSha)!), group.check),
  );
  actions.push(...unreadable.flatMap(planUnreadable));
  return { actions, lookAgainMs: unreadable.length > 0 ? UNREADABLE_DELAY_MS : null };
}

function judgeGroup(group: QueueGroup, isGrounded: boolean, judged: Judged): Verdict {
  const { pull, mismatch } = group;
  const what = `#${pull.number} at ${pull.headSha.slice(0, 7)}`;
  if (mismatch !== null) {
    const reason = `this is not what merging ${what} comes to: ${code(mismatch)} differs. Update the branch of the pull request, and queue it again`;
    return { state: 'failure', reason };
  }
  const verdict =
    pull.isSluices && group.pullCheck === null ? judgePromotion(group, judged) : judgeOther(group, judged);
  if (verdict.state === 'success' && !isGrounded)
    return { state: 'in_progress', reason: `${what} passes, and what stands before it in the queue has not` };
  return verdict;
}

function judgePromotion({ pull }: QueueGroup, { plan, isUnsure }: Judged): Verdict {
  const { number, headSha } = pull;
  const isReplaced = plan.actions.some(
    (action) =>
      (action.kind === 'update-promotion' || action.kind === 'close-promotion') && action.number === number,
  );
  if (isReplaced)
    return { state: 'failure', reason: `#${number} is about to carry something else; queue it again then` };
  const carried = plan.promotions.filter((each) => each.pull?.number === number);
  if (carried.length === 0) {
    const said = reportOn(plan.actions, headSha);
    if (isUnsure(number) && said?.state !== 'failure')
      return { state: 'in_progress', reason: `GitHub does not tell all about #${number} now` };
    return { state: 'failure', reason: said?.title ?? `#${number} carries no promotion that is due` };
  }
  const gates = carried.flatMap((each) => each.gates);
  return judgeGates(number, gates, isUnsure(number));
}

function judgeGates(number: number, gates: readonly GateResult[], isUnsure: boolean): Verdict {
  const combined = combineGates(gates);
  const tabled = describeGates(gates, null);
  if (combined === 'passed')
    return { state: 'success', reason: `#${number} passes its gates now.\n\n${tabled}` };
  if (combined === 'waiting' && isUnsure)
    return { state: 'in_progress', reason: `GitHub does not tell all about #${number} now.\n\n${tabled}` };
  const reason = `#${number} does not pass its gates now. Queue it again when it does.\n\n${tabled}`;
  return { state: 'failure', reason };
}

/** A pull request that is no promotion: what this very look says of it, else what its check run says. */
function judgeOther({ pull, pullCheck }: QueueGroup, { plan, otherMark }: Judged): Verdict {
  const said = reportOn(plan.actions, pull.headSha);
  const state =
    said?.state ?? (pullCheck && isOtherMark(pullCheck.externalId, otherMark) ? pullCheck.conclusion : null);
  const title = code(said?.title ?? pullCheck?.title ?? '');
  if (state === 'success') return { state, reason: `#${pull.number} passes: ${title}` };
  if (state === 'failure') return { state, reason: `#${pull.number} does not pass: ${title}` };
  return { state: 'in_progress', reason: `#${pull.number} has no verdict yet` };
}

function reportOn(actions: readonly Action[], headSha: string): CheckReport | null {
  const reports = actions.flatMap((action) => (action.kind === 'report-check' ? action.report : []));
  return reports.find((report) => report.headSha === headSha && report.name === GATES_CHECK) ?? null;
}

function reportGroup(group: QueueGroup, { state, reason }: Verdict): CheckReport {
  const says = { success: 'passes', failure: 'does not pass', in_progress: 'waits' };
  return {
    name: GATES_CHECK,
    headSha: group.headSha,
    externalId: groupMark(group.pull.number, group.headSha),
    state,
    title: `#${group.pull.number} ${says[state]}`,
    summary: capBody(reason),
    annotations: [],
  };
}
