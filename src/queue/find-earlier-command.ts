import type { PgBoss } from 'pg-boss';
import type { Job } from '../promotion/ports/jobs.ts';
import { keyOf, WORK } from './names.ts';

/**
 * Commands keep their order, which is that of their comments: when an earlier one still waits, until when, in milliseconds
 * since the epoch. However many wait, one row comes back.
 */
export async function findEarlierCommand(
  boss: PgBoss,
  { repository, comment }: Extract<Job, { kind: 'command' }>,
): Promise<number | null> {
  const { rows } = await boss.getDb().executeSql(
    `select (extract(epoch from max(start_after)) * 1000)::float8 as until_ms from pgboss.job
      where name = $1 and singleton_key = $2 and state < 'active'
        and data->'job'->>'kind' = 'command' and (data->'job'->>'comment')::bigint < $3`,
    [WORK, keyOf(repository), comment],
  );
  const untilMs = rows[0]?.until_ms;
  return untilMs === null || untilMs === undefined ? null : Number(untilMs);
}
