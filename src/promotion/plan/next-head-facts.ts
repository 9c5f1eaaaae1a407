import type { GateFacts } from '../../domain/gates/facts.ts';
import { known, unknown } from '../../domain/gates/gate.ts';

/**
 * Facts of a head that is made anew for a release that the one before carries already. What was said and checked, and
 * what URLs answered, was for that head alone; what counts for the new one too is read once it is there.
 */
export function nextHeadFacts(facts: GateFacts): GateFacts {
  return {
    ...facts,
    headSha: '',
    overrides: [],
    firstSeenMs: null,
    headChecks: known([]),
    reviews: known([]),
    reviewers: known(new Map()),
    requests: known([]),
    actors: unknown('who asked is looked up on the new head of this pull request'),
    owners: known([]),
    pushers: known([]),
    http: new Map(),
  };
}
