import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { until } from '../queue/worker.ts';

/** Time that is skipped while everything sleeps: an hour of waiting for GitHub's limits takes seconds. */
export interface VirtualTime {
  now(): number;
  /** Waits until no work runs or is due, and goes on to when the next falls due. False when nothing sleeps. */
  skip(database: Kysely<unknown>): Promise<boolean>;
  /** The real time again. */
  restore(): void;
}

/**
 * Takes over the clock of this process, before anything else has it. The queue's own follows: pg-boss asks a function
 * of its schema for the time.
 */
export function startVirtualTime(): VirtualTime {
  const realNow = Date.now;
  let aheadMs = 0;
  Date.now = () => realNow() + aheadMs;
  return {
    now: Date.now,
    async skip(database) {
      await until(() => isResting(database));
      const dueMs = await findNextDue(database);
      if (dueMs === null) return false;
      aheadMs += Math.max(0, dueMs - Date.now()) + 1;
      await setQueueAhead(database, aheadMs);
      return true;
    },
    restore() {
      Date.now = realNow;
    },
  };
}

async function isResting(database: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql`select 1 from pgboss.job
    where state = 'active' or (state < 'active' and start_after <= pgboss.job_now()) limit 1`.execute(
    database,
  );
  return rows.length === 0;
}

async function findNextDue(database: Kysely<unknown>): Promise<number | null> {
  const { rows } = await sql<{ due: Date | null }>`
    select min(start_after) as due from pgboss.job where state < 'active'`.execute(database);
  return rows[0]?.due?.getTime() ?? null;
}

async function setQueueAhead(database: Kysely<unknown>, aheadMs: number): Promise<void> {
  await sql`create or replace function pgboss.job_now() returns timestamptz language sql stable as
    ${sql.lit(`select now() + interval '${aheadMs} milliseconds'`)}`.execute(database);
}
