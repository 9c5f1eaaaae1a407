import type { HistoryWriter } from '../ports/history.ts';
import type { HttpProber } from '../ports/http.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { SourceReader } from '../ports/source.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Authoriser } from './authorise.ts';

/** What a command is taken with. */
export interface CommandCall {
  /** The GitOps repository. */
  host: RepositoryReader & RepositoryWriter;
  /** The repositories that applications are built from. */
  sources: SourceReader;
  /** Null: what became of promotions is not written down. */
  history: HistoryWriter | null;
  http: HttpProber;
  snapshot: Snapshot;
  comment: Comment;
  authoriser: Authoriser;
  nowMs: number;
}
