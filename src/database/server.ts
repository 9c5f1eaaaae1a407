import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './database.ts';

/** Connections of each process, beside those of the queue. */
const CONNECTIONS = 5;
const QUEUE_CONNECTIONS = 10;

/**
 * Opens a PostgreSQL server.
 *
 * @param url as libpq takes it: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 * @throws when it cannot be reached; the error never holds the password
 */
export async function openServer(url: string, onError: (error: Error) => void): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, application_name: 'sluice' });
  // Without a listener, a connection that breaks while idle ends the process.
  pool.on('error', onError);
  const sql = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return {
    sql,
    boss: { connectionString: url, max: QUEUE_CONNECTIONS },
    close: () => sql.destroy(),
  };
}
