import type { GateResult } from '../../domain/gates/gate.ts';
import { heldMark } from '../observe/observe-pulls.ts';
import type { Unreadable } from '../snapshot.ts';
import type { Action } from './plan-types.ts';
import { reportGates } from './report-gates.ts';

/** When to ask again for what GitHub did not give. */
export const UNREADABLE_DELAY_MS = 60_000;

/** What is not known passes nothing; a verdict of before must not stay green either. */
export function planUnreadable({ pull, reason, isTold }: Unreadable): Action[] {
  if (!pull || isTold) return [];
  const gates: GateResult[] = [{ gate: 'GitHub', state: 'waiting', reason }];
  const report = { ...reportGates(heldMark(pull.branch, 'unreadable'), gates), headSha: pull.headSha };
  return [{ kind: 'report-check', report, existing: null }];
}
