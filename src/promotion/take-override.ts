import type { OverrideCommand } from '../domain/command.ts';
import { evaluateGates } from '../domain/gates/evaluate-gates.ts';
import { targetKey } from '../domain/target.ts';
import { hasMovedOn } from './choose-targets.ts';
import { code } from './markdown.ts';
import { readOverrides, reportOverride } from './override-check.ts';
import type { Comment, RepositoryReader, RepositoryWriter } from './ports.ts';
import type { Candidate, OpenPromotion, Snapshot } from './snapshot.ts';
import { GUARD, takeGuardOverride } from './take-guard-override.ts';
import { refuse, type Taken } from './take-promote.ts';

/**
 * Takes `/override GATE REASON` on a promotion's pull request: keeps it on the head that the person saw, and says on
 * the pull request who overrode what and why.
 */
export async function takeOverride(
  host: RepositoryReader & RepositoryWriter,
  snapshot: Snapshot,
  comment: Comment,
  command: OverrideCommand,
  nowMs: number,
): Promise<Taken> {
  const { gate, reason, problem } = command;
  if (problem) return refuse(`${code('/override')}: ${problem}.`);
  const candidate = snapshot.candidates.find(({ open }) => open?.pull.number === comment.issue);
  const open = candidate?.open;
  if (!open && gate === GUARD) return takeGuardOverride(host, snapshot, comment, command);
  if (!candidate || !open)
    return refuse(`${code('/override')} is for the pull request of an open promotion; comment it there.`);
  const why = whyNot(candidate, open, comment, gate, nowMs);
  if (why) return refuse(why);
  const { headSha } = open.pull;
  if (!readOverrides((await host.listCheckRuns(headSha)).own).some(({ url }) => url === comment.url))
    await host.reportCheck(reportOverride(headSha, gate, reason, comment), null);
  const { application, environment } = candidate;
  return {
    targets: [targetKey({ application, environment: environment.name })],
    answers: [
      `${code(comment.author)} overrode the gate ${code(gate)} for the head ${headSha.slice(0, 7)}: ${code(reason)}. It holds for this head alone.`,
    ],
    isTaken: true,
  };
}

/** Why an override cannot be taken; null when it can. */
function whyNot(
  candidate: Candidate,
  open: OpenPromotion,
  comment: Comment,
  gate: string,
  nowMs: number,
): string | null {
  const { gates, noOverride } = candidate.environment;
  const specs = gates.filter(({ kind }) => kind === gate);
  const kinds = [...new Set(gates.map(({ kind }) => kind))].map(code).join(', ');
  if (specs.length === 0) return `There is no gate ${code(gate)} here; there are ${kinds || 'none'}.`;
  if (noOverride.includes(gate)) return `The config lets nobody override ${code(gate)} here.`;
  if (!open.trailers || !open.isAttested)
    return 'The head is not what Sluice planned; nothing overrides that.';
  // The comment may have been written for what the branch held before.
  if (hasMovedOn(candidate) || Date.parse(comment.createdAt) < Date.parse(open.head.committedAt))
    return 'This pull request carries something newer than your comment. Look at it, and say it again.';
  const results = evaluateGates(specs, open.facts, nowMs);
  return results.every(({ state }) => state === 'passed')
    ? `The gate ${code(gate)} has passed; there is nothing to override.`
    : null;
}
