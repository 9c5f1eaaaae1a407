import { GITHUB_LIMITS, type Limits } from './limits.ts';

const WINDOW_MS = 60 * 60 * 1000;

export type Resource = 'core' | 'graphql';

/** One budget as GitHub's headers and `GET /rate_limit` tell it. */
export interface Rate {
  limit: number;
  used: number;
  remaining: number;
  /** Seconds since the epoch at which the window ends. */
  reset: number;
}

/** The hourly budgets of whoever calls. */
export interface PrimaryLimit {
  read(caller: string, resource: Resource): Rate;
  /** Takes one request from the budget; false when it is spent. */
  charge(caller: string, resource: Resource): boolean;
  /** Gives it back: a 304 costs nothing. */
  refund(caller: string, resource: Resource): void;
}

/**
 * Counts requests in windows of an hour that start with the first request of a caller.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-primary-rate-limits
 */
export function createPrimaryLimit(now: () => number, limits: Limits): PrimaryLimit {
  const windows = new Map<string, { startedAtMs: number; used: number }>();

  function windowOf(caller: string, resource: Resource) {
    const key = `${resource} ${caller}`;
    const known = windows.get(key);
    if (known && now() < known.startedAtMs + WINDOW_MS) return known;
    const fresh = { startedAtMs: now(), used: 0 };
    windows.set(key, fresh);
    return fresh;
  }

  function read(caller: string, resource: Resource): Rate {
    const { startedAtMs, used } = windowOf(caller, resource);
    const enforced = limitOf(limits, caller, resource);
    const limit = enforced ?? limitOf(GITHUB_LIMITS, caller, resource) ?? 0;
    // Who is not limited is never told that nothing is left.
    const shown = enforced === null ? Math.min(used, limit - 1) : used;
    const reset = Math.ceil((startedAtMs + WINDOW_MS) / 1000);
    return { limit, used: shown, remaining: Math.max(0, limit - shown), reset };
  }

  return {
    read,
    charge(caller, resource) {
      const window = windowOf(caller, resource);
      const limit = limitOf(limits, caller, resource);
      if (limit !== null && window.used >= limit) return false;
      window.used++;
      return true;
    },
    refund(caller, resource) {
      const window = windowOf(caller, resource);
      window.used = Math.max(0, window.used - 1);
    },
  };
}

function limitOf(limits: Limits, caller: string, resource: Resource): number | null {
  if (resource === 'graphql') return limits.graphqlPerHour;
  return caller === 'anonymous' ? limits.anonymousPerHour : limits.primaryPerHour;
}
