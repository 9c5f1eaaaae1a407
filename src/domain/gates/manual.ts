import type { GateFacts } from './facts.ts';
import type { GateResult } from './gate.ts';

/** Passes when somebody who may has said `/promote` or `/approve`. */
export function evaluateManual(facts: GateFacts): GateResult {
  const gate = 'manual';
  if (!facts.requests.known) return { gate, state: 'waiting', reason: facts.requests.reason };
  const request = facts.requests.value[0];
  return request
    ? {
        gate,
        state: 'passed',
        reason: `${request.isApproval ? 'approved' : 'asked for'} by ${request.requester} (${request.url})`,
        ...(request.atMs === undefined ? {} : { sinceMs: request.atMs }),
      }
    : {
        gate,
        state: 'waiting',
        reason: 'comment `/promote` or `/approve` on this pull request to let it go on',
      };
}
