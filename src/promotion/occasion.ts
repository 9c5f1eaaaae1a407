import type { DispatchedBuild } from './ports/jobs.ts';

/** What to look at beside the repository itself. */
export interface Occasion {
  /** Repositories whose builds are looked up; all when it holds `*`. */
  lookAt: readonly string[];
  /** Builds that only their delivery tells of, of these sources, oldest first. */
  readTold: (sources: readonly string[]) => Promise<readonly DispatchedBuild[]>;
  ended: readonly number[];
  /** A look at everything: also at branches that ended promotions may have left. */
  isSweep?: boolean;
  /** Whether the merge queue is to be looked at, which is not known to hold anything. */
  queue?: boolean;
  /** What is stopped is read although nothing is due: somebody has just changed it. */
  readsStops?: boolean;
  /** What is to be rolled back is left to a look that goes before routine work. */
  defersRollbacks?: boolean;
  /** The look follows one that has decided what was to be decided. */
  hasDecided?: boolean;
  /** Who asked for what, by `targetKey`. */
  requests: ReadonlyMap<string, PromotionRequest>;
}

/** No delivery told of a build. */
export const nothingTold = async (): Promise<readonly DispatchedBuild[]> => [];

/** Somebody's word for one release: what is due by the time it is acted on may be another one. */
export interface PromotionRequest {
  requester: string;
  fingerprint: string;
  /** It was named, and comes although something else is due. Absent: no. */
  isNamed?: true;
}

/** What was found or said before, by repository and head, with the mark of the check run that says it: a cache, nothing more. */
export type ReportedHeads = Map<string, string>;
