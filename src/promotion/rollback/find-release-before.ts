import type { BadRelease } from '../../domain/bad-release.ts';
import { compareValues } from '../../domain/compare-values.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { isSameTarget } from '../../domain/hold.ts';
import { toRelease } from '../../domain/promotion.ts';
import { labelRelease } from '../../domain/release.ts';
import { backwardRules } from '../../domain/rollback.ts';
import type { Environment } from '../../domain/settings.ts';
import type { HeldValues } from '../../domain/value.ts';
import { code, plain } from '../markdown.ts';
import { explainUnheld, isNamed, listPast, type Past } from '../observe/list-past.ts';
import type { Stay, Target } from '../snapshot.ts';

export interface PastSearch extends Past {
  environment: Environment;
  target: Target;
  bad: readonly BadRelease[];
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
  const { environment, settings, target } = search;
  const rules = backwardRules(environment, settings.promote);
  const keyOf = (held: HeldValues) => toRelease(compareValues(held, target.held, rules)).fingerprint;
  const stays = await listPast(search, target.location, keyOf);
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

function explainNone(named: string | null, labels: readonly string[]): string {
  return named === null ? 'nothing is known that it held before' : explainUnheld('it', named, labels);
}
