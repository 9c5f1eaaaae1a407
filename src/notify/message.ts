import { createHash } from 'node:crypto';
import { z } from 'zod';
import { NOTICE_EVENTS } from '../domain/notify-rule.ts';

const name = z.string();
const MOST_REASON = 1_000;

const eventSchema = z.object({
  key: z.string().describe('The same for the same thing: whoever hears it twice can tell.'),
  repository: name.describe('Full name of the GitOps repository.'),
  event: z
    .enum(NOTICE_EVENTS)
    .describe(
      '`opened`: a pull request carries the release; `waiting`: only people are missing; `merged`; `failed`: a gate refuses it; `rolled-back`: a rollback has merged; `frozen`: somebody holds the environment.',
    ),
  at: z.iso.datetime().describe('When Sluice saw it.'),
  application: name.nullable().describe('Null when it is about the whole environment.'),
  environment: name,
  from: z.array(name).describe('Environments that the release comes from; empty when it comes from a build.'),
  release: name.nullable(),
  pull: z.object({ number: z.int(), url: z.string() }).nullable(),
  by: name.nullable().describe('Login of who merged, or froze.'),
  reason: z
    .string()
    .nullable()
    .describe(
      'What it waits for, why it failed, or why it is frozen, as Markdown; at most 1,000 characters.',
    ),
});

/** What is posted: some events together. */
export const messageSchema = z.object({
  version: z.literal(1),
  id: z.string().describe('Of this message; the same when it is sent again with the same events.'),
  sentAt: z.iso.datetime(),
  events: z.array(eventSchema).min(1),
});

export type MessageEvent = z.output<typeof eventSchema>;
export type Message = z.output<typeof messageSchema>;

export function toMessage(events: readonly MessageEvent[], nowMs: number): Message {
  const keys = JSON.stringify(events.map(({ repository, key }) => [repository, key]));
  return {
    version: 1,
    id: createHash('sha256').update(keys).digest('hex').slice(0, 32),
    sentAt: new Date(nowMs).toISOString(),
    events: events.map((each) => ({ ...each, reason: each.reason?.slice(0, MOST_REASON) ?? null })),
  };
}

/** JSON Schema (draft 2020-12) of what is posted. */
export function notificationJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(messageSchema, { target: 'draft-2020-12', reused: 'inline' });
  return {
    $schema,
    $id: 'urn:sluice:schema:notification',
    title: 'A notification of Sluice',
    description: 'The body of a request that Sluice makes to an address of `format: json`.',
    ...schema,
  };
}
