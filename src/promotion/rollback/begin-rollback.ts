import { addBad, type BadRelease } from '../../domain/bad-release.ts';
import { promotionBranch } from '../../domain/branch-name.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { addHold, type Hold, isSameTarget } from '../../domain/hold.ts';
import { LONGEST_REASON } from '../../domain/hold-words.ts';
import { decideRollback, identifyRelease } from '../../domain/rollback.ts';
import type { Environment } from '../../domain/settings.ts';
import { type TargetId, targetKey } from '../../domain/target.ts';
import { messageOf } from '../commands/hold-target.ts';
import { carriageResolver } from '../observe/resolve-group.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { Snapshot, Target } from '../snapshot.ts';
import { changeStops, readStops } from '../state/stop-store.ts';
import { type Carrier, findCarrier } from './find-carrier.ts';
import { type Found, findReleaseBefore } from './find-release-before.ts';

type Host = RepositoryReader & RepositoryWriter;

/** Who wants a target to be rolled back, and why; whoever it came through. */
export interface RollbackOrder {
  target: TargetId;
  /** The release that is to come back; null: the one before. */
  to: string | null;
  /** Login, or what stands for Sluice. */
  actor: string;
  reason: string;
  /** Where it was said: the same word from there is taken once. */
  url: string;
  /** When, in milliseconds since the epoch: what came to the target after that cannot be meant. */
  saidAtMs: number;
  isAutomatic: boolean;
}

/** What a rollback needs of a look. */
export type RollbackView = Pick<Snapshot, 'base' | 'settings' | 'targets' | 'candidates'>;

/**
 * Decides a rollback: marks what the target holds as bad there and holds the target, in one commit, from which every
 * look knows what comes back. It opens nothing itself. Said again, it changes nothing. Unknown, with a reason for
 * people, when it cannot be.
 */
export async function beginRollback(
  host: Host,
  view: RollbackView,
  order: RollbackOrder,
  nowMs: number,
): Promise<Known<BadRelease>> {
  const stops = await readStops(host);
  if (!stops.known) return stops;
  const before = stops.value.bad.find((each) => each.url === order.url && isSameTarget(each, order.target));
  if (before) return known(before);
  const target = view.targets.find(({ location }) => targetKey(location) === targetKey(order.target));
  const environment = view.candidates.find(
    (each) =>
      each.application === order.target.application && each.environment.name === order.target.environment,
  )?.environment;
  if (!target || !environment) return unknown('there is no such target');
  const { base, settings } = view;
  const search = { reader: host, base, settings, environment, target, bad: stops.value.bad, nowMs };
  const found = await findReleaseBefore(search, order);
  if (!found.known) return found;
  const carrier = await findCarrierOf(host, view, environment, target);
  const mark = makeMark(view, environment, target, order, found.value, carrier);
  const why = whyImpossible(view, environment, target, mark, found.value);
  if (why) return unknown(why);
  const written = await changeStops(host, nowMs, ({ bad, holds }) => {
    // One hold for one rollback: that of an earlier word on the same release makes room.
    const replaced = bad.filter((each) => isSameTarget(each, mark) && each.fingerprint === mark.fingerprint);
    const isReplaced = (hold: Hold) =>
      isSameTarget(hold, mark) && replaced.some(({ url }) => url === hold.url);
    const others = holds.filter((hold) => !isReplaced(hold));
    return { bad: addBad(bad, mark), holds: addHold(others, holdOf(mark)), message: describeMark(mark) };
  });
  return written.known ? known(mark) : written;
}

/** Also where the application goes by a group. */
async function findCarrierOf(
  reader: RepositoryReader,
  { settings }: RollbackView,
  environment: Environment,
  { location, held }: Target,
): Promise<Carrier | null> {
  const { application } = location;
  const own = promotionBranch(application, environment.name);
  const branches = new Set([carriageResolver(settings)(environment, application).branch, own]);
  const closed = await Promise.all([...branches].map((branch) => reader.listClosedPulls(branch, 10)));
  const newest = closed
    .flat()
    .toSorted((a, b) => Date.parse(b.closedAt ?? '') - Date.parse(a.closedAt ?? ''));
  return findCarrier(reader, newest, { ...location, held });
}

function makeMark(
  { settings, targets }: RollbackView,
  environment: Environment,
  { location, held }: Target,
  order: RollbackOrder,
  { present, before }: Found,
  carrier: Carrier | null,
): BadRelease {
  const { application } = location;
  const sources = environment.from.flatMap(
    (name) =>
      targets.find((each) => targetKey(each.location) === targetKey({ application, environment: name }))
        ?.held ?? [],
  );
  const name = (of: typeof held, other: typeof held) =>
    identifyRelease(environment, of, sources, other, settings.promote);
  const bad = name(held, before.target.held);
  return {
    ...order.target,
    fingerprint: carrier?.trailers.fingerprint ?? bad.fingerprint,
    release: carrier?.trailers.release ?? bad.label,
    by: order.actor,
    reason: order.reason,
    url: order.url,
    atMs: order.saidAtMs,
    isAutomatic: order.isAutomatic,
    pull: carrier?.pull.number ?? null,
    rollback: {
      release: name(before.target.held, held).label,
      commit: before.commit.sha,
      badCommit: present.tips[0]!,
      fromMs: before.fromMs,
      untilMs: before.untilMs,
    },
  };
}

/** Why what was there before cannot come back; null when it can. */
function whyImpossible(
  { settings }: RollbackView,
  environment: Environment,
  { held }: Target,
  mark: BadRelease,
  { present, before }: Found,
): string | null {
  const values = { bad: present.target.held, before: before.target.held, held };
  const decision = decideRollback(mark, environment, values, settings.promote);
  if (decision?.promotion) return null;
  const reasons = (decision?.notPromoted ?? []).map(({ reason }) => reason).join('; ');
  return reasons || 'no promoted value would change';
}

function holdOf({ application, environment, by, url, atMs, release, reason, rollback }: BadRelease): Hold {
  const why = `rolled back from ${release} to ${rollback.release}: ${reason}`.slice(0, LONGEST_REASON);
  return { application, environment, untilMs: null, reason: why, by, atMs, url };
}

function describeMark({ application, environment, by, url, release, reason, rollback }: BadRelease): string {
  const what = `Roll back ${application} in ${environment} from ${release} to ${rollback.release}`;
  return messageOf(what, by, url, reason);
}
