import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { verifyWithFallback } from '@octokit/webhooks-methods';
import type { Log } from '../promotion/ports/log.ts';

/** A webhook whose signature is right. */
export interface ReceivedEvent {
  /** Of the delivery, and of all its redeliveries. */
  id: string;
  name: string;
  payload: Record<string, unknown>;
}

export interface ReceiverOptions {
  /** The secret that GitHub signs with, and then those that it may sign with too while they are changed. */
  secrets: readonly string[];
  /** Resolves when the event can no longer be lost. */
  receive: (event: ReceivedEvent) => Promise<void>;
  log: Log;
  /** Told of each answer; the event is null when nobody knows who sent it. */
  onAnswer?: (event: string | null, result: 'taken' | 'refused' | 'failed') => void;
}

/** GitHub sends at most this much: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap */
const MOST_BODY_BYTES = 25 * 1024 * 1024;
/** Of all bodies that are being read: before it has been read, anybody may have sent one. */
const MOST_HELD_BYTES = 4 * MOST_BODY_BYTES;
/** GitHub waits no longer: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks */
const MOST_READING_MS = 10_000;

const TAKEN = 'taken\n';
/** With its length, the answer is one packet. */
const TAKEN_HEADERS = { 'content-type': 'text/plain', 'content-length': TAKEN.length };

/** Why a request is refused: a status for GitHub's log, and words for whoever reads it there. */
interface Refusal {
  status: number;
  reason: string;
}

/**
 * Makes a handler for webhooks. It answers 2xx only when the event can no longer be lost, since GitHub never tries again
 * by itself: what is answered otherwise, or too late, stands as failed in GitHub's log of deliveries.
 * @throws Error without a secret.
 */
export function makeReceiver({ secrets, receive, log, onAnswer }: ReceiverOptions) {
  const [secret, ...previous] = secrets;
  if (!secret || previous.includes('')) throw new Error('webhooks need a secret that is not empty');
  const read = makeBodyReader();

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = ({ status, reason }: Refusal) => {
      log.warn({ delivery: request.headers['x-github-delivery'], status, reason }, 'webhook refused');
      onAnswer?.(null, 'refused');
      // What was not read must not be taken for the next request.
      response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${reason}\n`);
    };
    const head = readHead(request);
    if ('reason' in head) return refuse(head);
    const body = await read(request);
    if (typeof body !== 'string') return refuse(body);
    if (body === '' || !(await verifyWithFallback(secret, body, head.signature, previous)))
      return refuse({ status: 400, reason: 'the signature is not that of the webhook secret' });
    const payload = parsePayload(body);
    if (!payload) return refuse({ status: 400, reason: 'the body is no JSON object' });
    try {
      await receive({ id: head.id, name: head.name, payload });
    } catch (error) {
      log.error({ delivery: head.id, event: head.name, err: error }, 'a webhook could not be taken');
      onAnswer?.(head.name, 'failed');
      response.writeHead(500, { 'content-type': 'text/plain' }).end('not taken\n');
      return;
    }
    onAnswer?.(head.name, 'taken');
    response.writeHead(202, TAKEN_HEADERS).end(TAKEN);
  };
}

/** What can be refused before any of the body is read. */
function readHead(request: IncomingMessage): { id: string; name: string; signature: string } | Refusal {
  const { headers, method } = request;
  if (method !== 'POST') return { status: 405, reason: 'webhooks are posted' };
  const tooLarge = refuseLength(headers);
  if (tooLarge) return tooLarge;
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return { status: 415, reason: 'the content type of the webhook must be application/json' };
  const id = headers['x-github-delivery'];
  const name = headers['x-github-event'];
  const signature = headers['x-hub-signature-256'];
  if (typeof id !== 'string' || typeof name !== 'string')
    return { status: 400, reason: 'the headers of GitHub are missing' };
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  if (typeof signature !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(signature))
    return { status: 400, reason: 'the webhook is not signed: is its secret set?' };
  return { id, name, signature };
}

function refuseLength(headers: IncomingHttpHeaders): Refusal | null {
  const length = headers['content-length'];
  if (length === undefined || headers['transfer-encoding'] !== undefined)
    return { status: 411, reason: 'the request must say how long its body is' };
  return Number(length) > MOST_BODY_BYTES
    ? { status: 413, reason: 'the body is larger than GitHub sends' }
    : null;
}

/** Reads bodies, with a bound on what they all take together and on the time that each may take. */
function makeBodyReader(): (request: IncomingMessage) => Promise<string | Refusal> {
  let heldBytes = 0;
  return async (request) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const timer = setTimeout(() => request.destroy(), MOST_READING_MS);
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        sizeBytes += chunk.length;
        heldBytes += chunk.length;
        if (sizeBytes > MOST_BODY_BYTES) return { status: 413, reason: 'the body is larger than it says' };
        if (heldBytes > MOST_HELD_BYTES) return { status: 503, reason: 'too much is sent at once' };
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString('utf8');
    } catch {
      return { status: 400, reason: 'the body did not arrive' };
    } finally {
      clearTimeout(timer);
      heldBytes -= sizeBytes;
    }
  };
}

function parsePayload(body: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(body);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : null;
  } catch {
    return null;
  }
}
