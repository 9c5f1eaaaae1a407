import { type Kysely, type Migration, sql } from 'kysely';

/** The history's own tables, each change so that the version before it goes on beside it: a rollout runs both. */
export const HISTORY_MIGRATIONS: Record<string, Migration> = {
  '0001-promotions': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.promotion (
        repository text not null,
        pull int not null,
        application text not null,
        environment text not null,
        from_environments jsonb not null,
        group_name text,
        url text not null,
        branch text not null,
        release text not null,
        fingerprint text not null,
        changes jsonb,
        origin text,
        source text,
        authors jsonb not null,
        requested_by jsonb not null,
        releases jsonb not null,
        head_sha text not null,
        opened_at timestamptz not null,
        approvals jsonb,
        gates jsonb,
        outcome text not null,
        merged_at timestamptz,
        merged_by text,
        merge_commit_sha text,
        closed_at timestamptz,
        closed_by text,
        is_whole boolean not null,
        primary key (repository, pull, application, environment)
      )`.execute(database);
      await sql`create index promotion_opened on sluice.promotion (opened_at)`.execute(database);
      await sql`create index promotion_unfinished on sluice.promotion (repository, pull) where not is_whole`.execute(
        database,
      );
    },
  },
  '0002-kind': {
    async up(database: Kysely<unknown>) {
      await sql`alter table sluice.promotion add column kind text not null default 'promotion'`.execute(
        database,
      );
    },
  },
  '0003-kept': {
    async up(database: Kysely<unknown>) {
      await sql`alter table sluice.promotion add column is_kept boolean not null default false`.execute(
        database,
      );
      await sql`create index promotion_unkept on sluice.promotion (repository, pull) where is_whole and not is_kept`.execute(
        database,
      );
    },
  },
};
