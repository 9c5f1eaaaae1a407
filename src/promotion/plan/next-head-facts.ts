import type { GateFacts } from '../../domain/gates/facts.ts';
import { known, unknown } from '../../domain/gates/gate.ts';

/** Nobody has reviewed or checked a head that is to be made, nor asked for it there. */
export const NOTHING_SAID = {
  headSha: '',
  overrides: [],
  firstSeenMs: null,
  headChecks: known([]),
  reviews: known([]),
  reviewers: known(new Map()),
  requests: known([]),
  owners: known([]),
  pushers: known([]),
} satisfies Partial<GateFacts>;

/**
 * Facts of a head that is made anew for a release that the one before carries already. What was said and checked, and
 * what URLs answered, was for that head alone; what counts for the new one too is read once it is there.
 */
export function nextHeadFacts(facts: GateFacts): GateFacts {
  return {
    ...facts,
    ...NOTHING_SAID,
    actors: unknown('who asked is looked up on the new head of this pull request'),
    http: new Map(),
  };
}
