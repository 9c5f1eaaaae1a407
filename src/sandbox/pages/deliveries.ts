import { html } from 'hono/html';
import { actingUser } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { notFound, numberParam } from '../route-input.ts';
import type { Delivery } from '../state.ts';
import { type Markup, show } from './layout.ts';
import { time } from './links.ts';
import { maySeeNamed } from './viewer.ts';

const MOST_SHOWN = 200;

/** The log of the webhooks that Apps were sent, and the button that sends one again. */
export const deliveryPages: Routes = (app, sandbox) => {
  app.get('/-/deliveries', (c: RouteContext) => {
    const seen = sandbox.state.deliveries.filter((one) => isSeen(c, sandbox, one)).reverse();
    return show(c, sandbox, { title: 'Deliveries', content: tablePart(sandbox, seen) });
  });
  app.get('/-/deliveries/:id', (c: RouteContext) => {
    const delivery = requireDelivery(c, sandbox);
    return show(c, sandbox, { title: `Delivery ${delivery.id}`, content: deliveryPart(sandbox, delivery) });
  });
  app.post('/-/deliveries/:id/attempts', (c: RouteContext) => {
    const delivery = requireDelivery(c, sandbox);
    // GitHub leaves this to whoever manages the App; nobody does here, so that every person may.
    actingUser(c);
    const app = sandbox.state.apps.get(delivery.appId);
    if (app?.webhookUrl === undefined) throw new GitHubError(422, 'The App has no webhook now.');
    sandbox.redeliver(app, delivery);
    return c.redirect('/-/deliveries', 303);
  });
};

function requireDelivery(c: RouteContext, sandbox: SandboxContext): Delivery {
  const id = numberParam(c, 'id');
  const found = sandbox.state.deliveries.find((one) => one.id === id);
  if (!found || !isSeen(c, sandbox, found)) throw notFound();
  return found;
}

/** A webhook tells about repositories: only whoever may see them all sees it. */
function isSeen(c: RouteContext, sandbox: SandboxContext, { repository, payload }: Delivery): boolean {
  const lists = [payload.repositories, payload.repositories_added, payload.repositories_removed];
  const named = lists.flat().flatMap((one) => {
    const name = (one as { full_name?: unknown } | undefined)?.full_name;
    return typeof name === 'string' ? [name] : [];
  });
  return [...(repository === null ? [] : [repository]), ...named].every((name) =>
    maySeeNamed(c, sandbox, name),
  );
}

function tablePart(sandbox: SandboxContext, deliveries: Delivery[]): Markup {
  const more = deliveries.length - MOST_SHOWN;
  return html`<table><thead><tr><th>Time</th><th>Event</th><th>Repository</th><th>App</th><th>Status</th><th></th></tr></thead>
<tbody>${deliveries.slice(0, MOST_SHOWN).map((one) => rowPart(sandbox, one))}</tbody></table>
${more > 0 ? html`<p class="quiet">and ${more} older ones</p>` : ''}`;
}

function rowPart(sandbox: SandboxContext, delivery: Delivery): Markup {
  return html`<tr id="delivery-${delivery.id}"><td>${time(delivery.deliveredAt)}</td>
<td><a href="/-/deliveries/${delivery.id}">${nameOf(delivery)}</a>${delivery.redelivery ? ' (redelivery)' : ''}</td>
<td>${delivery.repository}</td><td>${sandbox.state.apps.get(delivery.appId)?.slug}</td>
<td>${statusPart(delivery)}</td><td>${redeliverForm(delivery)}</td></tr>`;
}

function nameOf({ event, action }: Delivery): string {
  return action === null ? event : `${event}.${action}`;
}

function statusPart({ status, statusCode, durationMs }: Delivery): Markup {
  const isGood = statusCode >= 200 && statusCode < 300;
  return html`<span class="${isGood ? 'good' : 'bad'}">${statusCode} ${status}</span> <span class="quiet">${Math.round(durationMs)} ms</span>`;
}

function redeliverForm({ id }: Delivery): Markup {
  return html`<form method="post" action="/-/deliveries/${id}/attempts"><button>Redeliver</button></form>`;
}

function deliveryPart(sandbox: SandboxContext, delivery: Delivery): Markup {
  const headers = (all: Record<string, string> | null) =>
    Object.entries(all ?? {})
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');
  return html`<p>${nameOf(delivery)} to ${sandbox.state.apps.get(delivery.appId)?.slug} at ${delivery.url}, ${time(delivery.deliveredAt)}: ${statusPart(delivery)}</p>
${redeliverForm(delivery)}
<h2>Request</h2><pre>${headers(delivery.requestHeaders)}</pre><pre>${JSON.stringify(delivery.payload, null, 2)}</pre>
<h2>Response</h2><pre>${headers(delivery.responseHeaders)}</pre><pre>${delivery.responseBody ?? 'none'}</pre>`;
}
