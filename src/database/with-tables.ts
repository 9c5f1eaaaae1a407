import type { Kysely, Migration } from 'kysely';
import { isGone } from './is-gone.ts';
import { migrate } from './migrate.ts';

/** Does work on tables that are there: see `migrate` for their name and migrations. */
export type WithTables = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Makes tables at their first use. Those that somebody dropped are made again, once for each try; `onLost` is told.
 */
export function makeWithTables(
  database: Kysely<unknown>,
  name: string,
  migrations: Readonly<Record<string, Migration>>,
  onLost: () => void = () => {},
): WithTables {
  let prepared: Promise<void> | null = null;
  const prepare = () => {
    prepared ??= migrate(database, name, migrations).catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    return prepared;
  };
  return async (work) => {
    await prepare();
    try {
      return await work();
    } catch (error) {
      if (!isGone(error)) throw error;
      prepared = null;
      await prepare();
      onLost();
      return work();
    }
  };
}
