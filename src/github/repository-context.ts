import type { ObjectCache } from './cache.ts';
import type { AppIdentity, Client } from './client.ts';

/** What one repository is read and written with. */
export interface RepositoryContext {
  client: Client;
  identity: AppIdentity;
  owner: string;
  name: string;
  cache: ObjectCache;
  /** Null when it must be asked for. */
  defaultBranch: string | null;
  /** Told what GitHub said when it was asked. */
  onDefaultBranch: (branch: string) => void;
}
