import type { ReviewFact } from '../../domain/gates/facts.ts';
import type { GateState } from '../../domain/gates/gate.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import type { Commit } from './git.ts';
import type { Pull, PullDetail } from './pulls.ts';
import type { RepositoryReader, RepositoryWriter } from './repository.ts';

/** A pull request of Sluice as a look found it. */
export interface SeenPull {
  pull: Pull;
  head: Pick<Commit, 'sha' | 'committedAt' | 'isSluices'>;
  /** Null when it carries one application alone. */
  group: string | null;
  /** The promotions that the head carries; null when the head is not what Sluice planned. */
  carried: readonly PromotionTrailers[] | null;
  /** Text of the check run that attests the head: what its gates were judged by; null when it was not read. */
  trace: string | null;
  /** Null when they were not read. */
  reviews: readonly ReviewFact[] | null;
}

/** What a look at a repository found of promotions, for the history. */
export interface SeenLook {
  repository: string;
  /** The default branch. */
  branch: string;
  seen: readonly SeenPull[];
  /** Open pull requests of Sluice of which too little could be read. */
  unread: readonly number[];
  /** Pull requests that were said to have ended. */
  ended: readonly PullDetail[];
  /** The look is part of a sweep, which may also ask what nobody told. */
  isSweep: boolean;
}

/** What the history asks of GitHub to tell the whole of a promotion. */
export type HistoryReader = Pick<
  RepositoryReader,
  | 'readDefaultTip'
  | 'readCommit'
  | 'isAncestor'
  | 'listAllPulls'
  | 'readPull'
  | 'readCloser'
  | 'listReviews'
  | 'listCheckRuns'
>;

/** What is asked to hold the records on the state branch to what git and GitHub know. */
export type LedgerReader = HistoryReader &
  Pick<RepositoryReader, 'fullName' | 'readBranch' | 'readTree' | 'readText' | 'listAncestors'>;

/** What keeps the records on the state branch, too. */
export type StateHost = Pick<RepositoryReader, 'readBranch' | 'readCommit' | 'readTree' | 'readText'> &
  Pick<RepositoryWriter, 'createCommit' | 'createBranch' | 'advanceBranch'>;

/** An earlier promotion of a release, to another environment. */
export interface EarlierPromotion {
  environment: string;
  pull: number;
  /** ISO 8601; null when it merged just now. */
  mergedAt: string | null;
  /** Login; null when nobody knows. */
  mergedBy: string | null;
  /** As they were judged last; null when nobody knows any more. */
  gates: readonly { gate: string; state: GateState; overriddenBy: string | null }[] | null;
}

/** Keeps what became of promotions: an index of what git and GitHub know. */
export interface HistoryWriter {
  /**
   * Where a release has been promoted to before, the first first; empty when that cannot be known soon. `open` are the
   * pull requests that are open now: what merged just now may not be written down yet. Never throws.
   */
  listEarlier?(
    repository: string,
    carried: PromotionTrailers,
    open: ReadonlySet<number>,
  ): Promise<EarlierPromotion[]>;
  /**
   * The last promotions, of one application or all, as Markdown. Unlike the others it throws when the database does not
   * answer: whoever asked is to be told.
   */
  describe?(repository: string, application: string | null): Promise<string>;
  /** Never throws, and gives up before a job would wait long: nothing that is promoted depends on it. */
  keep(look: SeenLook, host: HistoryReader & StateHost): Promise<void>;
}
