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
  '0004-told-builds': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.told_build (
        source text not null, type text not null, told_order bigint not null, build jsonb not null,
        primary key (source, type, told_order)
      )`.execute(database);
      await sql`create table sluice.taken_build (
        repository text not null, source text not null, type text not null, told_order bigint not null,
        primary key (repository, source, type)
      )`.execute(database);
      await sql`create table sluice.known (name text primary key)`.execute(database);
    },
  },
  '0005-routine-pauses': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.routine_pause (owner text primary key, until_ms bigint not null)`.execute(
        database,
      );
    },
  },
  // In place of `sluice.creation`, which a version that goes on beside this one still counts in.
  '0006-created': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.created (owner text primary key, at_ms bigint[] not null)`.execute(
        database,
      );
    },
  },
  '0007-gate-looks': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.gate_look (
        repository text primary key, looked_ms bigint not null, counts jsonb not null
      )`.execute(database);
    },
  },
  '0008-dashboards': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.dashboard (
        repository text primary key, issue int not null, view text not null, texts text not null, at_ms bigint not null
      )`.execute(database);
    },
  },
};
