import { compareValues } from '../../domain/compare-values.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import {
  comparisonRules,
  type Decision,
  decidePromotion,
  type Promotion,
  toRelease,
} from '../../domain/promotion.ts';
import { labelRelease, namesRelease } from '../../domain/release.ts';
import type { Environment } from '../../domain/settings.ts';
import type { HeldValues } from '../../domain/value.ts';
import { code, joinReasons, plain } from '../markdown.ts';
import type { Stay, Target } from '../snapshot.ts';
import { explainUnheld, isAt, listPast, type Past } from './list-past.ts';

/** What was named may wait while its source moves on: what was looked at before is mostly known. */
const MOST_SEGMENTS = 100;

/** A target that takes from one source. */
export interface NamedSearch extends Past {
  environment: Environment;
  target: Target;
  source: Target;
}

/** A release that the source held, or holds, and that the target can take. */
export interface NamedRelease {
  stay: Stay;
  promotion: Promotion;
}

/** What a source held, as the target would take it. */
interface Offer extends Decision {
  stay: Stay;
}

/**
 * The release of the source that a person names; words for people when there is none. The label counts first, then a
 * commit, then a value that would move: one that both hold names none. The newest where several have the name.
 */
export async function findNamed(search: NamedSearch, said: string): Promise<Known<NamedRelease>> {
  const offers: Offer[] = [];
  for await (const stay of await listOffers(search)) offers.push({ stay, ...decide(search, stay) });
  const meant =
    offers.find((each) => isLabelled(each, said)) ??
    offers.find(({ stay }) => isAt(stay, said)) ??
    offers.find(({ promotion }) => promotion?.changes.some(({ to }) => to === said));
  if (!meant) {
    const labels = offers.flatMap(({ promotion }) => promotion?.release.label ?? []);
    return unknown(explainUnheld(plain(search.source.location.environment), said, labels));
  }
  const { stay, promotion, isBlocked, notPromoted } = meant;
  if (promotion) return known({ stay, promotion });
  return unknown(
    isBlocked ? joinReasons(notPromoted) : `${plain(search.environment.name)} holds ${code(said)} already`,
  );
}

function isLabelled({ stay, promotion }: Offer, said: string): boolean {
  const label = promotion?.release.label ?? labelRelease(stay.target.held.values);
  return namesRelease(said, label);
}

/** The time in which the source last held a release, as the target would take it; null when it did not lately. */
export async function findStay(search: NamedSearch, fingerprint: string): Promise<Stay | null> {
  for await (const stay of await listOffers(search, MOST_SEGMENTS)) if (stay.key === fingerprint) return stay;
  return null;
}

/** What the source held, newest first. */
function listOffers(search: NamedSearch, mostSegments?: number) {
  const { environment, settings, target, source } = search;
  const rules = comparisonRules(environment, settings.promote);
  const keyOf = (held: HeldValues) => toRelease(compareValues(held, target.held, rules)).fingerprint;
  return listPast(search, source.location, keyOf, mostSegments);
}

function decide({ environment, settings, target, source }: NamedSearch, stay: Stay): Decision {
  const from = source.location.environment;
  const held = (name: string) => (name === from ? stay.target.held : target.held);
  return decidePromotion(target.location.application, environment, held, settings.promote);
}
