import { type Kysely, sql } from 'kysely';

/** Until when GitHub wants to hear less for an owner's installation: known to every process. */
export interface Pauses {
  /** Until when work has to wait, in milliseconds since the epoch; null when nothing stands in the way. */
  read(owner: string, nowMs: number, isUrgent: boolean): Promise<number | null>;
  /** A later end replaces an earlier one, never the other way round. */
  pause(owner: string, untilMs: number, sparesUrgent: boolean): Promise<void>;
}

interface Tables {
  'sluice.pause': { owner: string; until_ms: string | number };
  /** Apart, so that a version that knows only the other one goes on beside this. */
  'sluice.routine_pause': { owner: string; until_ms: string | number };
}

export function makePauses(database: Kysely<unknown>): Pauses {
  const tables = database as Kysely<Tables>;
  const readFrom = async (table: keyof Tables, owner: string) => {
    const found = await tables
      .selectFrom(table)
      .select('until_ms')
      .where('owner', '=', owner)
      .executeTakeFirst();
    return found ? Number(found.until_ms) : 0;
  };
  return {
    async read(owner, nowMs, isUrgent) {
      const untilMs = Math.max(
        await readFrom('sluice.pause', owner),
        isUrgent ? 0 : await readFrom('sluice.routine_pause', owner),
      );
      return untilMs > nowMs ? untilMs : null;
    },
    async pause(owner, untilMs, sparesUrgent) {
      const table = sparesUrgent ? 'sluice.routine_pause' : 'sluice.pause';
      await tables
        .insertInto(table)
        .values({ owner, until_ms: Math.ceil(untilMs) })
        .onConflict((conflict) =>
          conflict.column('owner').doUpdateSet({
            until_ms: sql`greatest(excluded.until_ms, ${sql.table(table)}.until_ms)`,
          }),
        )
        .execute();
    },
  };
}
