import { combineGates, type GateResult } from '../../domain/gates/gate.ts';
import { GATES_CHECK } from '../observe/observe-pulls.ts';
import type { CheckReport, OwnCheck } from '../ports/checks.ts';
import { describeGates } from './describe-gates.ts';
import { LOOK_ONLY, type Remedies } from './gate-buttons.ts';
import type { Action } from './plan-types.ts';
import { isSameTrace } from './render-trace.ts';

const NO_TRACE = 'No gate of the config was judged.';

/** What goes with the gates into their check run. */
export interface Background extends Remedies {
  /** What they were judged by. */
  trace: string;
}

/**
 * The check run `sluice/gates` of a promotion: `success` only when every gate passed, never `neutral`. Without a
 * background nothing but a look helps.
 */
export function reportGates(
  externalId: string,
  gates: readonly GateResult[],
  { trace, buttons, note }: Background = { ...LOOK_ONLY, trace: NO_TRACE },
): Omit<CheckReport, 'headSha'> {
  const combined = combineGates(gates);
  return {
    name: GATES_CHECK,
    externalId,
    state: combined === 'passed' ? 'success' : combined === 'failed' ? 'failure' : 'in_progress',
    title: titleOf(gates),
    summary: describeGates(gates, note),
    text: trace,
    annotations: [],
    buttons,
  };
}

function titleOf(gates: readonly GateResult[]): string {
  const open = gates.filter(({ state }) => state === 'failed' || state === 'waiting');
  if (open.length === 0) return titleOfPassed(gates);
  const failed = open.filter(({ state }) => state === 'failed');
  const named = (failed.length > 0 ? failed : open).map(({ gate }) => gate).join(', ');
  return `${failed.length > 0 ? 'Failed' : 'Waiting'}: ${named}`.slice(0, 200);
}

function titleOfPassed(gates: readonly GateResult[]): string {
  if (gates.length === 0) return 'No gates';
  const overridden = gates.filter(({ state }) => state === 'overridden').length;
  const passed = `${gates.length} of ${gates.length} gates passed`;
  return overridden === 0 ? passed : `${passed}, ${overridden} by override`;
}

/**
 * Whether a check run says already what is to be said. Its buttons, which GitHub does not tell, follow from the state
 * and the summary: see `remediesOf`.
 */
function isReported(report: Omit<CheckReport, 'headSha'>, existing: OwnCheck | null): boolean {
  if (!existing || existing.externalId !== report.externalId || existing.title !== report.title) return false;
  const state = existing.status === 'completed' ? existing.conclusion : existing.status;
  const isFinal = report.state === 'success';
  const isSameText = report.text === undefined || isSameTrace(report.text, existing.text, isFinal);
  return state === report.state && existing.summary === report.summary && isSameText;
}

type ReportAction = Extract<Action, { kind: 'report-check' }>;

/** The report as an action, unless the check run says it already. */
export function reportUnlessSaid(report: CheckReport, existing: OwnCheck | null): ReportAction[] {
  if (isReported(report, existing)) return [];
  // A check run keeps its mark for good: one with another mark may be the proof of what Sluice planned.
  const isSame = existing?.externalId === report.externalId;
  return [{ kind: 'report-check', report, existing: isSame ? existing : null }];
}
