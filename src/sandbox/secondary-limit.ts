import type { Limits } from './limits.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WRITES = ['POST', 'PATCH', 'PUT', 'DELETE'];

/** One request as the secondary limits see it. */
export interface Weighed {
  graphql: boolean;
  points: number;
  createsContent: boolean;
}

export interface SecondaryRefusal {
  message: string;
  retryAfterSeconds: number;
}

export interface SecondaryLimit {
  /** Counts the request, or says why it is refused. Whoever was let in must leave. */
  enter(caller: string, request: Weighed): SecondaryRefusal | null;
  leave(caller: string): void;
}

/**
 * What a request counts for. GitHub does not list what creates content: here it is every POST and PUT on a
 * repository, and every mutation.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export function weigh(method: string, path: string, graphqlText = ''): Weighed {
  if (path === '/graphql') {
    const mutates = /"query"\s*:\s*"\s*mutation\b/.test(graphqlText.replaceAll('\\n', ' '));
    return { graphql: true, points: mutates ? 5 : 1, createsContent: mutates };
  }
  const createsContent = ['POST', 'PUT'].includes(method) && path.startsWith('/repos/');
  return { graphql: false, points: WRITES.includes(method) ? 5 : 1, createsContent };
}

interface Seen extends Weighed {
  atMs: number;
}

/** Limits against too much at once, over windows that slide. */
export function createSecondaryLimit(now: () => number, limits: Limits): SecondaryLimit {
  const seen = new Map<string, Seen[]>();
  const open = new Map<string, number>();

  /** Seconds until `amount` more fits under the limit; 0 when it does now. */
  function wait(caller: string, limit: number | null, windowMs: number, amount: number, of: Measure): number {
    if (limit === null) return 0;
    const recent = (seen.get(caller) ?? []).filter((one) => one.atMs > now() - windowMs);
    let over = recent.reduce((sum, one) => sum + of(one), amount) - limit;
    if (over <= 0) return 0;
    const enough = recent.find((one) => {
      over -= of(one);
      return over <= 0;
    });
    return Math.max(1, Math.ceil(((enough?.atMs ?? now()) + windowMs - now()) / 1000));
  }

  function refusal(caller: string, request: Weighed): SecondaryRefusal | null {
    const { concurrent, contentPerMinute, contentPerHour, pointsPerMinute, graphqlPointsPerMinute } = limits;
    if (concurrent !== null && (open.get(caller) ?? 0) >= concurrent) return refuse(TOO_MUCH, 60);
    const points = (one: Weighed) => (one.graphql === request.graphql ? one.points : 0);
    const perMinute = request.graphql ? graphqlPointsPerMinute : pointsPerMinute;
    const forPoints = wait(caller, perMinute, MINUTE_MS, request.points, points);
    if (forPoints > 0) return refuse(TOO_MUCH, forPoints);
    if (!request.createsContent) return null;
    const content = (one: Weighed) => (one.createsContent ? 1 : 0);
    const forContent = Math.max(
      wait(caller, contentPerMinute, MINUTE_MS, 1, content),
      wait(caller, contentPerHour, HOUR_MS, 1, content),
    );
    return forContent > 0 ? refuse(TOO_MUCH_CONTENT, forContent) : null;
  }

  const refuse = (message: string, seconds: number) => ({
    message,
    retryAfterSeconds: limits.retryAfterSeconds ?? seconds,
  });

  return {
    enter(caller, request) {
      const refused = refusal(caller, request);
      if (refused) return refused;
      open.set(caller, (open.get(caller) ?? 0) + 1);
      if (!counts(limits)) return null;
      const kept = (seen.get(caller) ?? []).filter((one) => one.atMs > now() - HOUR_MS);
      seen.set(caller, [...kept, { ...request, atMs: now() }]);
      return null;
    },
    leave(caller) {
      open.set(caller, (open.get(caller) ?? 1) - 1);
    },
  };
}

type Measure = (one: Weighed) => number;

function counts(limits: Limits): boolean {
  const { pointsPerMinute, graphqlPointsPerMinute, contentPerMinute, contentPerHour } = limits;
  return [pointsPerMinute, graphqlPointsPerMinute, contentPerMinute, contentPerHour].some(
    (limit) => limit !== null,
  );
}

// Octokit's throttling plugin knows secondary limits by the words "secondary rate".
const TOO_MUCH = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const TOO_MUCH_CONTENT =
  'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.';
