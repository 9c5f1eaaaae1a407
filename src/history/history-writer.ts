import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type {
  HistoryReader,
  HistoryWriter,
  SeenLook,
  SeenPull,
  StateHost,
} from '../promotion/ports/history.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { PullDetail } from '../promotion/ports/pulls.ts';
import { describeHistory } from './describe-history.ts';
import { findEarlier } from './find-earlier.ts';
import { endPull, seePull } from './fold.ts';
import { keepPull } from './keep-pull.ts';
import { writeLedger } from './ledger/write-ledger.ts';
import { endOf, mayBePromotion, readPullHistory } from './read-pull.ts';
import type { HistoryStore } from './store.ts';

/** A database that does not answer must not keep a repository from being looked at. */
const LONGEST_WAIT_MS = 10_000;
/** Pull requests that a sweep asks GitHub about, about five calls for each; the rest has the next sweep. */
const MOST_ASKED = 20;
const MOST_REMEMBERED = 10_000;
/** Of what is only told beside. */
const LONGEST_LOOK_MS = 2_000;
/** Promotions of an application, the newest first, among which those of a release are looked for. */
const MOST_LOOKED_THROUGH = 200;
/** Promotions in the answer to `/history`. */
const MOST_TOLD = 20;
/** Pull requests that a sweep brings to the state branch, in one commit. */
const MOST_KEPT = 200;

/**
 * Writes down what looks find. A look asks GitHub for nothing more, but for who closed a promotion. What the looks
 * missed, because webhooks were lost or the database was away, sweeps ask for once a promotion has ended.
 */
export function makeHistoryWriter(store: HistoryStore, log: Log): HistoryWriter {
  /** What was written last of a pull request: most looks find nothing new. */
  const written = new LRUCache<string, string>({ max: MOST_REMEMBERED });

  const see = async (repository: string, seen: SeenPull) => {
    const key = `${repository}#${seen.pull.number}`;
    const mark = markOf(seen);
    if (written.get(key) === mark) return;
    await store.change(repository, seen.pull.number, (before) => seePull(before, repository, seen), false);
    written.set(key, mark);
  };

  const end = async (look: SeenLook, pull: PullDetail, reader: HistoryReader) => {
    const { repository, branch } = look;
    if (pull.isOpen || !mayBePromotion(pull)) return;
    written.delete(`${repository}#${pull.number}`);
    if ((await store.read(repository, pull.number)).length === 0) return ask(look, pull, reader);
    const found = await endOf(reader, branch, pull);
    await store.change(repository, pull.number, (before) => endPull(before, found), false);
  };

  const ask = async ({ repository, branch }: SeenLook, pull: PullDetail, reader: HistoryReader) =>
    keepPull(store, repository, pull.number, await readPullHistory(reader, repository, branch, pull));

  const keepSeen = async (look: SeenLook, reader: HistoryReader) => {
    const { repository, seen, isSweep } = look;
    // What the database lost is written again.
    const unfinished = isSweep ? new Set(await store.listUnfinished(repository)) : null;
    for (const each of seen) {
      if (unfinished && !unfinished.has(each.pull.number))
        written.delete(`${repository}#${each.pull.number}`);
      await see(repository, each);
    }
    for (const pull of look.ended) await end(look, pull, reader);
    return [...(unfinished ?? [])];
  };

  const askMissed = async (look: SeenLook, unfinished: readonly number[], reader: HistoryReader) => {
    const open = new Set([...look.seen.map(({ pull }) => pull.number), ...look.unread]);
    for (const number of unfinished.filter((each) => !open.has(each)).slice(0, MOST_ASKED)) {
      const pull = await reader.readPull(number);
      if (pull && !pull.isOpen) await ask(look, pull, reader);
    }
  };

  /** On the state branch, too, once all of it is known: a sweep makes one commit, and none when nothing has ended. */
  const keepOnBranch = async (repository: string, host: StateHost) => {
    const ended = await within(LONGEST_WAIT_MS, store.listUnkept(repository, MOST_KEPT));
    if (ended.length === 0) return;
    const { kept, addedCount, last } = await writeLedger(host, ended);
    await within(LONGEST_WAIT_MS, store.markKept(repository, kept));
    // Whoever keeps the log has a copy of the hash, which vouches for all records before it.
    if (addedCount > 0)
      log.info({ repository, promotions: addedCount, last }, 'ended promotions are kept on the state branch');
  };

  const tryToKeepOnBranch = async (repository: string, host: StateHost) => {
    try {
      await keepOnBranch(repository, host);
    } catch (error) {
      log.warn(
        { repository, err: error },
        'ended promotions are not kept on the state branch; the next sweep tries again',
      );
    }
  };

  return {
    async listEarlier(repository, carried, open) {
      const filter = { repository, application: carried.application, environment: null };
      try {
        const page = { limit: MOST_LOOKED_THROUGH, offset: 0 };
        const records = await within(LONGEST_LOOK_MS, store.list(filter, page));
        return findEarlier(records, carried, open);
      } catch (error) {
        log.warn({ repository, err: error }, 'where a release has been before cannot be told');
        return [];
      }
    },
    async describe(repository, application) {
      const filter = { repository, application, environment: null };
      const page = { limit: MOST_TOLD + 1, offset: 0 };
      return describeHistory(await within(LONGEST_WAIT_MS, store.list(filter, page)), application, MOST_TOLD);
    },
    async keep(look, host) {
      try {
        const unfinished = await within(LONGEST_WAIT_MS, keepSeen(look, host));
        await askMissed(look, unfinished, host);
      } catch (error) {
        log.warn(
          { repository: look.repository, err: error },
          'the history is not written; a sweep makes up for it',
        );
        return;
      }
      if (look.isSweep) await tryToKeepOnBranch(look.repository, host);
    },
  };
}

/** Equal when nothing has changed that would be written. */
function markOf({ pull, head, group, carried, trace, reviews }: SeenPull): string {
  const { headSha, number } = pull;
  const told = JSON.stringify([number, headSha, head.sha, group, carried, trace, reviews]);
  return createHash('sha256').update(told).digest('base64');
}

async function within<Result>(mostMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the database did not answer within ${mostMs / 1_000} s`)),
      mostMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
