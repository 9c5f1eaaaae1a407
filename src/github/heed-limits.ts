import { LRUCache } from 'lru-cache';
import { makeRestError, type Rest } from '../promotion/ports/rest.ts';
import type { Client } from './client.ts';
import { restOf } from './rate-limit.ts';

export interface LimitOptions {
  /** Whether somebody waits for what is being done now. */
  isUrgent: () => boolean;
  /** Milliseconds since the epoch, as GitHub's clock. */
  now: () => number;
  /** Told how many requests of the hour an owner's installation has left. */
  onRemaining?: (owner: string, remaining: number) => void;
}

/** Has a client of an installation obey GitHub's limits before GitHub has to say no. */
export type HeedLimits = (client: Client, installationId: number) => void;

type Headers = Record<string, string | number | undefined>;

interface Known {
  /** What is left of the hour, as the newest answer says. */
  remaining: number;
  limit: number;
  resetMs: number;
  /** GitHub wants to hear nothing before. */
  rest: Rest | null;
}

interface Hooked {
  hook: {
    before(name: 'request', act: () => Promise<void>): void;
    after(name: 'request', act: (answer: { headers: Headers }, options: { owner?: unknown }) => void): void;
    error(name: 'request', act: (error: unknown) => never): void;
  };
}

/** Of the requests of an hour, what only urgent work may use. */
const RESERVED = 0.1;
const MOST_INSTALLATIONS = 1_000;

/**
 * Makes a watch over the limits of all installations. Routine work stops while a tenth of the hour's requests is left,
 * so that commands go on until the next hour; and nothing is sent while GitHub asked to wait, since whoever goes on
 * may be banned.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export function makeLimitWatch({ isUrgent, now, onRemaining }: LimitOptions): HeedLimits {
  const known: LRUCache<number, Known> = new LRUCache({ max: MOST_INSTALLATIONS });

  const note = (id: number, headers: Headers, owner: unknown) => {
    const rate = readRate(headers);
    if (!rate) return;
    known.set(id, { ...rate, rest: known.get(id)?.rest ?? null });
    if (typeof owner === 'string') onRemaining?.(owner.toLowerCase(), rate.remaining);
  };

  return (client, id) => {
    const { hook } = client as Client & Hooked;
    hook.before('request', async () => {
      const nowMs = now();
      const rest = restNow(known.get(id), nowMs, isUrgent());
      if (rest)
        throw makeRestError(`GitHub is left alone until ${new Date(rest.untilMs).toISOString()}`, rest);
    });
    hook.after('request', (answer, { owner }) => note(id, answer.headers, owner));
    hook.error('request', (error) => {
      note(id, headersOf(error), null);
      const rest = restOf(error, now());
      const state = known.get(id) ?? {
        remaining: Number.POSITIVE_INFINITY,
        limit: 0,
        resetMs: 0,
        rest: null,
      };
      if (rest && !rest.sparesUrgent) known.set(id, { ...state, rest });
      throw error;
    });
  };
}

function restNow(state: Known | undefined, nowMs: number, isUrgent: boolean): Rest | null {
  if (!state) return null;
  const { rest, remaining, limit, resetMs } = state;
  if (rest && rest.untilMs > nowMs) return rest;
  if (isUrgent || resetMs <= nowMs || remaining > limit * RESERVED) return null;
  return { untilMs: resetMs, sparesUrgent: true, limit: 'primary' };
}

/** Of the ordinary requests; searches and others have a limit of their own. */
function readRate(headers: Headers): Omit<Known, 'rest'> | null {
  const resource = headers['x-ratelimit-resource'] ?? 'core';
  const [remaining, limit, resetS] = ['remaining', 'limit', 'reset'].map((name) =>
    Number(headers[`x-ratelimit-${name}`]),
  ) as [number, number, number];
  const isWhole = [remaining, limit, resetS].every(Number.isFinite);
  return resource === 'core' && isWhole ? { remaining, limit, resetMs: resetS * 1_000 } : null;
}

function headersOf(error: unknown): Headers {
  const { response } = (error ?? {}) as { response?: { headers?: Headers } };
  return response?.headers ?? {};
}
