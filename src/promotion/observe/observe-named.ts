import type { Settings } from '../../domain/settings.ts';
import { type TargetId, targetKey } from '../../domain/target.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import { code } from '../markdown.ts';
import type { PromotionRequest } from '../occasion.ts';
import { orUnknown } from '../or-unknown.ts';
import { UNREADABLE_DELAY_MS } from '../plan/plan-unreadable.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Chosen, ChosenReleases, FoundPromotion, Target } from '../snapshot.ts';
import { findStay } from './find-named.ts';
import { isBranchUpdate } from './observe-branch-update.ts';
import { isAttested, readPlanned } from './observe-pulls.ts';
import { environmentResolver } from './resolve-environment.ts';

interface Context {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  targets: readonly Target[];
  /** The open pull requests of Sluice. */
  promotions: readonly FoundPromotion[];
  requests: ReadonlyMap<string, PromotionRequest>;
  nowMs: number;
}

/** A release that somebody named for a target. */
interface Named {
  fingerprint: string;
  by: string;
  /** For people; null: it was named just now. */
  carried: string | null;
}

/**
 * Releases that people named for targets, in place of what is due there: named just now, or on the commit of the open
 * pull request, where they stay until it ends. Where nobody named any, nothing is read. One that is not found or cannot be
 * read keeps its pull request as it is: nothing else takes its place, and nothing passes.
 */
export async function observeNamed(context: Context): Promise<ChosenReleases> {
  const chosen = new Map<string, Chosen>();
  for (const [key, named] of await listNamed(context)) {
    if ('reason' in named) chosen.set(key, named);
    else {
      const found = await choose(context, key, named);
      if (found) chosen.set(key, found);
    }
  }
  return chosen;
}

/** By `targetKey`: those of this moment before those on commits. */
async function listNamed(context: Context): Promise<ReadonlyMap<string, Named | Unread>> {
  const { reader, promotions, requests, nowMs } = context;
  const named = new Map<string, Named | Unread>();
  for (const found of promotions) {
    const members = await namesOf(reader, found);
    if (members.length === 0) continue;
    const read = await orUnknown('who named this release', () => isProven(reader, found, members));
    for (const { application, to, fingerprint, release, namedBy } of members) {
      const key = targetKey({ application, environment: to });
      if (!read.known) named.set(key, unread(read.reason, nowMs));
      else if (read.value) named.set(key, { fingerprint, by: namedBy!, carried: release });
    }
  }
  for (const [key, { isNamed, requester, fingerprint }] of requests)
    if (isNamed) named.set(key, { fingerprint, by: requester, carried: null });
  return named;
}

/** Of what a head carries, what somebody named; of one that GitHub's button "Update branch" made, of the one before. */
async function namesOf(
  reader: RepositoryReader,
  { pull, head, trailers, group }: FoundPromotion,
): Promise<PromotionTrailers[]> {
  const isUpdate = !trailers && !group && isBranchUpdate(head);
  const planned = isUpdate
    ? readPlanned(await reader.readCommit(head.parents[0]!), pull.branch)
    : { trailers, group };
  const members = [...(planned.trailers ? [planned.trailers] : []), ...(planned.group?.members ?? [])];
  return members.filter(({ namedBy, rollsBack }) => namedBy !== undefined && !rollsBack);
}

/** Trailers could be copied: the check run of the App tells that it planned the head. */
async function isProven(
  reader: RepositoryReader,
  { pull, head, trailers, group }: FoundPromotion,
  [first]: readonly PromotionTrailers[],
): Promise<boolean> {
  const isOwn = trailers !== null || group !== null;
  const sha = isOwn ? pull.headSha : head.parents[0]!;
  const planned = isOwn ? { trailers, group } : readPlanned(await reader.readCommit(sha), pull.branch);
  const { own } = await reader.listCheckRuns(sha);
  return first !== undefined && isAttested({ pull, ...planned }, own);
}

async function choose(context: Context, key: string, named: Named): Promise<Chosen | null> {
  const place = findPlace(context, key);
  if (!place) return null;
  const { fingerprint, by, carried } = named;
  const name = place.source.location.environment;
  const read = await orUnknown(`what ${name} held before`, () =>
    findStay({ ...context, ...place }, fingerprint),
  );
  if (!read.known) return unread(read.reason, context.nowMs);
  // Named while the source holds it, it is what is due.
  if (read.value)
    return read.value.untilMs === null && carried === null ? null : { stay: read.value, namedBy: by };
  if (carried === null) return null;
  const reason = `when ${name} held ${code(carried)}, which was named, is not in the recent history any more; close the pull request, and what is due comes`;
  return { reason, isUnread: true };
}

/** The target and its source, when it is one that releases can be named for. */
function findPlace({ settings, targets }: Context, key: string) {
  const target = targets.find(({ location }) => targetKey(location) === key);
  const stage = settings.environments.find(({ name }) => name === target?.location.environment);
  if (!target || !stage) return null;
  const { application } = target.location;
  const environment = environmentResolver(settings)(stage, application);
  const [from, ...others] = environment.from;
  const source = targets.find(({ location }) => isAt(location, { application, environment: from ?? '' }));
  return source && others.length === 0 ? { environment, target, source } : null;
}

function isAt(location: TargetId, wanted: TargetId): boolean {
  return targetKey(location) === targetKey(wanted);
}

type Unread = Extract<Chosen, { reason: string }>;

function unread(reason: string, nowMs: number): Unread {
  return { reason, lookAgainAtMs: nowMs + UNREADABLE_DELAY_MS, isUnread: true };
}
