import { z } from 'zod';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { section, unknownKind } from '../schema-parts.ts';
import { approvals, toApprovals } from './approvals.ts';
import { checks, toChecks } from './checks.ts';
import { pullRequest, toPullRequest } from './pull-request.ts';
import { toWindow, window } from './window.ts';

const GATES = ['checks', 'approvals', 'window', 'manual', 'pull-request'];

export const gate = z.union(
  [
    z.literal('manual'),
    section({ checks }),
    section({ approvals }),
    section({ window }),
    section({ 'pull-request': pullRequest }),
  ],
  { error: unknownKind('gate', GATES, 'Gates') },
);

/** The gate in the terms of the domain; equal gates give equal results, however they were written. */
export function toGate(written: z.infer<typeof gate>): GateSpec {
  if (written === 'manual') return { kind: 'manual' };
  if ('checks' in written) return toChecks(written.checks);
  if ('approvals' in written) return toApprovals(written.approvals);
  if ('pull-request' in written) return toPullRequest(written['pull-request']);
  return toWindow(written.window);
}
