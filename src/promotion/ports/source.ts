import type { Known } from '../../domain/gates/gate.ts';
import type { SourceRange } from '../../domain/source-range.ts';

/** A commit of an application's source. */
export interface SourceCommit {
  sha: string;
  /** Its page. */
  url: string;
  message: string;
  /** Login of the account that GitHub links to the author; null when there is none. */
  authorLogin: string | null;
  authorName: string;
  isMerge: boolean;
}

/** What lies between two commits of an application's source. */
export interface SourceChanges {
  /** Page that compares them. */
  url: string;
  /** Page of the repository. */
  repositoryUrl: string;
  /** What the head has and the base has not, oldest first; of very many the first ones. */
  commits: readonly SourceCommit[];
  /** All that the head has and the base has not. */
  aheadCount: number;
  /** What the base has and the head has not. */
  behindCount: number;
}

/** Reads what lies between two releases of an application. */
export interface SourceReader {
  /** One call of GitHub, once for each range. Never throws. */
  readChanges(range: SourceRange): Promise<Known<SourceChanges>>;
  /** What was read of a range before, without asking; null when nothing was. */
  recall(range: SourceRange): Known<SourceChanges> | null;
}
