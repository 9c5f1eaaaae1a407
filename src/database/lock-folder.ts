import { lock } from 'proper-lockfile';

const STALE_AFTER_MS = 15_000;
/** One each second: a new container may start before the old one's lock has ended. */
const TRIES = 20;

/**
 * Takes a folder for this process alone, and keeps it until the returned function is called. The lock of a process that
 * was killed ends by itself within 15 s.
 *
 * @throws when another process has it, saying which folder and what to do
 */
export async function lockFolder(folder: string, tries = TRIES): Promise<() => Promise<void>> {
  try {
    return await lock(folder, {
      stale: STALE_AFTER_MS,
      retries: { retries: tries, minTimeout: 1_000, maxTimeout: 1_000 },
    });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ELOCKED') throw error;
    throw new Error(
      `Another process uses the data folder ${folder}: stop it, or give this one a folder of its own with SLUICE_DATA. ` +
        'Several processes share a PostgreSQL server: set DATABASE_URL.',
    );
  }
}
