import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { type Entry, LOOKS, WORK } from './names.ts';

/**
 * Has another process begin jobs again at once. Only while they are still this process's own: its try is part of the
 * condition, so that one that somebody else has taken meanwhile is left alone.
 */
export async function giveBack(boss: PgBoss, jobs: readonly JobWithMetadata<Entry>[]): Promise<void> {
  for (const { id, retryCount } of jobs) {
    await boss.getDb().executeSql(
      `update pgboss.job set state = 'retry', start_after = pgboss.job_now(), heartbeat_on = null
          where name = $1 and id = $2 and state = 'active' and retry_count = $3`,
      [WORK, id, retryCount],
    );
  }
}

/**
 * What the process before this one had begun is begun again at once, without waiting for its heartbeat to stop. What has
 * ended a process at each try is laid aside, so that it does not end this one, too.
 */
export async function takeUpLeft(boss: PgBoss): Promise<void> {
  const { rows } = await boss
    .getDb()
    .executeSql(
      `select id from pgboss.job where name = $1 and state = 'active' and retry_count >= retry_limit`,
      [WORK],
    );
  const ids = rows.map(({ id }: { id: string }) => id);
  if (ids.length > 0) await boss.fail(WORK, ids, { message: 'the process that did it ended, at each try' });
  await boss.getDb().executeSql(
    `update pgboss.job set state = 'retry', start_after = pgboss.job_now(), heartbeat_on = null
        where name in ($1, $2) and state = 'active'`,
    [WORK, LOOKS],
  );
}
