import type { HttpProber } from '../ports/http.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Authoriser } from './authorise.ts';

/** What a command is taken with. */
export interface CommandCall {
  /** The GitOps repository. */
  host: RepositoryReader & RepositoryWriter;
  /** Opens another repository, as that of an application's source; throws when the App may not read it. */
  open(repository: string): Promise<RepositoryReader>;
  http: HttpProber;
  snapshot: Snapshot;
  comment: Comment;
  authoriser: Authoriser;
  nowMs: number;
}
