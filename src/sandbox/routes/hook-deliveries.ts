import { findRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { pageOf } from '../paginate.ts';
import { numberParam } from '../route-input.ts';
import type { Delivery } from '../state.ts';
import { requireApp } from './app.ts';

/** https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
const RETENTION_MS = 3 * 24 * 60 * 60 * 1000;

/** The webhook of an App and the log of what it was sent. https://docs.github.com/en/rest/apps/webhooks */
export const hookRoutes: Routes = (app, sandbox) => {
  app.get('/app/hook/config', (c) => {
    const { webhookUrl, webhookSecret } = requireApp(c);
    if (webhookUrl === undefined) throw notFound();
    const secret = webhookSecret === undefined ? {} : { secret: '********' };
    return c.json({ content_type: 'json', insecure_ssl: '0', ...secret, url: webhookUrl });
  });
  app.get('/app/hook/deliveries', (c) => {
    const page = deliveryPage(c, kept(c, sandbox));
    return c.json(page.map((delivery) => deliveryJson(sandbox, delivery)));
  });
  app.get('/app/hook/deliveries/:id', (c) => c.json(fullDeliveryJson(sandbox, requireDelivery(c, sandbox))));
  app.post('/app/hook/deliveries/:id/attempts', (c) => {
    sandbox.redeliver(requireApp(c), requireDelivery(c, sandbox));
    return c.json({}, 202);
  });
};

/** The App's deliveries that GitHub would still have, newest first. */
function kept(c: RouteContext, sandbox: SandboxContext): Delivery[] {
  const { id } = requireApp(c);
  const oldest = sandbox.now() - RETENTION_MS;
  return sandbox.state.deliveries
    .filter((delivery) => delivery.appId === id && Date.parse(delivery.deliveredAt) >= oldest)
    .sort((a, b) => b.id - a.id);
}

function requireDelivery(c: RouteContext, sandbox: SandboxContext): Delivery {
  const id = numberParam(c, 'id');
  const found = kept(c, sandbox).find((delivery) => delivery.id === id);
  if (found === undefined) throw notFound();
  return found;
}

/** One page; a cursor names its first delivery, so that new ones do not shift what follows. */
function deliveryPage(c: RouteContext, all: Delivery[]): Delivery[] {
  const { perPage } = pageOf(c);
  const status = c.req.query('status');
  const cursor = c.req.query('cursor');
  if (status !== undefined && status !== 'success' && status !== 'failure') {
    throw new GitHubError(422, 'Invalid status: must be success or failure');
  }
  const wanted = all.filter(({ statusCode }) => {
    return status === undefined || (status === 'success') === (statusCode >= 200 && statusCode < 400);
  });
  const first = cursor === undefined ? 0 : wanted.findIndex((one) => one.id <= idOf(cursor));
  if (first === -1) return [];
  linkCursors(c, wanted, first, perPage);
  return wanted.slice(first, first + perPage);
}

function idOf(cursor: string): number {
  const id = /^v1_(\d+)$/.exec(cursor)?.[1];
  if (id === undefined) throw new GitHubError(400, 'Invalid cursor');
  return Number(id);
}

function linkCursors(c: RouteContext, wanted: Delivery[], first: number, perPage: number): void {
  const link = (at: Delivery | undefined, rel: string) => {
    if (at === undefined) return [];
    const url = new URL(c.req.url);
    url.searchParams.set('cursor', `v1_${at.id}`);
    return [`<${url.href}>; rel="${rel}"`];
  };
  const before = first === 0 ? undefined : wanted[Math.max(0, first - perPage)];
  const links = [...link(before, 'prev'), ...link(wanted[first + perPage], 'next')];
  if (links.length > 0) c.header('Link', links.join(', '));
}

function deliveryJson(sandbox: SandboxContext, delivery: Delivery) {
  const [owner = '', name = ''] = delivery.repository?.split('/') ?? [];
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.durationMs / 10) / 100,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: findRepository(sandbox.state, owner, name)?.id ?? null,
    throttled_at: null,
  };
}

function fullDeliveryJson(sandbox: SandboxContext, delivery: Delivery) {
  return {
    ...deliveryJson(sandbox, delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: delivery.payload },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}
