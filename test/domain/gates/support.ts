import type { GateFacts, PromotionFact, ReviewFact } from '../../../src/domain/gates/facts.ts';
import { known } from '../../../src/domain/gates/gate.ts';
import { SHA_1, SHA_2 } from '../support.ts';

const HEAD = SHA_1;
export const OLD_HEAD = SHA_2;

/** checkout goes from v1.4.1 to v1.4.2 in prod. */
export const PROMOTION: PromotionFact = {
  application: 'checkout',
  from: ['staging'],
  to: 'prod',
  release: {
    label: 'v1.4.2',
    fingerprint: '0123456789abcdef',
    values: [{ kind: 'image', name: 'ghcr.io/acme/checkout', part: 'newTag', value: 'v1.4.2' }],
  },
  changes: [{ kind: 'image', name: 'ghcr.io/acme/checkout', part: 'newTag', from: 'v1.4.1', to: 'v1.4.2' }],
  labels: ['sluice'],
};

/** Everything is known, and nothing has happened yet. */
export function facts(more: Partial<GateFacts> = {}): GateFacts {
  return {
    headSha: HEAD,
    sourceCommit: known(SHA_2),
    sourceChecks: known([]),
    headChecks: known([]),
    reviews: known([]),
    reviewers: known(new Map()),
    authors: known([]),
    requests: known([]),
    owners: known([]),
    overrides: [],
    application: 'checkout',
    to: 'prod',
    dependencies: new Map(),
    landings: known([]),
    firstSeenMs: null,
    health: new Map(),
    promotion: known(PROMOTION),
    actors: known([]),
    http: new Map(),
    changes: known({ pulls: [], pushes: [], builds: [], gaps: [] }),
    pushers: known([]),
    protection: known({ approvals: 0, wantsCodeOwners: false, teams: [], isPartlyHidden: false }),
    holds: known([]),
    ...more,
  };
}

export function review(reviewer: string, more: Partial<ReviewFact> = {}): ReviewFact {
  return { reviewer, isBot: false, state: 'approved', sha: HEAD, ...more };
}

/** Reviews by people with write access, who are in no team. */
export function reviewed(...reviews: ReviewFact[]): Pick<GateFacts, 'reviews' | 'reviewers'> {
  const people = reviews.map(
    ({ reviewer }) => [reviewer.toLowerCase(), { role: 'write', teams: [] }] as const,
  );
  return { reviews: known(reviews), reviewers: known(new Map(people)) };
}
