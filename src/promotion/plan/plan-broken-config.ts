import { CONFIG_PATH, type ConfigProblem } from '../../config/parse-config.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import { heldMark, promotionMark } from '../observe/observe-pulls.ts';
import type { CheckReport, OwnCheck } from '../ports/checks.ts';
import type { Base, OpenPromotion, OtherPull, Unreadable } from '../snapshot.ts';
import { describeProblems, planOtherPull } from './plan-other-pull.ts';
import type { Action, Plan } from './plan-types.ts';
import { planUnreadable, UNREADABLE_DELAY_MS } from './plan-unreadable.ts';
import { reportGates, reportUnlessSaid } from './report-gates.ts';

export const CONFIG_CHECK = 'sluice/config';

export interface BrokenConfig {
  base: Base;
  problems: readonly ConfigProblem[];
  /** What the tip of the default branch was told before. */
  check: OwnCheck | null;
  promotions: readonly Pick<OpenPromotion, 'pull' | 'trailers' | 'check' | 'isAttested'>[];
  unreadable: readonly Unreadable[];
  unreported: readonly OtherPull[];
}

/**
 * With a broken config nothing is promoted and nothing passes: the default branch's tip says where it is broken, open
 * promotions wait. Other pull requests pass, so that the one that mends it can merge.
 */
export function planBrokenConfig(broken: BrokenConfig): Pick<Plan, 'actions' | 'lookAgainMs'> {
  const { base, problems, check, promotions, unreadable, unreported } = broken;
  const report: CheckReport = {
    name: CONFIG_CHECK,
    headSha: base.commit.sha,
    externalId: 'config',
    state: 'failure',
    ...describeProblems(problems),
  };
  const actions: Action[] = reportUnlessSaid(report, check);
  const reason = `\`${CONFIG_PATH}\` on the default branch is broken (line ${problems[0]!.line}): mend it, and Sluice goes on`;
  const gates: GateResult[] = [{ gate: 'config', state: 'waiting', reason }];
  for (const { pull, trailers, check: before, isAttested } of promotions) {
    const mark =
      isAttested && trailers
        ? promotionMark(pull.branch, trailers.fingerprint)
        : heldMark(pull.branch, 'foreign');
    actions.push(...reportUnlessSaid({ ...reportGates(mark, gates), headSha: pull.headSha }, before));
  }
  actions.push(...unreadable.flatMap(planUnreadable), ...unreported.flatMap((each) => planOtherPull(each)));
  return { actions, lookAgainMs: unreadable.length > 0 ? UNREADABLE_DELAY_MS : null };
}
