import type { DeliveryLog, LoggedDelivery } from '../promotion/ports/deliveries.ts';
import { type Client, statusOf } from './client.ts';

const PAGE = 100;

/** Reads the log with clients that are authenticated as the App: https://docs.github.com/en/rest/apps/webhooks */
export function makeDeliveryLog(auth: () => Promise<Client>): DeliveryLog {
  return {
    async list(outcome, cursor) {
      const { rest } = await auth();
      const { data, headers } = await rest.apps.listWebhookDeliveries({
        status: outcome,
        per_page: PAGE,
        ...(cursor !== undefined && { cursor }),
      });
      return { tries: data.map(toTry), next: nextCursor(headers.link) };
    },
    async readPayload(id) {
      const { rest } = await auth();
      try {
        // The type knows no larger numbers: https://github.com/octokit/request.js/issues/797
        const { data } = await rest.apps.getWebhookDelivery({ delivery_id: id as unknown as number });
        return toPayload(data.request.payload);
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
  };
}

type RawTry = Awaited<ReturnType<Client['rest']['apps']['listWebhookDeliveries']>>['data'][number];

function toTry({ id, guid, event, action, delivered_at, status_code }: RawTry): LoggedDelivery {
  return {
    id: String(id),
    guid,
    event,
    action,
    deliveredAtMs: Date.parse(delivered_at),
    isFailed: status_code < 200 || status_code >= 400,
  };
}

/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function nextCursor(link: string | undefined): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return next === undefined ? null : new URL(next).searchParams.get('cursor');
}

/** With numbers as a webhook gives them: those that are too large are rounded there. */
function toPayload(payload: unknown): Record<string, unknown> | null {
  const text = JSON.stringify(payload, (_key, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  const read: unknown = text === undefined ? null : JSON.parse(text);
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : null;
}
