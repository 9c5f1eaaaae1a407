import { type Kysely, type Migration, sql } from 'kysely';
import { makeWithTables } from '../database/with-tables.ts';
import type { NotifyFormat } from '../domain/notify-rule.ts';
import type { MessageEvent } from './message.ts';

/** Where something is to be told: the variable that holds the URL, and how. */
export interface Channel {
  variable: string;
  format: NotifyFormat;
}

/** One thing that is to be told in one place. */
export interface Entry extends Channel {
  event: MessageEvent;
  /** How often it was tried, this time included. */
  tries: number;
}

/** What is still to be told, and what was told already: each thing once for each channel. */
export interface Outbox {
  /** What is there already is left as it is. */
  add(entries: readonly Omit<Entry, 'tries'>[], nowMs: number): Promise<void>;
  /** Some that are due, which nobody else gets for a while. */
  claim(most: number, nowMs: number): Promise<Entry[]>;
  settle(entries: readonly Entry[], result: 'sent' | 'given-up'): Promise<void>;
  postpone(entries: readonly Entry[], dueMs: number): Promise<void>;
  /** Forgets what was told long ago. */
  prune(beforeMs: number): Promise<void>;
}

/** For what comes at the same time, as in a rollout, to come in one message. */
const BATCH_MS = 10_000;
/** A process that claimed something has died when this is over. */
const LEASE_MS = 5 * 60 * 1000;

const MIGRATIONS: Record<string, Migration> = {
  '0001-notifications': {
    async up(database: Kysely<unknown>) {
      await sql`create table sluice.notification (
        variable text not null, format text not null, repository text not null, key text not null,
        event jsonb not null, state text not null, tries int not null, created_ms bigint not null, due_ms bigint not null,
        primary key (variable, format, repository, key)
      )`.execute(database);
      await sql`create index notification_due on sluice.notification (due_ms) where state = 'due'`.execute(
        database,
      );
    },
  },
};

interface Row extends Channel {
  event: MessageEvent;
  tries: number;
}

/** The outbox in a database, whose table is made when it is missing. */
export function makeOutbox(database: Kysely<unknown>): Outbox {
  const withTable = makeWithTables(database, 'notify', MIGRATIONS);
  const change = async (entries: readonly Entry[], assignment: ReturnType<typeof sql>) => {
    for (const { variable, format, event } of entries) {
      await sql`update sluice.notification set ${assignment}
        where variable = ${variable} and format = ${format} and repository = ${event.repository} and key = ${event.key}`.execute(
        database,
      );
    }
  };
  return {
    add: (entries, nowMs) =>
      withTable(async () => {
        for (const { variable, format, event } of entries) {
          await sql`insert into sluice.notification
            values (${variable}, ${format}, ${event.repository}, ${event.key}, ${toJson(event)}, 'due', 0, ${nowMs}, ${nowMs + BATCH_MS})
            on conflict do nothing`.execute(database);
        }
      }),
    claim: (most, nowMs) =>
      withTable(async () => {
        const { rows } = await sql<Row>`with due as (
            select variable, format, repository, key from sluice.notification
            where state = 'due' and due_ms <= ${nowMs} order by due_ms limit ${most} for update skip locked
          )
          update sluice.notification as each set tries = each.tries + 1, due_ms = ${nowMs + LEASE_MS} from due
          where each.variable = due.variable and each.format = due.format
            and each.repository = due.repository and each.key = due.key
          returning each.variable, each.format, each.event, each.tries`.execute(database);
        return rows.map(({ variable, format, event, tries }) => ({ variable, format, event, tries }));
      }),
    settle: (entries, result) => withTable(() => change(entries, sql`state = ${result}`)),
    postpone: (entries, dueMs) => withTable(() => change(entries, sql`due_ms = ${dueMs}`)),
    prune: (beforeMs) =>
      withTable(async () => {
        await sql`delete from sluice.notification where state <> 'due' and created_ms < ${beforeMs}`.execute(
          database,
        );
      }),
  };
}

/** PostgreSQL takes any text but one with U+0000 or half a surrogate pair, which JSON has as escapes. */
function toJson(event: MessageEvent): string {
  return JSON.stringify(event).replace(/\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '\\ufffd');
}
