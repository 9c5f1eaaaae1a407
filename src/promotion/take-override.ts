import type { OverrideCommand } from '../domain/command.ts';
import { evaluateEach, STANDING_GATES } from '../domain/gates/evaluate-gates.ts';
import { targetKey } from '../domain/target.ts';
import { hasMovedOn } from './choose-targets.ts';
import { code } from './markdown.ts';
import { readOverrides, reportOverride } from './override-check.ts';
import type { Comment, RepositoryReader, RepositoryWriter } from './ports.ts';
import type { Candidate, OpenPromotion, Snapshot } from './snapshot.ts';
import type { Taken } from './take-promote.ts';

/** An application that the pull request carries. */
interface Carried {
  candidate: Candidate;
  open: OpenPromotion;
}

/**
 * Takes `/override GATE REASON` on a promotion's pull request: keeps it on the head that the person saw, and says on
 * the pull request who overrode what and why.
 */
export async function takeOverride(
  host: RepositoryReader & RepositoryWriter,
  snapshot: Snapshot,
  comment: Comment,
  { gate, reason, problem }: OverrideCommand,
  nowMs: number,
): Promise<Taken> {
  if (problem) return refuse(`${code('/override')}: ${problem}.`);
  const carried = snapshot.candidates.flatMap((candidate): Carried[] => {
    const { open } = candidate;
    return open?.pull.number === comment.issue ? [{ candidate, open }] : [];
  });
  const [first] = carried;
  if (!first)
    return refuse(`${code('/override')} is for the pull request of an open promotion; comment it there.`);
  const why = whyNot(carried, comment, gate, nowMs);
  if (why) return refuse(why);
  const { headSha } = first.open.pull;
  if (!readOverrides((await host.listCheckRuns(headSha)).own).some(({ url }) => url === comment.url))
    await host.reportCheck(reportOverride(headSha, gate, reason, comment), null);
  return {
    targets: carried.map(({ candidate: { application, environment } }) =>
      targetKey({ application, environment: environment.name }),
    ),
    answers: [
      `${code(comment.author)} overrode the gate ${code(gate)} for the head ${headSha.slice(0, 7)}: ${code(reason)}. It holds for this head alone.`,
    ],
    isTaken: true,
  };
}

function refuse(answer: string): Taken {
  return { targets: [], answers: [answer], isTaken: false };
}

/** Why an override cannot be taken; null when it can. Of a group, it is for all members that have the gate. */
function whyNot(carried: readonly Carried[], comment: Comment, gate: string, nowMs: number): string | null {
  const all = carried.flatMap(({ candidate }) => candidate.environment.gates);
  const kinds = [...new Set(all.map(({ kind }) => kind))].map(code).join(', ');
  if (![...STANDING_GATES, ...all].some(({ kind }) => kind === gate))
    return `There is no gate ${code(gate)} here; there are ${kinds || 'none'}.`;
  if (carried.some(({ candidate }) => candidate.environment.noOverride.includes(gate)))
    return `The config lets nobody override ${code(gate)} here.`;
  if (carried.some(({ open }) => !open.trailers || !open.isAttested))
    return 'The head is not what Sluice planned; nothing overrides that.';
  // The comment may have been written for what the branch held before.
  const isOlder = carried.some(
    ({ candidate, open }) =>
      hasMovedOn(candidate) || Date.parse(comment.createdAt) < Date.parse(open.head.committedAt),
  );
  if (isOlder)
    return 'This pull request carries something newer than your comment. Look at it, and say it again.';
  const results = carried.flatMap(({ candidate, open }) =>
    evaluateEach(
      [...STANDING_GATES, ...candidate.environment.gates].filter(({ kind }) => kind === gate),
      open.facts,
      nowMs,
    ),
  );
  return results.every(({ state }) => state === 'passed')
    ? `The gate ${code(gate)} has passed; there is nothing to override.`
    : null;
}
