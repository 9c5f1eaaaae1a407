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
import { code, plain } from '../markdown.ts';
import type { Stay, Target } from '../snapshot.ts';
import { explainUnheld, isNamed, listPast, type Past } from './list-past.ts';

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

/** The release of the source that a person names, for people when there is none; the newest where several have the name. */
export async function findNamed(search: NamedSearch, said: string): Promise<Known<NamedRelease>> {
  const labels: string[] = [];
  for await (const stay of await listOffers(search)) {
    const { promotion, isBlocked, notPromoted } = decide(search, stay);
    const isMeant = isNamed(stay, said) || (promotion && namesRelease(said, promotion.release.label));
    if (isMeant && promotion) return known({ stay, promotion });
    if (isMeant && isBlocked) return unknown(notPromoted.map(({ reason }) => reason).join('; '));
    if (isMeant) return unknown(`${plain(search.environment.name)} holds ${code(said)} already`);
    if (promotion) labels.push(promotion.release.label || labelRelease(stay.target.held.values));
  }
  return unknown(explainUnheld(plain(search.source.location.environment), said, labels));
}

/** The time in which the source last held a release, as the target would take it; null when it did not lately. */
export async function findStay(search: NamedSearch, fingerprint: string): Promise<Stay | null> {
  for await (const stay of await listOffers(search)) if (stay.key === fingerprint) return stay;
  return null;
}

/** What the source held, newest first. */
function listOffers(search: NamedSearch) {
  const { environment, settings, target, source } = search;
  const rules = comparisonRules(environment, settings.promote);
  const keyOf = (held: HeldValues) => toRelease(compareValues(held, target.held, rules)).fingerprint;
  return listPast(search, source.location, keyOf);
}

function decide({ environment, settings, target, source }: NamedSearch, stay: Stay): Decision {
  const from = source.location.environment;
  const held = (name: string) => (name === from ? stay.target.held : target.held);
  return decidePromotion(target.location.application, environment, held, settings.promote);
}
