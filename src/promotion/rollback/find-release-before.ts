import type { BadRelease } from '../../domain/bad-release.ts';
import { compareValues } from '../../domain/compare-values.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { isSameTarget } from '../../domain/hold.ts';
import { toRelease } from '../../domain/promotion.ts';
import { labelRelease } from '../../domain/release.ts';
import { backwardRules } from '../../domain/rollback.ts';
import type { Environment, Settings } from '../../domain/settings.ts';
import type { HeldValues } from '../../domain/value.ts';
import { code, plain } from '../markdown.ts';
import { listSegments } from '../observe/list-segments.ts';
import { listStays } from '../observe/list-stays.ts';
import { makePastReader } from '../observe/read-past-target.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Stay, Target } from '../snapshot.ts';

/** How far back what a target held is looked for. GitHub's record of a very busy branch ends earlier. */
const LOOK_BACK_MS = 90 * 24 * 60 * 60 * 1000;
/** Named to whoever asked for one that is not there. */
const MOST_NAMED = 5;

export interface PastSearch {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  environment: Environment;
  target: Target;
  bad: readonly BadRelease[];
  nowMs: number;
}

/** What the target holds now, and what it held before. */
export interface Found {
  present: Stay;
  before: Stay;
}

/**
 * The release that a target held before the one that it holds now, or the one that a person names: label, value, or
 * commit that brought it. By GitHub's record of the default branch, and never one that is marked as bad there. What came
 * after it was asked for cannot be meant. Throws when the record does not tell of the present commit yet.
 */
export async function findReleaseBefore(
  search: PastSearch,
  { to: named, saidAtMs }: { to: string | null; saidAtMs: number },
): Promise<Known<Found>> {
  const stays = await listPast(search);
  const first = await stays.next();
  if (first.done) return unknown('nothing is known of what it holds');
  const present = first.value;
  if (isLater(present, saidAtMs)) return unknown(LATE);
  const labels = new Set<string>();
  for await (const stay of stays) {
    if (stay.key === present.key) continue;
    const mark = markOf(search, stay);
    if (named === null ? mark === null : isNamed(stay, named))
      return mark === null ? known({ present, before: stay }) : unknown(explainMarked(stay, mark));
    if (mark === null) labels.add(labelRelease(stay.target.held.values));
  }
  if (named !== null && isNamed(present, named)) return unknown(`it holds ${code(named)} already`);
  return unknown(explainNone(named, [...labels]));
}

/** What the target held, newest first. */
async function listPast({
  reader,
  base,
  settings,
  environment,
  target,
  nowMs,
}: PastSearch): Promise<AsyncGenerator<Stay, void, undefined>> {
  const recorded = await reader.listMoves(base.branch, nowMs - LOOK_BACK_MS);
  const pinned = recorded.findIndex(({ after }) => after === base.commit.sha);
  if (pinned < 0)
    throw new Error(`GitHub's activity of ${base.branch} does not hold ${base.commit.sha.slice(0, 7)} yet`);
  const rules = backwardRules(environment, settings.promote);
  const keyOf = (held: HeldValues) => toRelease(compareValues(held, target.held, rules)).fingerprint;
  const segments = listSegments(reader, recorded.slice(pinned), target.location.root);
  return listStays(segments, target.location, makePastReader(reader, base, settings), keyOf);
}

function explainMarked({ target: { held } }: Stay, { by, reason, url }: BadRelease): string {
  return `${code(labelRelease(held.values))} is marked as bad there by ${plain(by)}: ${plain(reason)} (${url})`;
}

const LATE = 'it holds another release since you spoke; look at it, and say it again';

/** GitHub tells the second of a comment. */
function isLater({ fromMs }: Stay, saidAtMs: number): boolean {
  return fromMs !== null && Math.floor(fromMs / 1000) > Math.floor(saidAtMs / 1000);
}

function markOf({ bad, target }: PastSearch, stay: Stay): BadRelease | null {
  return (
    bad.find((mark) => isSameTarget(mark, target.location) && stay.tips.includes(mark.rollback.badCommit)) ??
    null
  );
}

function isNamed({ target: { held }, tips, commit }: Stay, named: string): boolean {
  if (held.values.some(({ value }) => value === named) || labelRelease(held.values) === named) return true;
  return /^[0-9a-f]{7,40}$/.test(named) && [commit.sha, ...tips].some((sha) => sha.startsWith(named));
}

function explainNone(named: string | null, labels: readonly string[]): string {
  if (named === null) return 'nothing is known that it held before';
  const known = labels.slice(0, MOST_NAMED).map(code).join(', ');
  return `it has not held ${code(named)} lately${known ? `; it held ${known}` : ''}`;
}
