import type { Database } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { openServer } from './server.ts';

export interface DatabaseOptions {
  /** `DATABASE_URL`: a PostgreSQL server; null: the embedded one. */
  url: string | null;
  /** Where the embedded database keeps its files; null: in memory. */
  folder: string | null;
  /** Told of a connection that broke; the next statement makes a new one. */
  onError: (error: Error) => void;
}

/** Opens the server when there is an address, and the embedded database otherwise. */
export function openDatabase({ url, folder, onError }: DatabaseOptions): Promise<Database> {
  return url === null ? openEmbedded(folder) : openServer(url, onError);
}
