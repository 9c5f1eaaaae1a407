import type { DeliveryLog, LoggedDelivery } from '../promotion/ports/deliveries.ts';
import type { SourceStore } from '../promotion/ports/jobs.ts';
import type { Log } from '../promotion/ports/log.ts';
import { isOnlyTold, type TakeEvent } from './take-event.ts';

export interface RecoveryOptions {
  deliveries: DeliveryLog;
  sources: Pick<SourceStore, 'isForgetful' | 'remember'>;
  take: TakeEvent;
  log: Log;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** GitHub keeps what it tried for so long: https://docs.github.com/en/webhooks/using-webhooks/redelivering-webhooks */
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;
/** A try that takes long may come into the log behind a newer one. */
const OVERLAP_MS = 10 * 60 * 1000;
/** Of a hundred tries each, in one look. What is left is read by the next ones. */
const MOST_PAGES = 50;
/** To find what was delivered after all; what is older, the queue itself knows to be done. */
const MOST_PAGES_OF_SUCCESS = 10;

/** A part of the log that is still to be read, from the newest try to the oldest. */
interface Unread {
  cursor?: string;
  untilMs: number;
}

/**
 * Makes a function that finds what GitHub could not deliver since it last looked, and what nothing but the delivery
 * tells of it takes as if it had been. It is one call when there is nothing. It never throws: what fails is logged, and
 * tried again by the next look.
 */
export function makeRecovery({ deliveries, sources, take, log, now }: RecoveryOptions): () => Promise<void> {
  let unread: Unread[] = [];
  let newestMs: number | null = null;
  /** By guid. */
  const found = new Map<string, LoggedDelivery>();
  const done = new Map<string, number>();

  const look = async () => {
    if (!isFromTop(unread.at(-1))) {
      unread.push({ untilMs: newestMs === null ? now() - KEPT_MS : newestMs - OVERLAP_MS });
    }
    for (let read = 0; read < MOST_PAGES && unread.length > 0; read++) await readPage(unread.at(-1)!);
    if (unread.length > 0) log.warn({}, 'more deliveries failed than one look reads; the next sweep goes on');
  };

  const readPage = async ({ cursor, untilMs }: Unread) => {
    const { tries, next } = await deliveries.list('failure', cursor).catch((error: unknown) => {
      // The cursor may be what GitHub does not take any more.
      unread = [{ untilMs: Math.min(...unread.map((part) => part.untilMs)) }];
      throw error;
    });
    unread.pop();
    for (const each of tries) note(each);
    const isEnd = next === null || tries.some(({ deliveredAtMs }) => deliveredAtMs < untilMs);
    if (!isEnd) unread.push({ cursor: next, untilMs });
  };

  const note = (failed: LoggedDelivery) => {
    newestMs = Math.max(newestMs ?? 0, failed.deliveredAtMs);
    if (!failed.isFailed || !isOnlyTold(failed) || done.has(failed.guid)) return;
    const known = found.get(failed.guid);
    if (!known || known.deliveredAtMs > failed.deliveredAtMs) found.set(failed.guid, failed);
  };

  const settle = (guid: string) => {
    const settled = found.get(guid);
    found.delete(guid);
    if (settled) done.set(guid, settled.deliveredAtMs);
  };

  /** What GitHub does not have any more cannot come again. */
  const forget = (oldestMs: number) => {
    for (const [guid, atMs] of done) if (atMs < oldestMs) done.delete(guid);
    for (const [guid, { deliveredAtMs }] of found) if (deliveredAtMs < oldestMs) found.delete(guid);
  };

  /** What this process took before was lost, too. */
  const startOver = () => {
    unread = [];
    newestMs = null;
    found.clear();
    done.clear();
  };

  /** False when some must be tried again. */
  const takeFound = async () => {
    let isWhole = true;
    const oldestFirst = [...found.values()].sort((a, b) => a.deliveredAtMs - b.deliveredAtMs);
    for (const { id, guid, event, deliveredAtMs } of oldestFirst) {
      try {
        const payload = await deliveries.readPayload(id);
        if (payload) await take(event, { id: guid, payload, toldAtMs: deliveredAtMs });
        log.info({ delivery: guid, event }, payload ? "recovered from GitHub's log" : 'too late');
        settle(guid);
      } catch (error) {
        isWhole = false;
        log.warn({ delivery: guid, event, err: error }, 'a delivery could not be recovered yet');
      }
    }
    return isWhole;
  };

  return async () => {
    try {
      const isForgetful = await sources.isForgetful();
      if (isForgetful) startOver();
      await look();
      forget(now() - KEPT_MS);
      if (found.size > 0)
        for (const guid of await listDelivered(deliveries, [...found.values()])) settle(guid);
      if (isForgetful)
        for (const each of await listDispatches(deliveries, now() - KEPT_MS)) found.set(each.guid, each);
      const isWhole = await takeFound();
      if (isForgetful && isWhole) await sources.remember();
    } catch (error) {
      log.error({ err: error }, "GitHub's log of deliveries cannot be read; the next sweep does");
    }
  };
}

function isFromTop(part: Unread | undefined): boolean {
  return part !== undefined && part.cursor === undefined;
}

/**
 * Dispatches that were delivered and lost with the database: nothing else tells of them. One that was done is the build
 * that a promotion carries or a target holds by now. Of a very busy App only the newest thousands of deliveries are read.
 */
async function listDispatches(deliveries: DeliveryLog, oldestMs: number): Promise<LoggedDelivery[]> {
  const dispatches: LoggedDelivery[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < MOST_PAGES; read++) {
    const { tries, next } = await deliveries.list('success', cursor);
    dispatches.push(...tries.filter(({ event, isFailed }) => event === 'repository_dispatch' && !isFailed));
    if (next === null || tries.some(({ deliveredAtMs }) => deliveredAtMs < oldestMs)) break;
    cursor = next;
  }
  return dispatches;
}

/** Which of them were delivered later, by somebody who asked GitHub to try again. */
async function listDelivered(deliveries: DeliveryLog, failed: readonly LoggedDelivery[]): Promise<string[]> {
  const untilMs = Math.min(...failed.map(({ deliveredAtMs }) => deliveredAtMs));
  const guids = new Set(failed.map(({ guid }) => guid));
  const delivered: string[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < MOST_PAGES_OF_SUCCESS; read++) {
    const { tries, next } = await deliveries.list('success', cursor);
    delivered.push(...tries.flatMap(({ guid, isFailed }) => (!isFailed && guids.has(guid) ? [guid] : [])));
    if (next === null || tries.some(({ deliveredAtMs }) => deliveredAtMs < untilMs)) break;
    cursor = next;
  }
  return delivered;
}
