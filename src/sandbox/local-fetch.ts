import { BrokenConnection } from './call-faults.ts';

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * A `fetch` that reaches the local GitHub without a socket, whatever the host of the URL:
 * `new Octokit({ baseUrl: sandbox.url, request: { fetch: sandbox.fetch } })`. No git, only the API and pages.
 */
export function createLocalFetch(answer: (request: Request) => Promise<Response>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const response = await abortable(request, answerOrBreak(request, answer));
    const location = response.headers.get('location');
    if (location !== null && REDIRECTS.includes(response.status) && request.redirect === 'follow') {
      const { method, headers } = request;
      return createLocalFetch(answer)(new URL(location, request.url), { method, headers });
    }
    // Octokit reads the URL of an answer; one that was made by hand has none.
    return Object.defineProperty(response, 'url', { value: request.url });
  };
}

function abortable(request: Request, answered: Promise<Response>): Promise<Response> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    answered.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function answerOrBreak(
  request: Request,
  answer: (request: Request) => Promise<Response>,
): Promise<Response> {
  try {
    return await answer(request);
  } catch (error) {
    if (!(error instanceof BrokenConnection)) throw error;
    if (error.partial === null) throw failed('ECONNRESET');
    const { body, keepBytes, answer: whole } = error.partial;
    const part = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(body.subarray(0, keepBytes))),
      pull: (controller) => controller.error(failed('UND_ERR_SOCKET')),
    });
    return new Response(part, { status: whole.status, headers: whole.headers });
  }
}

/** What `fetch` throws when the connection is gone. */
function failed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('other side closed'), { code }) });
}
