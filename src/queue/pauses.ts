import { type Kysely, sql } from 'kysely';

/** Until when GitHub wants to hear nothing for an owner's installation: known to every process. */
export interface Pauses {
  /** Milliseconds since the epoch; null when nothing stands in the way. */
  read(owner: string, nowMs: number): Promise<number | null>;
  /** A later end replaces an earlier one, never the other way round. */
  pause(owner: string, untilMs: number): Promise<void>;
}

interface Tables {
  'sluice.pause': { owner: string; until_ms: string | number };
}

export function makePauses(database: Kysely<unknown>): Pauses {
  const tables = database as Kysely<Tables>;
  return {
    async read(owner, nowMs) {
      const found = await tables
        .selectFrom('sluice.pause')
        .select('until_ms')
        .where('owner', '=', owner)
        .executeTakeFirst();
      const untilMs = found ? Number(found.until_ms) : 0;
      return untilMs > nowMs ? untilMs : null;
    },
    async pause(owner, untilMs) {
      await tables
        .insertInto('sluice.pause')
        .values({ owner, until_ms: Math.ceil(untilMs) })
        .onConflict((conflict) =>
          conflict
            .column('owner')
            .doUpdateSet({ until_ms: sql`greatest(excluded.until_ms, sluice.pause.until_ms)` }),
        )
        .execute();
    },
  };
}
