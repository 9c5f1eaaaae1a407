import { isSameTarget } from './hold.ts';
import type { TargetId } from './target.ts';

/** A release that somebody rolled back: it is not promoted to that target any more. */
export interface BadRelease extends TargetId {
  /** Of the release, as in the trailers of the promotion that brought it. */
  fingerprint: string;
  /** Its label. */
  release: string;
  /** Login, or what stands for Sluice where nobody asked. */
  by: string;
  /** One line. */
  reason: string;
  /** Where it was said. The hold that goes with it has the same. */
  url: string;
  /** When it was said, in milliseconds since the epoch. */
  atMs: number;
  /** The health of the environment asked for it, and no person. */
  isAutomatic: boolean;
  /** Number of the pull request that brought the bad release; null when none did, or none is known. */
  pull: number | null;
  rollback: Rollback;
}

/** What takes the place of a bad release. */
export interface Rollback {
  /** Label of the release that comes back. */
  release: string;
  /** Commit of the default branch at which the target held it. */
  commit: string;
  /** Commit of the default branch at which the target held the bad one. */
  badCommit: string;
  /** From when to when the target held what comes back, in milliseconds since the epoch; null: not known. */
  fromMs: number | null;
  untilMs: number | null;
}

/** More than anybody looks through; the oldest are forgotten. */
export const MOST_BAD_RELEASES = 1_000;

/** The mark of a release in a target; null when nobody marked it. */
export function findBad(
  bad: readonly BadRelease[],
  target: TargetId,
  fingerprint: string,
): BadRelease | null {
  return bad.find((each) => isSameTarget(each, target) && each.fingerprint === fingerprint) ?? null;
}

/** The marks with one more: a release has one mark in a target, and the newest word on it counts. */
export function addBad(bad: readonly BadRelease[], added: BadRelease): BadRelease[] {
  const others = bad.filter((each) => !(isSameTarget(each, added) && each.fingerprint === added.fingerprint));
  return [...others, added].slice(-MOST_BAD_RELEASES);
}
