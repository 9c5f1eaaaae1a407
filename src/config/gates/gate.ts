import { z } from 'zod';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { isRecord, section, unknownKind } from '../schema-parts.ts';
import { after, toAfter } from './after.ts';
import { approvals, toApprovals } from './approvals.ts';
import { checks, toChecks } from './checks.ts';
import { health, toHealth } from './health.ts';
import { http, toHttp } from './http.ts';
import { policy, toPolicy } from './policy.ts';
import { pullRequest, toPullRequest } from './pull-request.ts';
import { soak, toSoak } from './soak.ts';
import { toWindow, window } from './window.ts';

export const GATES = [
  'checks',
  'approvals',
  'window',
  'soak',
  'health',
  'after',
  'policy',
  'http',
  'pull-request',
  'manual',
] as const;

export const gate = z.union(
  [
    z.literal('manual'),
    section({ checks }),
    section({ approvals }),
    section({ window }),
    section({ soak }),
    section({ health }),
    section({ after }),
    section({ policy }),
    section({ http }),
    section({ 'pull-request': pullRequest }),
  ],
  { error: explainUnknown },
);

/** `hold` reads as if it could be left out, which nothing and nobody can do. */
function explainUnknown(issue: { input?: unknown }): string {
  const { input } = issue;
  if (input === 'hold' || (isRecord(input) && 'hold' in input))
    return 'the gate "hold" is in force in every environment already, for the holds of people; leave it out here';
  return unknownKind('gate', GATES, 'Gates')(issue);
}

/** The gate in the terms of the domain; equal gates give equal results, however they were written. */
export function toGate(written: z.infer<typeof gate>): GateSpec {
  if (written === 'manual') return { kind: 'manual' };
  if ('checks' in written) return toChecks(written.checks);
  if ('approvals' in written) return toApprovals(written.approvals);
  if ('soak' in written) return toSoak(written.soak);
  if ('after' in written) return toAfter(written.after);
  if ('http' in written) return toHttp(written.http);
  if ('health' in written) return toHealth(written.health);
  if ('policy' in written) return toPolicy(written.policy);
  if ('pull-request' in written) return toPullRequest(written['pull-request']);
  return toWindow(written.window);
}
