import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { need } from './credentials.ts';

/**
 * Opens the database of Sluice for a command that runs beside it. With the embedded database, Sluice must be stopped: its
 * folder is for one process.
 *
 * @throws when it cannot be reached, or its folder is taken
 */
export async function openForCommand(env: NodeJS.ProcessEnv): Promise<Database> {
  const url = env.DATABASE_URL || null;
  const meaning = "the data folder of Sluice; or set DATABASE_URL to its PostgreSQL server's address";
  const folder = url === null ? need(env, 'SLUICE_DATA', meaning) : null;
  return openDatabase({ url, folder, onError: () => {} });
}
