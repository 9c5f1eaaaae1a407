import type { OverrideCommand } from '../../domain/commands/command.ts';
import { code } from '../markdown.ts';
import { observeGuard } from '../observe/observe-guard.ts';
import { readConfigProblems } from '../observe/observe-other-pulls.ts';
import { findGatesCheck } from '../observe/observe-pulls.ts';
import { hasGuard, otherMark } from '../other-mark.ts';
import { type OverrideWord, readOverrides, reportOverride } from '../override-check.ts';
import { reportOtherPull } from '../plan/plan-other-pull.ts';
import type { OwnCheck } from '../ports/checks.ts';
import type { PullDetail } from '../ports/pulls.ts';
import type { GuardFacts, Snapshot } from '../snapshot.ts';
import type { AskedPlace } from './authorise.ts';
import type { CommandCall } from './command-call.ts';
import { refuse, type Taken } from './taken.ts';

export const GUARD = 'guard';

/**
 * Takes `/override guard REASON` on a pull request that is no promotion: its direct changes of guarded values pass, on
 * the head that Sluice had judged when the person wrote. Who, what and why stand in the answer and in the check.
 */
export async function takeGuardOverride(
  { host, snapshot, authoriser }: Pick<CommandCall, 'host' | 'snapshot' | 'authoriser'>,
  word: OverrideWord,
  { reason }: Pick<OverrideCommand, 'reason'>,
): Promise<Taken> {
  const { base, settings, candidates } = snapshot;
  const pull = await host.readPull(word.issue);
  if (!pull?.isOpen || pull.base !== base.branch || !hasGuard(settings))
    return refuse(
      `There is nothing guarded here; ${code('/override guard')} is for an open pull request that changes guarded values.`,
    );
  const { own } = await host.listCheckRuns(pull.headSha);
  const check = findGatesCheck(own);
  if (!isJudgedBefore(check, otherMark(settings), word))
    return refuse(
      'Sluice has said nothing of this head that your comment could be about. Look at its check, and say it again.',
    );
  const before = readOverrides(own);
  const isSaid = before.some(({ url }) => url === word.url);
  const given = reportOverride(pull.headSha, GUARD, reason, word);
  const said = readOverrides([{ ...given, id: 0, status: 'completed', conclusion: 'success', text: '' }]);
  const guard = await observeGuard(host, base, settings, pull, said, [
    ...candidates.flatMap(({ open }) => open?.pull ?? []),
  ]);
  const refused = await authoriser.refuse(
    { name: 'override', shown: code('/override') },
    placesOf(guard, snapshot),
  );
  const why = refused ?? whyNot(guard);
  if (why !== null) return refuse(why);
  if (!isSaid) await host.reportCheck(given, null);
  const configProblems = await readConfigProblems(host, base, pull);
  const other = { pull, configProblems, guard, mark: otherMark(settings), check };
  await host.reportCheck(reportOtherPull(other, { candidates, settings }), check);
  return { targets: [], answers: [describe(word, pull, reason, guard)], isTaken: true };
}

/** The comment may have been written for what the branch held before: only GitHub's own times tell. */
function isJudgedBefore(check: OwnCheck | null, mark: string, { createdAt }: OverrideWord): boolean {
  if (createdAt === undefined || !check || check.externalId !== mark || check.startedAtMs === undefined)
    return false;
  return check.startedAtMs <= Date.parse(createdAt);
}

/** What it changes, on the terms that hold there; an application that is new there has those of the environment. */
function placesOf({ changes, unreadable }: GuardFacts, { candidates, settings }: Snapshot): AskedPlace[] {
  return [...changes, ...unreadable].flatMap(({ application, environment: name }): AskedPlace[] => {
    const own = candidates.find((each) => each.application === application && each.environment.name === name);
    const environment = own?.environment ?? settings.environments.find((each) => each.name === name);
    return environment ? [{ application, environment }] : [];
  });
}

function whyNot({ changes, unreadable, strict }: GuardFacts): string | null {
  if (changes.length + unreadable.length === 0)
    return 'This pull request changes no guarded value; there is nothing to override.';
  return strict.length > 0
    ? `The config lets nobody override the guard of ${strict.map(code).join(', ')}.`
    : null;
}

function describe(
  { author }: OverrideWord,
  { headSha }: PullDetail,
  reason: string,
  guard: GuardFacts,
): string {
  const where = [...new Set([...guard.changes, ...guard.unreadable].map(({ environment }) => environment))];
  return `${code(author)} overrode the guard of ${where.map(code).join(', ')} for the head ${headSha.slice(0, 7)}: ${code(reason)}. It holds for this head alone.`;
}
