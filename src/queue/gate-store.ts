import { type Kysely, sql } from 'kysely';

/** How many gates of a kind are in a state. */
export interface GateCount {
  gate: string;
  state: string;
  count: number;
}

/** What the last look at each repository found its gates to be, whoever looked: a cache, made anew by looking. */
export interface GateStore {
  save(repository: string, counts: readonly GateCount[], nowMs: number): Promise<void>;
  /** All repositories together. */
  sum(nowMs: number): Promise<GateCount[]>;
}

/** A repository that no sweep has looked at for so long is none of ours any more. */
const KEPT_MS = 60 * 60 * 1000;

export function makeGateStore(database: Kysely<unknown>): GateStore {
  return {
    async save(repository, counts, nowMs) {
      await sql`
        insert into sluice.gate_look (repository, looked_ms, counts)
        values (${repository.toLowerCase()}, ${nowMs}, ${JSON.stringify(counts)}::jsonb)
        on conflict (repository) do update set looked_ms = excluded.looked_ms, counts = excluded.counts`.execute(
        database,
      );
    },
    async sum(nowMs) {
      const { rows } = await sql<GateCount>`
        select entry->>'gate' as gate, entry->>'state' as state, sum((entry->>'count')::int)::int as count
        from sluice.gate_look, jsonb_array_elements(counts) entry
        where looked_ms > ${nowMs - KEPT_MS}
        group by 1, 2`.execute(database);
      return rows;
    },
  };
}
