import type { Build } from '../../domain/build.ts';
import type { Known } from '../../domain/gates/gate.ts';
import type { BuildSource } from '../../domain/settings.ts';
import type { RepositoryReader, RepositoryWriter } from './repository.ts';
import type { SourceReader } from './source.ts';

export interface BuildReader {
  /** The newest build that the source's CI has finished; null when there is none, unknown when it cannot be asked. */
  readLatestBuild(source: BuildSource): Promise<Known<Build | null>>;
}

/** GitHub, as the use cases need it. */
export interface GitHost {
  open(repository: string): Promise<RepositoryReader & RepositoryWriter>;
  readonly builds: BuildReader;
  readonly sources: SourceReader;
  /**
   * After a failure: why nothing can be done in a repository, which is gone, renamed, archived, or not given to the App
   * any more. Null when it is there, and when that cannot be known.
   */
  whyAway(repository: string, error: unknown): Promise<string | null>;
}

/** What a delivery tells of a repository, which need not be asked for then. */
export interface RepositoryHint {
  installationId?: number;
  defaultBranch?: string;
  /** The branch that a delivery names, which may be an old one: another than the known one is asked for again. */
  namedBranch?: string;
}
