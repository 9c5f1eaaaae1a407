import type { PGlite } from '@electric-sql/pglite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Exclusive } from './exclusive.ts';

/**
 * PostgreSQL inside this process, for the query builder. It has one connection, so whoever has it, for a statement or
 * for a transaction, has its turn; nothing else comes in between.
 */
export function embeddedDialect(postgres: PGlite, turns: Exclusive): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => makeDriver(postgres, turns),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function makeDriver(postgres: PGlite, turns: Exclusive): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery) {
      const { rows, affectedRows } = await postgres.query<Row>(sql, [...parameters]);
      return { rows, ...(affectedRows !== undefined && { numAffectedRows: BigInt(affectedRows) }) };
    },
    streamQuery() {
      throw new Error('the embedded database does not stream');
    },
  };
  const say = (text: string) => async (on: DatabaseConnection) => {
    await on.executeQuery(CompiledQuery.raw(text));
  };
  let leave: () => void = () => {};
  return {
    async init() {},
    async acquireConnection() {
      leave = await turns.enter();
      return connection;
    },
    beginTransaction: say('begin'),
    commitTransaction: say('commit'),
    rollbackTransaction: say('rollback'),
    async releaseConnection() {
      leave();
    },
    async destroy() {},
  };
}
