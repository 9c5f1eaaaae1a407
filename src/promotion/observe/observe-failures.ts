import { findBad } from '../../domain/bad-release.ts';
import { promotionBranch } from '../../domain/branch-name.ts';
import { describeDuration } from '../../domain/duration.ts';
import type { Known } from '../../domain/gates/gate.ts';
import type { Environment, RollbackTerms, Settings } from '../../domain/settings.ts';
import type { TargetId } from '../../domain/target.ts';
import { orUnknown } from '../or-unknown.ts';
import type { BranchMove } from '../ports/git.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { findCarrier } from '../rollback/find-carrier.ts';
import type { Base, FailedRelease, Target } from '../snapshot.ts';
import type { Stops } from '../state/stop-store.ts';
import { findLanding } from './find-landing.ts';
import { readHealth } from './observe-health.ts';
import type { ReportReader } from './report-reader.ts';
import { environmentResolver } from './resolve-environment.ts';
import { carriageResolver } from './resolve-group.ts';

/** A report in time counts although nobody looked then: Sluice may have stood still for so long. */
const LATE_MS = 60 * 60 * 1000;
/** Of a push, the commits whose files are asked; of a larger one, every target may be meant. */
const MOST_COMMITS = 20;

interface Context {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  targets: readonly Target[];
  reports: ReportReader;
  nowMs: number;
}

interface Watched {
  target: Target;
  environment: Environment;
  automatic: NonNullable<RollbackTerms['automatic']>;
}

/** A promotion that failed, with the release that it brought. */
export interface Failure extends FailedRelease {
  fingerprint: string;
}

export interface Failures {
  failed: readonly Failure[];
  /** GitHub told all that was asked. */
  isWhole: boolean;
}

const NOTHING: Failures = { failed: [], isWhole: true };

/** Whether the config has Sluice roll back by itself anywhere. */
export function isWatching({ environments, overrides }: Settings): boolean {
  return [...environments, ...overrides.map(({ terms }) => terms)].some(
    ({ rollback }) => rollback?.automatic,
  );
}

/**
 * Promotions that merged within the time that the config gives, and whose environment reports failure since. One call
 * where nothing has merged lately, none where nothing is watched. What merged is found by GitHub's record of the
 * branch, and the reports count as for the gate `health`. A rollback that fails is left to people.
 */
export async function observeFailures(context: Context): Promise<Failures> {
  if (!isWatching(context.settings)) return NOTHING;
  const found = await orUnknown('the health of what has merged', () => search(context));
  return found.known ? found.value : { failed: [], isWhole: false };
}

async function search(context: Context): Promise<Failures> {
  const { reader, base, nowMs } = context;
  const watched = listWatched(context);
  const longestMs = Math.max(0, ...watched.map(({ automatic }) => automatic.withinMs));
  const sinceMs = nowMs - longestMs - LATE_MS;
  const recorded = await reader.listMoves(base.branch, sinceMs);
  const moves = recorded.slice(
    Math.max(
      0,
      recorded.findIndex(({ after }) => after === base.commit.sha),
    ),
  );
  const recent = moves.filter(({ atMs, isRewrite }) => atMs >= sinceMs && !isRewrite);
  const touched = await filterTouched(context, recent, watched);
  if (touched.length === 0) return NOTHING;
  const closed = await reader.listClosedPullsOf([
    ...new Set(touched.flatMap((each) => branchesOf(context, each))),
  ]);
  const failed: Failure[] = [];
  let isWhole = true;
  for (const each of touched) {
    const pulls = branchesOf(context, each).flatMap((branch) => closed.get(branch) ?? []);
    const verdict = await judge(context, moves, each, pulls);
    if (verdict === 'unknown') isWhole = false;
    else if (verdict) failed.push(verdict);
  }
  return { failed, isWhole };
}

function listWatched({ settings, targets }: Context): Watched[] {
  const resolve = environmentResolver(settings);
  const stages = new Map(settings.environments.map((stage) => [stage.name, stage]));
  return targets.flatMap((target): Watched[] => {
    const environment = resolve(stages.get(target.location.environment)!, target.location.application);
    const automatic = environment.rollback?.automatic;
    return automatic ? [{ target, environment, automatic }] : [];
  });
}

/** It goes alone when it was rolled back, and else perhaps by its group. */
function branchesOf({ settings }: Context, { target, environment }: Watched): string[] {
  const { application } = target.location;
  const { branch } = carriageResolver(settings)(environment, application);
  return [...new Set([branch, promotionBranch(application, environment.name)])];
}

async function filterTouched(
  { reader }: Context,
  moves: readonly BranchMove[],
  watched: readonly Watched[],
): Promise<Watched[]> {
  const paths = new Set<string>();
  for (const move of moves) {
    const own = await readPaths(reader, move);
    if (own === null) return [...watched];
    for (const path of own) paths.add(path);
  }
  const isTouched = ({ root }: Target['location']) =>
    [...paths].some((path) => path === root || path.startsWith(`${root}/`));
  return watched.filter(({ target }) => isTouched(target.location));
}

/** Files that a move changed; null when GitHub may have left some out. */
async function readPaths(reader: RepositoryReader, { before, after }: BranchMove): Promise<string[] | null> {
  const paths: string[] = [];
  let sha: string | undefined = after;
  for (let count = 0; sha !== undefined && sha !== before; count++) {
    const { files, parents }: Awaited<ReturnType<RepositoryReader['readCommit']>> =
      await reader.readCommit(sha);
    if (files === null || count >= MOST_COMMITS) return null;
    paths.push(...files.map(({ path }) => path));
    sha = parents[0];
  }
  return paths;
}

async function judge(
  { reader, base, reports, nowMs }: Context,
  moves: readonly BranchMove[],
  { target, environment, automatic }: Watched,
  pulls: readonly Pull[],
): Promise<Failure | 'unknown' | null> {
  const { application } = target.location;
  const newest = pulls.toSorted((a, b) => Date.parse(b.closedAt ?? '') - Date.parse(a.closedAt ?? ''));
  const carrier = await findCarrier(reader, newest, { ...target.location, held: target.held });
  if (!carrier || carrier.trailers.rollsBack) return null;
  const sha = carrier.pull.mergeCommitSha;
  const landing =
    sha && (await findLanding(moves, sha, (ancestor, head) => reader.isAncestor(ancestor, head)));
  if (!landing) return 'unknown';
  const untilMs = landing.atMs + automatic.withinMs;
  if (nowMs > untilMs + LATE_MS) return null;
  const arrival = { environment: environment.name, sha, landing };
  const health = await readHealth({ reports, base, due: { application } }, automatic.source, arrival);
  const { state, sinceMs } = health;
  if (state !== 'unhealthy' || sinceMs === null || sinceMs > untilMs) return null;
  const after = describeDuration(Math.max(0, sinceMs - landing.atMs));
  const reason = `${health.name} reported failure on ${health.sha?.slice(0, 7)}, ${after} after the merge`;
  const { number, url } = carrier.pull;
  return {
    application,
    environment: environment.name,
    pull: { number, url },
    reason,
    fingerprint: carrier.trailers.fingerprint,
  };
}

/** Without what was rolled back once: a signal that comes and goes makes no loop. */
export function withoutMarked({ failed, isWhole }: Failures, stops: Known<Stops>): Failures {
  if (!stops.known) return { failed: [], isWhole: isWhole && failed.length === 0 };
  const isMarked = (each: TargetId & Pick<Failure, 'fingerprint'>) =>
    findBad(stops.value.bad, each, each.fingerprint) !== null;
  return { failed: failed.filter((each) => !isMarked(each)), isWhole };
}
