import type { Kysely } from 'kysely';
import type { ConstructorOptions } from 'pg-boss';

/** PostgreSQL, on a server or in this process: the same SQL on both. */
export interface Database {
  /** For tables of our own. */
  sql: Kysely<unknown>;
  /** How the queue reaches the same database. */
  boss: Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString' | 'max'>;
  /** Ends all connections, and gives the folder of an embedded database back. */
  close(): Promise<void>;
}
