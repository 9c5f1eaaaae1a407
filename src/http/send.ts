import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { Agent, type buildConnector, type Dispatcher, errors, request } from 'undici';
import type { HttpAnswer, HttpQuestion } from '../promotion/ports/http.ts';

const MOST_RESPONSE_BYTES = 64 * 1024;

/**
 * One request over a connection of its own, which ends with it. Follows no redirect, uses no proxy, reads at most
 * 64 KiB of the body and only when it is wanted. Throws what undici throws.
 */
export async function send(
  { url, method, body, wantsText }: HttpQuestion,
  { connect, secret, signal }: { connect: buildConnector.connector; secret: string; signal: AbortSignal },
): Promise<HttpAnswer> {
  const dispatcher = new Agent({ connect, maxResponseSize: MOST_RESPONSE_BYTES });
  try {
    const response = await request(url, {
      dispatcher,
      method,
      body,
      signal,
      headers: {
        'user-agent': 'sluice',
        accept: 'application/json, */*;q=0.5',
        'accept-encoding': 'identity',
        ...(body === null ? {} : signedHeaders(body, secret)),
      },
    });
    const { statusCode: status } = response;
    if (wantsText) return { status, ...(await read(response.body)) };
    response.body.on('error', () => undefined).destroy();
    return { status, text: null, unreadable: null };
  } finally {
    await dispatcher.destroy();
  }
}

/** As GitHub signs webhooks: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
function signedHeaders(body: string, secret: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-sluice-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}

async function read(body: Dispatcher.ResponseData['body']): Promise<Omit<HttpAnswer, 'status'>> {
  try {
    const bytes = await body.arrayBuffer();
    return isUtf8(bytes)
      ? { text: Buffer.from(bytes).toString('utf8'), unreadable: null }
      : { text: null, unreadable: 'what is no UTF-8' };
  } catch (error) {
    if (error instanceof errors.ResponseExceededMaxSizeError)
      return { text: null, unreadable: 'more than 64 KiB, which Sluice does not read' };
    throw error;
  }
}
