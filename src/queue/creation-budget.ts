import { type Kysely, sql } from 'kysely';
import { makeRestError } from '../promotion/ports/rest.ts';

/** What all processes together create on GitHub for an owner. */
export interface CreationBudget {
  /**
   * Counts one request that creates content. What is urgent may use all of the budget; everything else leaves a part of
   * it, so that a command or a rollback goes on while a hundred promotions wait.
   *
   * @throws `RestError` when it would be too much; nothing is counted then
   */
  spend(owner: string, nowMs: number, isUrgent: boolean): Promise<void>;
}

interface Tables {
  'sluice.created': { owner: string; at_ms: (string | number)[] };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * GitHub takes 80 a minute and 500 an hour. People and other Apps are counted apart; what is left between these and
 * GitHub's numbers is for requests that arrive later than they were counted.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const BUDGETS = {
  urgent: { perMinute: 75, perHour: 480 },
  routine: { perMinute: 60, perHour: 420 },
};

export function makeCreationBudget(database: Kysely<unknown>): CreationBudget {
  const tables = database as Kysely<Tables>;
  return {
    async spend(owner, nowMs, isUrgent) {
      const budget = isUrgent ? BUDGETS.urgent : BUDGETS.routine;
      if (await count(tables, owner, nowMs, budget)) return;
      const untilMs = await freeAt(tables, owner, nowMs, budget);
      throw makeRestError(
        `as much was created for ${owner} as GitHub takes; the rest waits until ${new Date(untilMs).toISOString()}`,
        { untilMs, sparesUrgent: !isUrgent, limit: 'creations' },
      );
    },
  };
}

type Budget = (typeof BUDGETS)['urgent'];

/**
 * Counts one if it fits. A single statement: whoever comes second waits for the row and judges by what the first left,
 * so that any number of processes together stay below the limit.
 * https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED
 */
async function count(
  database: Kysely<Tables>,
  owner: string,
  nowMs: number,
  { perMinute, perHour }: Budget,
): Promise<boolean> {
  const { rows } = await sql`
    insert into sluice.created as kept (owner, at_ms) values (${owner}, array[${nowMs}::bigint])
    on conflict (owner) do update
      set at_ms = array(select at from unnest(kept.at_ms) at where at > ${nowMs - HOUR_MS}) || ${nowMs}::bigint
      where (select count(*) from unnest(kept.at_ms) at where at > ${nowMs - MINUTE_MS}) < ${perMinute}
        and (select count(*) from unnest(kept.at_ms) at where at > ${nowMs - HOUR_MS}) < ${perHour}
    returning owner`.execute(database);
  return rows.length > 0;
}

/** When one more fits into both windows, if nobody else comes first. */
async function freeAt(
  tables: Kysely<Tables>,
  owner: string,
  nowMs: number,
  { perMinute, perHour }: Budget,
): Promise<number> {
  const kept = await tables
    .selectFrom('sluice.created')
    .select('at_ms')
    .where('owner', '=', owner)
    .executeTakeFirst();
  const times = (kept?.at_ms ?? []).map(Number).sort((a, b) => b - a);
  const leaves = (most: number, windowMs: number) => (times[most - 1] ?? nowMs - windowMs) + windowMs;
  // Somebody may have counted with a clock that is ahead; not even then at once.
  return Math.max(nowMs + 1, leaves(perMinute, MINUTE_MS), leaves(perHour, HOUR_MS));
}
