import { type Kysely, sql } from 'kysely';

/** What all processes together create on GitHub for an owner. */
export interface CreationBudget {
  /**
   * Counts one request that creates content.
   *
   * @throws `RestError` when it would be more than GitHub takes; nothing is counted then
   */
  spend(owner: string, nowMs: number): Promise<void>;
}

/** Nothing is sent before a time, as if GitHub had asked to wait. */
export type RestError = Error & { restUntilMs: number };

interface Tables {
  'sluice.creation': { owner: string; slot: number; used: number };
}

/** Slots of this length are counted together. */
const SLOT_MS = 10_000;

/**
 * GitHub takes 80 a minute and 500 an hour; people and other Apps are counted apart, but what a process sent right
 * before it was killed may not be counted here.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const WINDOWS = [
  { slots: 7, most: 75 },
  { slots: 361, most: 480 },
];
const LONGEST_SLOTS = 361;

export function makeCreationBudget(database: Kysely<unknown>): CreationBudget {
  const tables = database as Kysely<Tables>;
  return {
    async spend(owner, nowMs) {
      const slot = Math.floor(nowMs / SLOT_MS);
      const recent = await tables
        .selectFrom('sluice.creation')
        .select(['slot', 'used'])
        .where('owner', '=', owner)
        .where('slot', '>', slot - LONGEST_SLOTS)
        .orderBy('slot')
        .execute();
      const freeSlot = Math.max(...WINDOWS.map((window) => freeAt(recent, slot, window)));
      if (freeSlot > slot) throw restUntil(owner, freeSlot * SLOT_MS);
      await tables
        .insertInto('sluice.creation')
        .values({ owner, slot, used: 1 })
        .onConflict((conflict) =>
          conflict.columns(['owner', 'slot']).doUpdateSet({ used: sql`sluice.creation.used + 1` }),
        )
        .execute();
      if (recent.every((each) => each.slot !== slot)) await forget(tables, slot);
    },
  };
}

/** The first slot in which one more fits into a window that slides. */
function freeAt(
  recent: readonly { slot: number; used: number }[],
  now: number,
  { slots, most }: { slots: number; most: number },
): number {
  const within = recent.filter(({ slot }) => slot > now - slots);
  let over = within.reduce((sum, { used }) => sum + used, 1) - most;
  if (over <= 0) return now;
  for (const { slot, used } of within) {
    over -= used;
    if (over <= 0) return slot + slots;
  }
  return now + slots;
}

async function forget(tables: Kysely<Tables>, slot: number): Promise<void> {
  await tables
    .deleteFrom('sluice.creation')
    .where('slot', '<=', slot - LONGEST_SLOTS)
    .execute();
}

function restUntil(owner: string, untilMs: number): RestError {
  const message = `as much was created for ${owner} as GitHub takes; the rest waits until ${new Date(untilMs).toISOString()}`;
  return Object.assign(new Error(message), { restUntilMs: untilMs });
}
