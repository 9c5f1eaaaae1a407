const MINUTE_MS = 60_000;

/**
 * Until when GitHub asks to be left alone, in milliseconds since the epoch; null when an error says nothing of that.
 * Of several errors in one, the latest time counts.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function restUntilMs(error: unknown, nowMs: number): number | null {
  if (error instanceof AggregateError) {
    const times = error.errors.flatMap((each) => restUntilMs(each, nowMs) ?? []);
    return times.length > 0 ? Math.max(...times) : null;
  }
  // We knew before GitHub had to say it.
  if (error instanceof Error && 'restUntilMs' in error) return Number(error.restUntilMs);
  const response = responseOf(error);
  if (!response || (response.status !== 403 && response.status !== 429)) return null;
  const {
    'retry-after': after,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': reset,
  } = response.headers;
  const afterS = Number(after);
  if (after !== undefined && Number.isFinite(afterS)) return nowMs + afterS * 1_000;
  const resetS = Number(reset);
  if (remaining === '0' && Number.isFinite(resetS)) return Math.max(nowMs, resetS * 1_000);
  const isLimit = response.status === 429 || /rate limit/i.test(error instanceof Error ? error.message : '');
  return isLimit ? nowMs + MINUTE_MS : null;
}

function responseOf(error: unknown): { status: number; headers: Record<string, string | undefined> } | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  const { response } = error as { response?: { headers?: Record<string, string | undefined> } };
  return { status: error.status, headers: response?.headers ?? {} };
}
