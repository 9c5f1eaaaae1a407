import type { OverrideCommand } from '../../domain/commands/command.ts';
import { evaluateEach, STANDING_GATES } from '../../domain/gates/evaluate-gates.ts';
import { coveringHolds, holdSubjects } from '../../domain/gates/hold.ts';
import { targetKey } from '../../domain/target.ts';
import { code } from '../markdown.ts';
import { type OverrideWord, readOverrides, reportOverride } from '../override-check.ts';
import type { Candidate, OpenPromotion } from '../snapshot.ts';
import { hasMovedOn } from './choose-targets.ts';
import type { CommandCall } from './command-call.ts';
import { GUARD, takeGuardOverride } from './take-guard-override.ts';
import { refuse, type Taken } from './taken.ts';

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
  { host, snapshot, authoriser, nowMs }: Pick<CommandCall, 'host' | 'snapshot' | 'authoriser' | 'nowMs'>,
  word: OverrideWord,
  command: Omit<OverrideCommand, 'name'>,
  shown = code('/override'),
): Promise<Taken> {
  const { gate, reason, problem } = command;
  if (problem) return refuse(`${code('/override')}: ${problem}.`);
  const carried = snapshot.candidates.flatMap((candidate): Carried[] => {
    const { open } = candidate;
    return open?.pull.number === word.issue ? [{ candidate, open }] : [];
  });
  const [first] = carried;
  if (!first && gate === GUARD) return takeGuardOverride({ host, snapshot, authoriser }, word, command);
  if (!first)
    return refuse(`${code('/override')} is for the pull request of an open promotion; comment it there.`);
  const refused = await authoriser.refuse(
    { name: 'override', shown },
    carried.map(({ candidate }) => candidate),
  );
  const why = refused ?? whyNot(carried, word, gate, nowMs);
  if (why !== null) return refuse(why);
  const { headSha } = first.open.pull;
  const holds =
    gate === 'hold' ? [...new Set(carried.flatMap(({ open }) => holdSubjects(open.facts, nowMs)))] : [];
  const given = readOverrides((await host.listCheckRuns(headSha)).own).filter((each) => each.gate === gate);
  // The same word again is for what it was for then.
  const kept = given.find(({ url }) => url === word.url) ?? coveringHolds(given, holds)[0];
  if (kept && kept.url !== word.url)
    return refuse(`${code(kept.by)} overrode the gate ${code(gate)} for this head already: ${kept.url}`);
  if (!kept) await host.reportCheck(reportOverride(headSha, gate, reason, word, holds), null);
  return {
    targets: carried.map(({ candidate: { application, environment } }) =>
      targetKey({ application, environment: environment.name }),
    ),
    answers: [
      `${code(word.author)} overrode the gate ${code(gate)} for the head ${headSha.slice(0, 7)}: ${code(reason)}. It holds for this head alone.`,
    ],
    isTaken: true,
  };
}

/** Why an override cannot be taken; null when it can. Of a group, it is for all members that have the gate. */
function whyNot(carried: readonly Carried[], word: OverrideWord, gate: string, nowMs: number): string | null {
  const all = carried.flatMap(({ candidate }) => candidate.environment.gates);
  const kinds = [...new Set(all.map(({ kind }) => kind))].map(code).join(', ');
  if (![...STANDING_GATES, ...all].some(({ kind }) => kind === gate))
    return `There is no gate ${code(gate)} here; there are ${kinds || 'none'}.`;
  if (carried.some(({ candidate }) => candidate.environment.noOverride.includes(gate)))
    return `The config lets nobody override ${code(gate)} here.`;
  if (carried.some(({ open }) => !open.trailers || !open.isAttested))
    return 'The head is not what Sluice planned; nothing overrides that.';
  if (carried.some(({ candidate, open }) => hasMovedOn(candidate) || isOlder(word, open)))
    return 'This pull request carries something newer than what you spoke of. Look at it, and say it again.';
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

/** It may have been said of what the branch held before. */
function isOlder({ createdAt, headSha }: OverrideWord, { head, pull }: OpenPromotion): boolean {
  if (headSha !== undefined) return headSha !== pull.headSha;
  return createdAt === undefined || Date.parse(createdAt) < Date.parse(head.committedAt);
}
