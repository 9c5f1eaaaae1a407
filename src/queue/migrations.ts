import { type Kysely, type Migration, sql } from 'kysely';

/** The queue's own tables, each change so that the version before it goes on beside it: a rollout runs both. */
export const QUEUE_MIGRATIONS: Record<string, Migration> = {
  '0001-pauses': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.pause (owner text primary key, until_ms bigint not null)`.execute(
        database,
      );
    },
  },
  '0002-takers': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.taker (
        repository text not null, source text not null, primary key (source, repository)
      )`.execute(database);
    },
  },
  '0003-creations': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.creation (
        owner text not null, slot int not null, used int not null, primary key (owner, slot)
      )`.execute(database);
    },
  },
  '0004-routine-pauses': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.routine_pause (owner text primary key, until_ms bigint not null)`.execute(
        database,
      );
    },
  },
  // In place of `sluice.creation`, which a version that goes on beside this one still counts in.
  '0005-created': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.created (owner text primary key, at_ms bigint[] not null)`.execute(
        database,
      );
    },
  },
  '0006-gate-looks': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.gate_look (
        repository text primary key, looked_ms bigint not null, counts jsonb not null
      )`.execute(database);
    },
  },
};
