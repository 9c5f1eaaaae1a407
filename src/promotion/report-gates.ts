import { combineGates, type GateResult, type GateState } from '../domain/gates/gate.ts';
import { capBody, cell, table } from './markdown.ts';
import { GATES_CHECK } from './observe-pulls.ts';
import type { Action } from './plan-types.ts';
import type { CheckReport, OwnCheck } from './ports.ts';

const SIGNS: Record<GateState, string> = { passed: '✅', overridden: '☑️', waiting: '⏳', failed: '❌' };

/** The gates as a table for the pull request and the check run. */
export function describeGates(gates: readonly GateResult[]): string {
  if (gates.length === 0) return 'This environment has no gates.';
  const rows = gates.map(({ gate, state, reason }) => [cell(gate), `${SIGNS[state]} ${state}`, cell(reason)]);
  return table(['gate', 'state', 'why'], rows);
}

/** The check run `sluice/gates` of a promotion: `success` only when every gate passed, never `neutral`. */
export function reportGates(externalId: string, gates: readonly GateResult[]): Omit<CheckReport, 'headSha'> {
  const combined = combineGates(gates);
  return {
    name: GATES_CHECK,
    externalId,
    state: combined === 'passed' ? 'success' : combined === 'failed' ? 'failure' : 'in_progress',
    title: titleOf(gates),
    summary: capBody(describeGates(gates)),
    annotations: [],
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

/** Whether a check run says already what is to be said. */
function isReported(report: Omit<CheckReport, 'headSha'>, existing: OwnCheck | null): boolean {
  if (!existing || existing.externalId !== report.externalId || existing.title !== report.title) return false;
  const state = existing.status === 'completed' ? existing.conclusion : existing.status;
  return state === report.state && existing.summary === report.summary;
}

/** The report as an action, unless the check run says it already. */
export function reportUnlessSaid(report: CheckReport, existing: OwnCheck | null): Action[] {
  if (isReported(report, existing)) return [];
  // A check run keeps its mark for good: one with another mark may be the proof of what Sluice planned.
  const isSame = existing?.externalId === report.externalId;
  return [{ kind: 'report-check', report, existing: isSame ? existing : null }];
}
