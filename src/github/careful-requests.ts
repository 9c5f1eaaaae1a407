/** GitHub gives up after 10 s; what is large takes longer to arrive, and a connection that broke may never say so. */
const MOST_REQUEST_MS = 60_000;

/** https://docs.github.com/en/rest/commits/commits#list-commits */
const EMPTY = /repository is empty/i;

interface Outgoing {
  method: string;
  url: string;
  request?: { fetch?: typeof fetch; retries?: number };
}

interface Incoming {
  status: number;
  headers: { 'content-type'?: string };
  data: unknown;
}

interface Hooked {
  hook: {
    before(name: 'request', act: (options: Outgoing) => void): void;
    after(name: 'request', act: (response: Incoming, options: Outgoing) => void): void;
    error(name: 'request', act: (error: Error & { status?: number }, options: Outgoing) => never): void;
  };
}

/**
 * A plugin of Octokit for what can happen to any request:
 *
 * - it ends after `longestMs`, answered or not;
 * - what writes is not sent again by itself: GitHub may have done it although no answer came, so whoever wants it looks
 *   first;
 * - an answer that was cut short is an error. Octokit gives what arrived of it as a text, and lists as nothing;
 * - a conflict is no answer to a read, but where the repository has no commit yet. Octokit lists any as nothing.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts
 * https://github.com/octokit/request.js/blob/main/src/fetch-wrapper.ts
 * https://github.com/octokit/plugin-paginate-rest.js/blob/main/src/iterator.ts
 */
export function carefulRequests(longestMs = MOST_REQUEST_MS): (octokit: Hooked) => void {
  return ({ hook }) => {
    hook.before('request', (options) => {
      // Counted from when it goes out: before that it may wait for others, as GitHub wants it to.
      const request = { ...options.request, fetch: endAfter(longestMs, options.request?.fetch) };
      options.request = options.method === 'GET' ? request : { ...request, retries: 0 };
    });
    hook.after('request', ({ status, headers, data }, { method, url }) => {
      const isMeantToBeData = /\bjson\b|text\/html/i.test(headers['content-type'] ?? 'json');
      if (typeof data === 'string' && isMeantToBeData && status !== 204 && status !== 205)
        throw new Error(`GitHub's answer to ${method} ${url} did not arrive whole`);
    });
    hook.error('request', (error, { method, url }) => {
      if (method !== 'GET' || error.status !== 409 || EMPTY.test(error.message)) throw error;
      // Without its status, by which it would be taken for the answer of an empty repository.
      throw new Error(`GitHub answered ${method} ${url} with a conflict: ${error.message}`, { cause: error });
    });
  };
}

function endAfter(longestMs: number, send?: typeof fetch): typeof fetch {
  return async (input, init) => {
    const end = AbortSignal.timeout(longestMs);
    const signal = init?.signal ? AbortSignal.any([end, init.signal]) : end;
    try {
      return await (send ?? fetch)(input, { ...init, signal });
    } catch (error) {
      if (!end.aborted) throw error;
      throw new Error(`GitHub did not answer within ${longestMs / 1000} s`, { cause: error });
    }
  };
}
