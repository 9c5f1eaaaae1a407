import { createHmac } from 'node:crypto';
import type { SandboxContext } from './context.ts';
import { type DeliveryEffect, type Due, held } from './faults.ts';
import { tellDelivery } from './observe.ts';
import type { App, Delivery } from './state.ts';

/** A webhook on its way to one App. */
export interface Parcel {
  app: App;
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  /** Full name. */
  repository: string | null;
  /** JSON, as it was when it happened. */
  body: string;
  redelivery: boolean;
  due: Due<DeliveryEffect>[];
}

type Outcome = Pick<Delivery, 'status' | 'statusCode' | 'responseHeaders' | 'responseBody'>;

const NO_ANSWER = { responseHeaders: null, responseBody: null };
const UNREACHED: Outcome = { status: 'failed to connect to host', statusCode: 502, ...NO_ANSWER };

/** Sends one webhook and writes it into the delivery log, however it went. It is never tried again. */
export async function deliver(sandbox: SandboxContext, parcel: Parcel): Promise<void> {
  const started = performance.now();
  const { app, guid, event, action, installationId, repository, body, redelivery } = parcel;
  const headers = headersOf(parcel);
  tellDelivery({ event, headers, body });
  const outcome = await sendWithFaults(parcel, (text) =>
    post(app, headers, text, sandbox.limits.deliveryTimeoutMs),
  );
  sandbox.state.deliveries.push({
    id: sandbox.nextId(),
    guid,
    event,
    action,
    appId: app.id,
    installationId,
    repository,
    deliveredAt: new Date(sandbox.now()).toISOString(),
    redelivery,
    durationMs: performance.now() - started,
    url: app.webhookUrl ?? '',
    requestHeaders: headers,
    payload: JSON.parse(body) as Record<string, unknown>,
    ...outcome,
  });
  for (const { effect } of parcel.due) {
    if (effect.kind === 'run' && effect.when === 'after') await effect.run();
  }
}

async function sendWithFaults(parcel: Parcel, send: (body: string) => Promise<Outcome>): Promise<Outcome> {
  let { body } = parcel;
  for (const { effect } of parcel.due) {
    if (effect.kind === 'run' && effect.when === 'before') await effect.run();
    if (effect.kind === 'answer') return answered(effect.status, effect.headers ?? {}, textOf(effect.body));
    if (effect.kind === 'reset' && effect.when === 'before') return UNREACHED;
    if (effect.kind === 'truncate') body = cut(body, effect.keepBytes);
  }
  const outcome = await send(body);
  for (const one of parcel.due) {
    if (one.effect.kind === 'hang' && one.effect.when === 'after') await held(one);
    if (one.effect.kind === 'reset' && one.effect.when === 'after') return UNREACHED;
  }
  return outcome;
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body ?? '');
}

function cut(body: string, keepBytes: number | undefined): string {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, keepBytes ?? Math.floor(bytes.length / 2)).toString('latin1');
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers */
function headersOf({ app, event, guid, body }: Parcel): Record<string, string> {
  const secret = app.webhookSecret;
  const digest = secret === undefined ? '' : createHmac('sha256', secret).update(body).digest('hex');
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    ...(secret === undefined ? {} : { 'x-hub-signature-256': `sha256=${digest}` }),
  };
}

function answered(
  statusCode: number,
  responseHeaders: Record<string, string>,
  responseBody: string,
): Outcome {
  const ok = statusCode >= 200 && statusCode < 300;
  return {
    status: ok ? 'OK' : `Invalid HTTP Response: ${statusCode}`,
    statusCode,
    responseHeaders,
    responseBody,
  };
}

async function post(
  app: App,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
): Promise<Outcome> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(app.webhookUrl ?? '', {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal,
    });
    return answered(answer.status, Object.fromEntries(answer.headers), await answer.text());
  } catch (error) {
    // A DOMException of `fetch` need not be an Error of the realm that runs this.
    const timedOut = (error as { name?: unknown } | null)?.name === 'TimeoutError';
    return timedOut ? { status: 'timed out', statusCode: 504, ...NO_ANSWER } : UNREACHED;
  }
}
