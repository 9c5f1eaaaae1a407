import { createHash, createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Client } from 'undici';
import { makePushBody } from './push-payload.ts';

// A process of its own: posts signed webhooks at a steady rate until it is told to stop, then says what was answered.

export interface LoadOptions {
  /** Where webhooks go. */
  url: string;
  secret: string;
  perSecond: number;
  connections: number;
}

export interface LoadResult {
  /** Delivery ids that were answered with 2xx. */
  accepted: string[];
  /** Answers by status; `0` for none. */
  statuses: Record<string, number>;
  /** From when each was due to its answer, in ms, of those answered 2xx. */
  fromDueMs: number[];
  /** The same from when it was sent. */
  fromSentMs: number[];
}

interface Delivery {
  id: string;
  body: string;
  signature: string;
}

const REPOSITORIES = Array.from({ length: 200 }, (_, index) => `org-${index % 20}/gitops-${index}`);
/** Each of so many is one that GitHub sent before, perhaps a moment ago. */
const DUPLICATE_EVERY = 20;

process.once('message', (options: LoadOptions) => void run(options));

async function run(options: LoadOptions): Promise<void> {
  const result: LoadResult = { accepted: [], statuses: {}, fromDueMs: [], fromSentMs: [] };
  const state = { isStopped: false };
  const next = makeDeliveries(options.secret);
  const startMs = performance.now();
  const senders = Array.from({ length: options.connections }, (_, index) =>
    send(options, index, startMs, next, result, state),
  );
  process.send?.('started');
  await once(process, 'message');
  state.isStopped = true;
  await Promise.all(senders);
  process.send?.(result, () => process.exit(0));
}

/** One connection, which sends when its time has come and the answer before has arrived. */
async function send(
  { url, perSecond, connections }: LoadOptions,
  index: number,
  startMs: number,
  next: () => Delivery,
  result: LoadResult,
  state: { isStopped: boolean },
): Promise<void> {
  const { origin, pathname } = new URL(url);
  const client = new Client(origin, { pipelining: 1 });
  const intervalMs = (1_000 * connections) / perSecond;
  for (let turn = 0; !state.isStopped; turn++) {
    const dueMs = startMs + (turn + index / connections) * intervalMs;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const { id, body, signature } = next();
    const sentMs = performance.now();
    const status = await post(client, pathname, { id, body, signature });
    result.statuses[status] = (result.statuses[status] ?? 0) + 1;
    if (status === 0) await new Promise((resolve) => setTimeout(resolve, intervalMs));
    if (status < 200 || status > 299) continue;
    result.accepted.push(id);
    result.fromDueMs.push(performance.now() - dueMs);
    result.fromSentMs.push(performance.now() - sentMs);
  }
  await client.destroy();
}

/** Its status; 0 when there was no answer. */
async function post(client: Client, path: string, { id, body, signature }: Delivery): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': id,
    'x-hub-signature-256': signature,
  };
  try {
    const response = await client.request({ path, method: 'POST', headers, body });
    await response.body.dump();
    return response.statusCode;
  } catch {
    return 0;
  }
}

function makeDeliveries(secret: string): () => Delivery {
  let count = 0;
  let last: Delivery | null = null;
  return () => {
    count++;
    if (last && count % DUPLICATE_EVERY === 0) return last;
    const sha = createHash('sha1').update(String(count)).digest('hex');
    const repository = REPOSITORIES[count % REPOSITORIES.length]!;
    const pushedAtS = Math.floor(Date.now() / 1000);
    const body = makePushBody(repository, { sha, pushedAtS, installationId: 1 });
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    last = { id: randomUUID(), body, signature };
    return last;
  };
}
