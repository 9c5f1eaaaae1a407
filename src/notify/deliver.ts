import { createHmac } from 'node:crypto';
import type { Log } from '../promotion/ports/log.ts';
import type { NotifyOptions } from './channels.ts';
import { toMessage } from './message.ts';
import type { Entry, Outbox } from './outbox.ts';
import { toSlack } from './to-slack.ts';

/** Posts a body; tells the status, and throws an error without the address in it when there was no answer. */
export type Post = (url: string, body: string, headers: Record<string, string>) => Promise<number>;

const MOST_CLAIMED = 200;
/** Events of one message. */
const MOST_EVENTS = 20;
/** With the backoff, nine hours. */
const MOST_TRIES = 12;
const FIRST_BACKOFF_MS = 15_000;
const LONGEST_BACKOFF_MS = 60 * 60 * 1000;
/** How long it is known what was told. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Tells what is due, some events in one message; what is not taken is tried again later. Resolves with how many events
 * were told. A channel that fails keeps no other one waiting for more than one time limit.
 */
export async function deliver(
  outbox: Outbox,
  post: Post,
  options: NotifyOptions,
  log: Log,
  nowMs: number,
): Promise<number> {
  const entries = await outbox.claim(MOST_CLAIMED, nowMs);
  if (entries.length === 0) return 0;
  let sentCount = 0;
  const failing = new Set<string>();
  for (const batch of inBatches(entries)) {
    const { variable } = batch[0]!;
    const problem = failing.has(variable)
      ? 'it failed just now'
      : await tryToSend(post, options, batch, nowMs);
    if (problem === null) {
      await outbox.settle(batch, 'sent');
      sentCount += batch.length;
    } else {
      failing.add(variable);
      await putOff(outbox, batch, problem, log, nowMs);
    }
  }
  await outbox.prune(nowMs - KEPT_MS);
  return sentCount;
}

function inBatches(entries: readonly Entry[]): Entry[][] {
  const channels = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = `${entry.variable} ${entry.format}`;
    channels.set(key, [...(channels.get(key) ?? []), entry]);
  }
  return [...channels.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / MOST_EVENTS) }, (_, at) =>
      all.slice(at * MOST_EVENTS, (at + 1) * MOST_EVENTS),
    ),
  );
}

/** Null when it was taken. */
async function tryToSend(
  post: Post,
  { urls, secret }: NotifyOptions,
  batch: readonly Entry[],
  nowMs: number,
): Promise<string | null> {
  const { variable, format } = batch[0]!;
  const url = urls.get(variable);
  if (url === undefined) return 'the environment does not have the variable';
  const events = batch.map(({ event }) => event);
  if (format === 'json' && secret === null) return 'there is no SLUICE_NOTIFY_SECRET to sign with';
  const body = JSON.stringify(format === 'slack' ? toSlack(events) : toMessage(events, nowMs));
  try {
    const status = await post(url, body, format === 'json' ? signed(body, secret!, nowMs) : {});
    return status >= 200 && status < 300 ? null : `it answers ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'no answer';
  }
}

/** The time is signed too, so that what was heard on the way cannot be told again later. */
function signed(body: string, secret: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-sluice-timestamp': timestamp, 'x-sluice-signature-256': `sha256=${signature}` };
}

async function putOff(
  outbox: Outbox,
  batch: readonly Entry[],
  problem: string,
  log: Log,
  nowMs: number,
): Promise<void> {
  const { variable } = batch[0]!;
  const over = batch.filter(({ tries }) => tries >= MOST_TRIES);
  if (over.length > 0) {
    await outbox.settle(over, 'given-up');
    log.error({ variable, events: over.length, reason: problem }, 'people were not told, and will not be');
  }
  const left = batch.filter(({ tries }) => tries < MOST_TRIES);
  if (left.length === 0) return;
  const tries = Math.max(...left.map((each) => each.tries));
  await outbox.postpone(left, nowMs + Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 4 ** (tries - 1)));
  log.warn(
    { variable, events: left.length, tries, reason: problem },
    'people are not told yet; it is tried again',
  );
}
