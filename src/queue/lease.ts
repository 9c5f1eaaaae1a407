import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { type Entry, WORK } from './names.ts';

/** Shorter than what a silent process is given before its job is another's (`HEARTBEAT_S`). */
const ASK_EVERY_MS = 10_000;

/**
 * Makes a check that a job was not given to another process meanwhile, as happens to one that stood still: its machine
 * was suspended, or its event loop hung. What it knows is old then, and GitHub has no way to say "only if nothing has
 * happened since". The database is asked when the last answer is older than 10 s, so that most jobs ask for nothing.
 *
 * @throws when the job is not this process's any more
 */
export function makeLease(
  boss: PgBoss,
  { id, retryCount }: JobWithMetadata<Entry>,
  now: () => number,
): () => Promise<void> {
  let confirmedMs = now();
  return async () => {
    const askedMs = now();
    if (askedMs - confirmedMs < ASK_EVERY_MS) return;
    const { rows } = await boss
      .getDb()
      .executeSql(
        `select 1 from pgboss.job where name = $1 and id = $2 and state = 'active' and retry_count = $3`,
        [WORK, id, retryCount],
      );
    if (rows.length === 0)
      throw new Error(
        'this work was given to another process, since this one stood still; it writes nothing more',
      );
    confirmedMs = askedMs;
  };
}
