import { createHash } from 'node:crypto';
import type { Queue, QueueOptions } from 'pg-boss';
import type { Job, Origin } from '../promotion/ports/jobs.ts';

/** What stands in the queue: a job, and where it comes from. */
export interface Entry {
  job: Job;
  /** Null: nobody sent it; a sweep or a look that was due. */
  delivery: string | null;
}

/** Of a repository, until when it is left alone, and what is looked at then. */
export interface Look {
  repository: string;
  lookAt: string[];
  /** What is done then in place of a look. */
  job?: Job;
}

/** Jobs: of each repository one at a time. */
export const WORK = 'sluice-work';
/** Looks and other work that is due later, at most one of each kind for each repository. */
export const LOOKS = 'sluice-looks';
/** Jobs that failed at the last try. */
export const DEAD = 'sluice-dead';

const DAY_S = 24 * 60 * 60;

/** How long a delivery that was done is known; GitHub offers each again for 3 days. */
const DELIVERIES_KEPT_S = 4 * DAY_S;

/**
 * Backoff doubles from 2 s and ends at 10 min, with jitter: 10 tries take about half an hour, longer than most
 * failures of GitHub.
 */
export const RETRIES = { retryLimit: 9, retryDelay: 2, retryBackoff: true, retryDelayMax: 600 };

export type Retries = Pick<QueueOptions, keyof typeof RETRIES>;

/** A worker that says nothing for this long is taken for dead, and its job is done by another. */
const HEARTBEAT_S = 30;

/** The queues by name; those that others name come first. */
export const queuesWith = (retries: Retries): Record<string, Omit<Queue, 'name'>> => ({
  [DEAD]: { retentionSeconds: 30 * DAY_S, deleteAfterSeconds: DAY_S },
  [WORK]: {
    policy: 'singleton',
    notify: true,
    deadLetter: DEAD,
    ...retries,
    expireInSeconds: 60 * 60,
    heartbeatSeconds: HEARTBEAT_S,
    retentionSeconds: 14 * DAY_S,
    deleteAfterSeconds: DELIVERIES_KEPT_S,
  },
  [LOOKS]: { ...retries, retryLimit: 1_000, retentionSeconds: 400 * DAY_S, deleteAfterSeconds: 60 * 60 },
});

/** Jobs of one repository are done one at a time. */
export function keyOf(repository: string): string {
  return repository.toLowerCase();
}

/** Whose installation it is; GitHub's limits are for each. */
export function ownerOf(repository: string): string {
  return keyOf(repository).split('/')[0] ?? '';
}

/** Somebody waits for an answer, or something is broken: it may stop or take back what routine work does. */
export function isUrgent({ kind }: Job): boolean {
  return kind === 'command' || kind === 'button' || kind === 'tick' || kind === 'rollback';
}

/** The same for the same delivery: a redelivery is the same job. A UUID of its own kind (RFC 9562, version 8). */
export function jobIdOf({ delivery, index }: Origin): string {
  const hash = createHash('sha256').update(`${index} ${delivery}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
