import { promotionBranch } from '../../domain/branch-name.ts';
import type { Environment, Settings } from '../../domain/settings.ts';
import { orUnknown } from '../or-unknown.ts';
import type { BranchMove } from '../ports/git.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { type Carrier, findCarrier } from '../rollback/find-carrier.ts';
import type { Base, Target } from '../snapshot.ts';
import { type Found, findLanding } from './find-landing.ts';
import { environmentResolver } from './resolve-environment.ts';
import { carriageResolver } from './resolve-group.ts';

/** A report in time counts although nobody looked then: Sluice may have stood still for so long. */
export const LATE_MS = 60 * 60 * 1000;
/** Of a push, the commits whose files are asked; of a larger one, every target may be meant. */
const MOST_COMMITS = 20;

interface Context {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  targets: readonly Target[];
  nowMs: number;
}

/** A target of which it matters what becomes of a release there, and for how long after the merge. */
interface Watched {
  target: Target;
  environment: Environment;
  withinMs: number;
}

/** A promotion that merged lately, and that its target still holds. */
export interface Landed {
  target: Target;
  /** As it is for the application. */
  environment: Environment;
  carrier: Carrier;
  /** Of the merge. */
  sha: string;
  landing: Found;
}

export interface LandedPromotions {
  landed: readonly Landed[];
  /** GitHub told all that was asked. */
  isWhole: boolean;
}

const NOTHING: LandedPromotions = { landed: [], isWhole: true };

/**
 * Promotions that merged within the time for which the config has Sluice watch what becomes of them. One call where
 * nothing has merged lately, none where nothing is watched. What merged is found by GitHub's record of the branch.
 */
export async function observeLanded(context: Context): Promise<LandedPromotions> {
  const watched = listWatched(context);
  if (watched.length === 0) return NOTHING;
  const found = await orUnknown('what has merged lately', () => search(context, watched));
  return found.known ? found.value : { landed: [], isWhole: false };
}

function listWatched({ settings, targets }: Context): Watched[] {
  const terms = [...settings.environments, ...settings.overrides.map((override) => override.terms)];
  if (!terms.some(({ rollback, deployments }) => rollback?.automatic || deployments)) return [];
  const resolve = environmentResolver(settings);
  const stages = new Map(settings.environments.map((stage) => [stage.name, stage]));
  return targets.flatMap((target): Watched[] => {
    const environment = resolve(stages.get(target.location.environment)!, target.location.application);
    const { rollback, deployments } = environment;
    const withinMs = Math.max(rollback?.automatic?.withinMs ?? -1, deployments?.withinMs ?? -1);
    return withinMs < 0 ? [] : [{ target, environment, withinMs }];
  });
}

async function search(context: Context, watched: readonly Watched[]): Promise<LandedPromotions> {
  const { reader, base, nowMs } = context;
  const longestMs = Math.max(0, ...watched.map(({ withinMs }) => withinMs));
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
  const landed: Landed[] = [];
  let isWhole = true;
  for (const each of touched) {
    const pulls = branchesOf(context, each).flatMap((branch) => closed.get(branch) ?? []);
    const found = await findLanded(context, moves, each, pulls);
    if (found === 'unknown') isWhole = false;
    else if (found && nowMs <= found.landing.atMs + each.withinMs + LATE_MS) landed.push(found);
  }
  return { landed, isWhole };
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
): Promise<readonly Watched[]> {
  const paths = new Set<string>();
  for (const move of moves) {
    const own = await readPaths(reader, move);
    if (own === null) return watched;
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

async function findLanded(
  { reader }: Context,
  moves: readonly BranchMove[],
  { target, environment }: Watched,
  pulls: readonly Pull[],
): Promise<Landed | 'unknown' | null> {
  const newest = pulls.toSorted((a, b) => Date.parse(b.closedAt ?? '') - Date.parse(a.closedAt ?? ''));
  const carrier = await findCarrier(reader, newest, { ...target.location, held: target.held });
  if (!carrier) return null;
  const sha = carrier.pull.mergeCommitSha;
  const landing =
    sha && (await findLanding(moves, sha, (ancestor, head) => reader.isAncestor(ancestor, head)));
  return landing ? { target, environment, carrier, sha, landing } : 'unknown';
}
