import { type Kysely, type Migration, Migrator, sql } from 'kysely';

/** Where our own tables are, apart from everything else in the database. */
const SCHEMA = 'sluice';

/**
 * Brings tables to this version. Several processes may call it at once, and an older version may come after a newer
 * one, as in a rollout that is turned back: what it does not know it leaves alone.
 *
 * @param name of the part whose tables these are
 * @param migrations by a name that sorts in their order; never change one that was released, add another
 * @throws when the database refuses one; nothing of it is kept
 */
export async function migrate(
  database: Kysely<unknown>,
  name: string,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const table = `${name}_migration`;
  // Before the migrator has its turn: an embedded database has one connection.
  let foreign = await foreignMigrations(database, table);
  for (;;) {
    const migrator = new Migrator({
      db: database,
      provider: { getMigrations: async () => ({ ...foreign, ...migrations }) },
      migrationTableName: table,
      migrationLockTableName: `${table}_lock`,
      migrationTableSchema: SCHEMA,
      allowUnorderedMigrations: true,
    });
    const { error } = await migrator.migrateToLatest();
    if (!error) return;
    // A newer version may have done more meanwhile.
    const known = foreign;
    foreign = await foreignMigrations(database, table);
    if (Object.keys(foreign).every((each) => each in known || each in migrations)) throw error;
  }
}

/** Those that were done by whoever was here before; the migrator refuses to start when one is missing. */
async function foreignMigrations(
  database: Kysely<unknown>,
  table: string,
): Promise<Record<string, Migration>> {
  const place = `${SCHEMA}.${table}`;
  const { rows: found } = await sql<{
    is: boolean;
  }>`select to_regclass(${place}) is not null as "is"`.execute(database);
  if (!found[0]?.is) return {};
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(place)}`.execute(database);
  return Object.fromEntries(rows.map(({ name }) => [name, { up: async () => {} }]));
}
