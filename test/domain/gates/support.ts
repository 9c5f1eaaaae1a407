import type { GateFacts, ReviewFact } from '../../../src/domain/gates/facts.ts';
import { known } from '../../../src/domain/gates/gate.ts';
import { SHA_1, SHA_2 } from '../support.ts';

const HEAD = SHA_1;
export const OLD_HEAD = SHA_2;

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
    pushers: known([]),
    protection: known({ approvals: 0, wantsCodeOwners: false, teams: [], isPartlyHidden: false }),
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
