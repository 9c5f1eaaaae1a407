import { LRUCache } from 'lru-cache';
import type { Client } from './client.ts';

/** Answers of GitHub that it may confirm with a 304 instead of giving them again. Per process, bounded, safe to lose. */
export type KeptAnswers = LRUCache<string, KeptAnswer>;

interface KeptAnswer {
  etag: string;
  url: string;
  link: string | undefined;
  /** Text: whoever gets the answer may change it. */
  json: string;
}

const KEPT_BYTES = 32 * 1024 * 1024;
/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
const DEFAULT_PAGE = 30;
/** Named by what they hold, and kept as objects: nothing confirms them, they are not asked for again. */
const OBJECTS = /\/git\/(blobs|trees)\//;

export function makeKeptAnswers(): KeptAnswers {
  return new LRUCache({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ json, url }) => json.length + url.length + 100,
  });
}

interface Options {
  method: string;
  headers: Record<string, unknown>;
  request?: { parseSuccessResponseBody?: boolean };
}

interface Answer {
  status: number;
  url: string;
  headers: Record<string, string | undefined>;
  data: unknown;
}

type Send = (options: Options) => Promise<Answer>;

interface Hooked {
  hook: { wrap(name: 'request', act: (send: Send, options: Options) => Promise<Answer>): void };
  request: { endpoint(options: Options): { url: string } };
}

/**
 * Has a client ask whether what it read before has changed; when it has not, the answer costs nothing of the primary
 * rate limit. `who` tells apart those who may see different things. GitHub's tags are those of one token, so that each
 * new one (every hour) reads everything once more; nothing depends on that.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 * and https://github.com/github/docs/issues/34689
 */
export function askConditionally(client: Client, kept: KeptAnswers, who: string): void {
  const { hook, request } = client as Client & Hooked;
  hook.wrap('request', async (send, options) => {
    if (options.method !== 'GET' || options.request?.parseSuccessResponseBody === false) return send(options);
    const { url } = request.endpoint(options);
    if (OBJECTS.test(url)) return send(options);
    const key = `${who} ${url}`;
    const known = kept.get(key);
    // All that wrap a request see this one object, which is made for it alone; another would not reach the wire.
    if (known) options.headers['if-none-match'] = known.etag;
    try {
      const answer = await send(options);
      const next = toKept(answer, url);
      if (next) kept.set(key, next);
      else kept.delete(key);
      return answer;
    } catch (error) {
      const fresh = notModified(error);
      if (!fresh) throw error;
      // Nobody asked whether it changed: what has not is not known here.
      if (!known) return send(options);
      const headers = { ...fresh.headers, link: fresh.headers.link ?? known.link };
      return { status: 200, url: known.url, headers, data: JSON.parse(known.json) };
    }
  });
}

function notModified(error: unknown): Answer | null {
  if (!(error instanceof Error) || !('status' in error) || error.status !== 304) return null;
  const { response } = error as { response?: Answer };
  return response ?? null;
}

/** Null for what must be read in full the next time. */
function toKept({ status, url, headers, data }: Answer, asked: string): KeptAnswer | null {
  const { etag, link } = headers;
  if (status !== 200 || !etag || typeof data !== 'object' || data === null) return null;
  if (!/^application\/json/.test(headers['content-type'] ?? '')) return null;
  if (isLastAndFull(data, link, asked)) return null;
  try {
    return { etag, url, link, json: JSON.stringify(data) };
  } catch {
    // A number that is none of JavaScript's.
    return null;
  }
}

/**
 * A tag is one of a body. When a further page comes to be behind a full one, the body of that stays what it is, and
 * nothing but its `link` header, which a 304 need not have, tells of the further one.
 */
function isLastAndFull(data: object, link: string | undefined, asked: string): boolean {
  if (!Array.isArray(data) || link?.includes('rel="next"')) return false;
  return data.length >= Number(new URL(asked).searchParams.get('per_page') ?? DEFAULT_PAGE);
}
