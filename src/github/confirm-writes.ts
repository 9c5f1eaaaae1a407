import type { Client } from './client.ts';

interface Hooked {
  hook: { before(name: 'request', act: (options: { method: string }) => Promise<void>): void };
}

/** Has everything that a client sends, but for what only reads, confirmed first; `confirm` refuses it by throwing. */
export function confirmWrites(client: Client, confirm: () => Promise<void>): void {
  const { hook } = client as Client & Hooked;
  hook.before('request', async ({ method }) => {
    if (method !== 'GET') await confirm();
  });
}
