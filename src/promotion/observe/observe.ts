import { CONFIG_PATH, type ConfigProblem, parseConfig } from '../../config/parse-config.ts';
import { remember } from '../../domain/remember.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Occasion, ReportedHeads } from '../occasion.ts';
import { once } from '../once.ts';
import { orUnreadable, splitUnreadable } from '../or-unknown.ts';
import type { BuildReader } from '../ports/host.ts';
import type { HttpProber } from '../ports/http.ts';
import type { Pull, PullDetail } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { tellApartTold } from '../reported-heads.ts';
import type { Base, EndedBranch, OtherPull, Snapshot, Unreadable } from '../snapshot.ts';
import { readStops } from '../state/stop-store.ts';
import { makeContext } from './candidate-context.ts';
import { decideAll } from './decide.ts';
import type { KeptTargets } from './kept-targets.ts';
import { observeBase } from './observe-base.ts';
import { observeBuilds } from './observe-builds.ts';
import { observeCandidates, observeStrays } from './observe-candidates.ts';
import { observeCarried } from './observe-carried.ts';
import { observeChosen } from './observe-chosen.ts';
import { observeDeployments } from './observe-deployments.ts';
import { isWatching, observeFailures, withoutMarked } from './observe-failures.ts';
import { observeLanded } from './observe-landed.ts';
import { observeLeftovers } from './observe-leftovers.ts';
import { observeFirstConfigs, observeOtherPulls } from './observe-other-pulls.ts';
import { hasPolicy } from './observe-policy.ts';
import { observePulls } from './observe-pulls.ts';
import { type ObservedQueue, observeQueue } from './observe-queue.ts';
import { withRollbacks } from './observe-rollbacks.ts';
import { observeTargets } from './observe-targets.ts';
import { makeReportReader } from './report-reader.ts';

/** Of the repositories that are looked at in turn; each is up to half a megabyte of text. */
const MOST_CONFIGS = 50;

/** Most looks find the config that the one before found. */
const parse = remember(MOST_CONFIGS, (text) => parseConfig(text, { path: CONFIG_PATH }));

export type Observation = { queue: ObservedQueue } & (
  | { kind: 'no-config'; unreported: readonly OtherPull[]; isWhole: boolean }
  | {
      kind: 'broken-config';
      base: Base;
      pulls: readonly Pull[];
      problems: readonly ConfigProblem[];
      /** It may guard environments; which, nobody knows. */
      mayGuard: boolean;
    }
  | { kind: 'snapshot'; snapshot: Snapshot }
);

/** What is asked besides the repository itself, and what a process remembers. */
export interface Outside {
  builds: BuildReader;
  http: HttpProber;
  /** What targets held at the last look; left out, all of them are read anew. */
  kept?: KeptTargets;
}

/** Reads everything that a plan needs, pinned to the tip of the default branch. */
export async function observe(
  reader: RepositoryReader,
  outside: Outside,
  occasion: Occasion,
  reported: ReportedHeads,
  nowMs: number,
): Promise<Observation> {
  // Pull requests before the tip: one that merges in between is then seen as open, not as missing and due again.
  const pulls = await reader.listOpenPulls();
  const base = await observeBase(reader);
  const queue = await observeQueue(reader, base, pulls, occasion, reported);
  const entry = base?.files.get(CONFIG_PATH);
  if (!base || !entry) {
    const { unreported, unreadable } = await observeFirstConfigs(reader, pulls, reported);
    return { kind: 'no-config', queue, unreported, isWhole: unreadable.length === 0 };
  }
  const text = await reader.readText(entry.sha);
  const config = parse(text ?? '\u0000');
  if (!config.ok) {
    const mayGuard = text === null || text.includes('guard');
    return { kind: 'broken-config', queue, base, pulls, problems: config.problems, mayGuard };
  }
  return {
    kind: 'snapshot',
    queue,
    snapshot: await observeAll(reader, outside, occasion, reported, pulls, base, config.settings, nowMs),
  };
}

async function observeAll(
  reader: RepositoryReader,
  outside: Outside,
  occasion: Occasion,
  reported: ReportedHeads,
  pulls: readonly Pull[],
  base: Base,
  settings: Settings,
  nowMs: number,
): Promise<Snapshot> {
  const targets = await observeTargets(reader, base, settings, undefined, outside.kept);
  const built = await observeBuilds(outside.builds, settings, occasion);
  const sorted = await observePulls(reader, base, pulls);
  const carried = await observeCarried(reader, settings, targets, sorted.promotions, (application, found) => {
    const isHeard = built.builds.some((build) => build.application === application);
    const isAsked = settings.environments.some(
      ({ name, gates }) => name === found.trailers?.to && hasPolicy(gates),
    );
    return !built.complete.has(application) && (isHeard || isAsked || found.mergeable === false);
  });
  const reports = makeReportReader(reader);
  const stops = once(() => readStops(reader));
  const past = await observeChosen({
    reader,
    base,
    settings,
    targets,
    reports,
    promotions: sorted.promotions,
    requests: occasion.requests,
    stops,
    nowMs,
  });
  const due = decideAll(settings, targets, built, carried, past.chosen);
  const landed = await observeLanded({ reader, base, settings, targets, nowMs });
  const failures = await observeFailures({ base, reports, nowMs }, landed);
  const deployments = await observeDeployments({ reader, base, reports, nowMs }, landed);
  const mayRollBack =
    sorted.promotions.length > 0 ||
    occasion.readsStops === true ||
    failures.failed.length > 0 ||
    (occasion.isSweep === true && isWatching(settings));
  const rollbacks = { reader, base, settings, targets, promotions: sorted.promotions, reported, nowMs };
  const decided = mayRollBack ? await withRollbacks(rollbacks, await stops(), due) : due;
  const context = makeContext(
    reader,
    outside.http,
    { base, settings, targets, decided },
    decided.flatMap(({ environment }) => environment.gates),
    nowMs,
    { reports, stops, ...(past.moves && { moves: past.moves }) },
  );
  const { candidates, unreadable } = await observeCandidates(context, decided, sorted, occasion.requests);
  const taken = new Set(decided.map(({ branch }) => branch));
  const gone = sorted.promotions.filter(({ pull }) => !taken.has(pull.branch));
  const lost = await observeStrays(context, gone);
  const ended = await observeEnded(reader, occasion.ended);
  const left = occasion.isSweep ? await observeLeftovers(reader, pulls, decided, reported) : NOTHING_LEFT;
  const others = await observeOtherPulls(reader, base, settings, sorted, reported);
  const unread = [
    ...unreadable,
    ...lost.unreadable,
    ...ended.unreadable,
    ...left.unreadable,
    ...others.unreadable,
  ];
  const readable = candidates.flatMap(({ open }) => open ?? []);
  return {
    base,
    settings,
    targets,
    decided,
    candidates,
    strays: lost.strays,
    unasked: built.unknown.filter(({ isPassing }) => isPassing).map(({ repository }) => repository),
    unreadable: tellApartTold(reported, base.repository, readable, unread),
    leftovers: [...ended.pulls.filter(isMergedPromotion).map(branchOf), ...left.ended],
    ended: ended.pulls,
    unreported: others.unreported,
    ...(isWatching(settings) && {
      failures: failures.failed.length > 0 ? withoutMarked(failures, await stops()) : failures,
    }),
    ...((deployments.due.length > 0 || !deployments.isWhole) && { deployments }),
  };
}

const NOTHING_LEFT: Awaited<ReturnType<typeof observeLeftovers>> = { ended: [], unreadable: [] };

const isMergedPromotion = ({ isSluices, isMerged }: Pull) => isSluices && isMerged;
const branchOf = ({ branch, headSha }: Pull): EndedBranch => ({ branch, headSha });

/** Pull requests that were said to have ended. */
async function observeEnded(
  reader: RepositoryReader,
  ended: readonly number[],
): Promise<{ pulls: PullDetail[]; unreadable: Unreadable[] }> {
  const read = await Promise.all(
    ended.map((number) => orUnreadable(null, async () => ({ pull: await reader.readPull(number) }))),
  );
  const { found, unreadable } = splitUnreadable(read);
  return { pulls: found.flatMap(({ pull }) => pull ?? []), unreadable };
}
