import type { Client } from './client.ts';

/** Told before each request that creates content for an owner; refuses it by throwing. */
export type BeforeCreation = (owner: string) => Promise<void>;

/** As far as is known, what GitHub counts as creating content: it does not list it. */
const CREATING = new Set(['POST', 'PUT']);

interface Hooked {
  hook: {
    before(name: 'request', act: (options: { method: string; owner?: unknown }) => Promise<void>): void;
  };
}

/**
 * Has every creation of a client counted first.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export function countCreations(client: Client, before: BeforeCreation): void {
  const { hook } = client as Client & Hooked;
  hook.before('request', async ({ method, owner }) => {
    if (CREATING.has(method) && typeof owner === 'string') await before(owner.toLowerCase());
  });
}
