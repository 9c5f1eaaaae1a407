import type { BadRelease } from '../../domain/bad-release.ts';
import { promotionBranch } from '../../domain/branch-name.ts';
import { type Known, known } from '../../domain/gates/gate.ts';
import { isInForce, isSameTarget } from '../../domain/hold.ts';
import type { Decision } from '../../domain/promotion.ts';
import { decideRollback, rollbackEnvironment } from '../../domain/rollback.ts';
import type { Settings } from '../../domain/settings.ts';
import { type TargetId, targetKey } from '../../domain/target.ts';
import type { PromotionRequest, ReportedHeads } from '../occasion.ts';
import { flattenUnknown } from '../or-unknown.ts';
import { UNREADABLE_DELAY_MS } from '../plan/plan-unreadable.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { isReported } from '../reported-heads.ts';
import type { Base, Decided, FoundPromotion, Stay, Target } from '../snapshot.ts';
import type { Stops } from '../state/stop-store.ts';
import { announceMark } from './announce-mark.ts';
import { findLast } from './observe-ended.ts';
import { OBSOLETE_MARK, readTrailers } from './observe-pulls.ts';
import { makePastReader, type PastReader } from './read-past-target.ts';

interface Context {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  targets: readonly Target[];
  /** The open pull requests of Sluice. */
  promotions: readonly FoundPromotion[];
  reported: ReportedHeads;
  nowMs: number;
}

/**
 * What is due where a rollback is under way: what was there before, in place of all else. It is under way while the
 * target holds what was marked as bad and the hold that came with the mark is in force; it goes alone, whatever the
 * group. What was decided is in the state branch, so that it goes on whoever died.
 */
export async function withRollbacks(
  context: Context,
  stops: Known<Stops>,
  decided: readonly Decided[],
): Promise<Decided[]> {
  if (!stops.known) return withUnread(context, decided, stops.reason);
  const marks = marksInForce(stops.value, context.nowMs);
  if (marks.length === 0) return [...decided];
  const past = makePastReader(context.reader, context.base, context.settings);
  const rolled: Decided[] = [];
  for (const each of decided) {
    const own = marks.filter((mark) => isSameTarget(mark, idOf(each)));
    rolled.push(own.length > 0 ? await rollBack(context, past, each, own) : each);
  }
  return rolled;
}

function idOf({ application, environment }: Decided): TargetId {
  return { application, environment: environment.name };
}

function marksInForce({ bad, holds }: Stops, nowMs: number): BadRelease[] {
  const inForce = holds.filter((hold) => isInForce(hold, nowMs));
  return bad.filter((mark) => inForce.some((hold) => hold.url === mark.url && isSameTarget(hold, mark)));
}

/** Whether a rollback is under way is not known: what is open of one stays, and passes nothing. */
function withUnread(context: Context, decided: readonly Decided[], reason: string): Decided[] {
  return decided.map((each) => {
    const branch = promotionBranch(each.application, each.environment.name);
    const open = context.promotions.find(({ pull }) => pull.branch === branch);
    return open?.trailers?.rollsBack ? unread(context, each, null, reason) : each;
  });
}

async function rollBack(
  context: Context,
  past: PastReader,
  decided: Decided,
  marks: readonly BadRelease[],
): Promise<Decided> {
  const target = context.targets.find(({ location }) => targetKey(location) === targetKey(idOf(decided)));
  for (const mark of target ? marks.toReversed() : []) {
    const read = await flattenUnknown('what is rolled back', async () =>
      known(await findDue(context, past, decided, target!, mark)),
    );
    if (!read.known) return unread(context, decided, mark, read.reason);
    if (!read.value) continue;
    const { repository } = context.base;
    const isAnnounced = isReported(context.reported, repository, mark.fingerprint, announceMark(mark));
    return { ...alone(decided), ...read.value, rollback: { mark, isAnnounced } };
  }
  return decided;
}

/** What a rollback changes, with when the target held that; null when it is over. */
async function findDue(
  context: Context,
  past: PastReader,
  { environment }: Decided,
  { location, held }: Target,
  mark: BadRelease,
): Promise<(Decision & { stay: Stay }) | null> {
  const { commit, badCommit, fromMs, untilMs } = mark.rollback;
  const [before, bad] = await Promise.all([past(location, commit), past(location, badCommit)]);
  if (!before || !bad) return null;
  const values = { bad: bad.target.held, before: before.target.held, held };
  const decision = decideRollback(mark, environment, values, context.settings.promote);
  if (!decision || (await wasClosed(context, mark))) return null;
  const stood = { fromMs, untilMs, isAtLatest: false, isBeforeKnown: true };
  return { ...decision, stay: { ...before, ...stood, key: commit, tips: [commit] } };
}

/** Whether a person closed its pull request since it was asked for: the hold alone is left of it. */
async function wasClosed({ reader, promotions }: Context, mark: BadRelease): Promise<boolean> {
  const branch = promotionBranch(mark.application, mark.environment);
  const isIts = (rollsBack: { fingerprint: string } | undefined) =>
    rollsBack?.fingerprint === mark.fingerprint;
  if (promotions.some(({ pull, trailers }) => pull.branch === branch && isIts(trailers?.rollsBack)))
    return false;
  const last = await findLast(reader, branch);
  if (!last || last.isMerged || last.body.includes(OBSOLETE_MARK)) return false;
  if (Date.parse(last.closedAt ?? '') < mark.atMs) return false;
  if (!isIts(readTrailers(await reader.readCommit(last.headSha), branch)?.rollsBack)) return false;
  // A worker that stood still may have deleted the branch from under it.
  return !(await reader.readCloser(last.number))?.isSluices;
}

function unread({ nowMs }: Context, decided: Decided, mark: BadRelease | null, reason: string): Decided {
  const { application, environment } = decided;
  const { name } = environment;
  return {
    ...alone(decided),
    notPromoted: [{ application, from: [name], to: name, reason }],
    isUnread: true,
    lookAgainAtMs: nowMs + UNREADABLE_DELAY_MS,
    rollback: { mark },
  };
}

/** By the branch of the application itself, on the terms of a rollback; nothing else is due meanwhile. */
function alone({ application, environment }: Decided): Decided {
  return {
    application,
    environment: rollbackEnvironment(environment),
    branch: promotionBranch(application, environment.name),
    group: null,
    isKnown: true,
    builds: [],
    isCarriedOn: false,
    unheard: [],
    promotion: null,
    notPromoted: [],
  };
}

/** Who asked for what is due; a rollback remembers that itself. Null when nobody did. */
export function requesterOf(
  decided: Decided,
  requests: ReadonlyMap<string, PromotionRequest>,
): string | null {
  const { promotion } = decided;
  if (promotion?.rollsBack) return promotion.rollsBack.isAutomatic ? null : promotion.rollsBack.by;
  const request = requests.get(targetKey(idOf(decided)));
  return request && request.fingerprint === promotion?.release.fingerprint ? request.requester : null;
}
