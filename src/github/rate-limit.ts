import type { Rest } from '../promotion/ports/rest.ts';

const MINUTE_MS = 60_000;

/**
 * Until when GitHub asks to be left alone; null when an error says nothing of that. Of several errors in one, the latest
 * time counts, and the strictest.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function restOf(error: unknown, nowMs: number): Rest | null {
  if (error instanceof AggregateError) {
    const rests = error.errors.flatMap((each) => restOf(each, nowMs) ?? []);
    const strict = rests.filter(({ sparesUrgent }) => !sparesUrgent);
    const [latest] = (strict.length > 0 ? strict : rests).sort((a, b) => b.untilMs - a.untilMs);
    return latest ?? null;
  }
  // We knew before GitHub had to say it.
  if (error instanceof Error && 'rest' in error) return error.rest as Rest;
  const response = responseOf(error);
  return response && readRest(response, error instanceof Error ? error.message : '', nowMs);
}

interface Response {
  status: number;
  headers: Record<string, string | number | undefined>;
}

function readRest({ status, headers }: Response, message: string, nowMs: number): Rest | null {
  if (status !== 403 && status !== 429) return null;
  const { 'retry-after': after, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset } = headers;
  const afterS = Number(after);
  if (after !== undefined && Number.isFinite(afterS))
    return { untilMs: nowMs + afterS * 1_000, sparesUrgent: false, limit: 'secondary' };
  const resetS = Number(reset);
  if (String(remaining) === '0' && Number.isFinite(resetS))
    return { untilMs: Math.max(nowMs, resetS * 1_000), sparesUrgent: false, limit: 'primary' };
  const isLimit = status === 429 || /rate limit/i.test(message);
  return isLimit ? { untilMs: nowMs + MINUTE_MS, sparesUrgent: false, limit: 'secondary' } : null;
}

function responseOf(error: unknown): Response | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  const { response } = error as { response?: { headers?: Response['headers'] } };
  return { status: error.status, headers: response?.headers ?? {} };
}
