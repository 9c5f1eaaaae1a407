import { type Kysely, sql } from 'kysely';
import { DEAD, WORK } from './names.ts';

/** What the database holds at a moment, for all processes together. */
export interface QueueMeasure {
  jobs: Record<'waiting' | 'running' | 'retrying' | 'asleep' | 'dead', number>;
  /** Seconds; 0 when nothing waits that could be done. */
  oldestWaitingS: number;
  pausedOwners: Record<'commands' | 'nothing', number>;
  databaseBytes: number;
}

/** Counts what waits and sleeps. The indexes of the queue hold what is asked for; what is done is not read. */
export async function measureQueue(database: Kysely<unknown>, nowMs: number): Promise<QueueMeasure> {
  const { rows } = await sql<Record<string, string | number>>`
    select count(*) filter (where name = ${WORK} and state < 'active' and start_after <= now()) as waiting,
      count(*) filter (where name = ${WORK} and state = 'active') as running,
      count(*) filter (where name = ${WORK} and state = 'retry' and start_after > now()) as retrying,
      count(*) filter (where name = ${WORK} and state = 'created' and start_after > now()) as asleep,
      count(*) filter (where name = ${DEAD} and state < 'active') as dead,
      coalesce(extract(epoch from now() - min(greatest(created_on, start_after))
        filter (where name = ${WORK} and state < 'active' and start_after <= now())), 0)::float8 as oldest,
      (select count(*) from sluice.pause where until_ms > ${nowMs}) as stopped,
      (select count(*) from sluice.routine_pause where until_ms > ${nowMs}) as slowed,
      pg_database_size(current_database()) as bytes
    from pgboss.job where name in (${WORK}, ${DEAD}) and state < 'completed'`.execute(database);
  const of = (name: string) => Number(rows[0]?.[name] ?? 0);
  return {
    jobs: {
      waiting: of('waiting'),
      running: of('running'),
      retrying: of('retrying'),
      asleep: of('asleep'),
      dead: of('dead'),
    },
    oldestWaitingS: Math.max(0, of('oldest')),
    pausedOwners: { commands: of('slowed'), nothing: of('stopped') },
    databaseBytes: of('bytes'),
  };
}
