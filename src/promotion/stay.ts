import type { Commit } from './ports.ts';
import type { Target } from './snapshot.ts';

/** A target as it was at a commit of the default branch. */
export interface PastTarget {
  target: Target;
  commit: Commit;
}

/** An unbroken time for which an environment held one release. */
export interface Stay extends PastTarget {
  /** Equal for equal releases. */
  key: string;
  /** Everything that the branch pointed at then, newest first. */
  tips: string[];
  /** When it began; null when it began before what is known. */
  fromMs: number | null;
  isAtLatest: boolean;
  /** When another release replaced it; null while it is there. */
  untilMs: number | null;
  /** What was there before is known, be it nothing. */
  isBeforeKnown: boolean;
}

/** What comes next to a target in place of what its source holds now: a release that stayed there, or nothing. */
export type Chosen =
  | { stay: Stay }
  | {
      reason: string;
      /** When to look again although nothing happened, in milliseconds since the epoch; absent: an event will tell. */
      lookAgainAtMs?: number;
    };

/** By `targetKey`. Targets that are not in it take what the source holds now. */
export type ChosenReleases = ReadonlyMap<string, Chosen>;
