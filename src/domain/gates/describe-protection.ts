import type { ApprovalRule } from '../gate-spec.ts';
import { fewestPeople, needsOwners } from './approval-rules.ts';
import type { ProtectionFact } from './facts.ts';
import type { Known } from './gate.ts';

/** More would bury what the gate itself says. */
const MOST_FILES = 3;

/**
 * What GitHub asks of reviews beyond the gate, and what cannot be known of that. Nothing of it changes the gate: the
 * protection of the branch has the last word by itself.
 */
export function describeProtection(rule: ApprovalRule, protection: Known<ProtectionFact>): string[] {
  if (!protection.known) return [protection.reason];
  const { approvals, wantsCodeOwners, teams, isPartlyHidden } = protection.value;
  const more: string[] = [];
  if (approvals > fewestPeople(rule)) more.push(countOf(approvals));
  if (wantsCodeOwners && !needsOwners(rule))
    more.push('an approval by a code owner of each file that has one');
  for (const { path, approvals: count } of teams.slice(0, MOST_FILES))
    more.push(`${countOf(count)} by the team that a ruleset names for \`${path}\``);
  if (teams.length > MOST_FILES) more.push(`approvals by teams for ${teams.length - MOST_FILES} more files`);
  const asks = more.length > 0 ? [`GitHub asks for more: ${more.join(', ')}`] : [];
  return isPartlyHidden
    ? [...asks, 'what classic branch protection asks of reviews, GitHub shows to administrators only']
    : asks;
}

function countOf(approvals: number): string {
  return `${approvals} ${approvals === 1 ? 'approval' : 'approvals'}`;
}
