import type { Client } from './client.ts';

/** One request as it ended. */
export interface Call {
  method: string;
  /** `/repos/{owner}/{repo}/pulls`: as Octokit names it, never with what was filled in. */
  route: string;
  /** Of HTTP; 0: there was no answer. */
  status: number;
}

interface Options {
  method: string;
  url: string;
}

interface Hooked {
  hook: {
    after(name: 'request', act: (answer: { status: number }, options: Options) => void): void;
    error(name: 'request', act: (error: unknown, options: Options) => never): void;
  };
}

/** Tells of each request of a client that reached GitHub or tried to; its repetitions by Octokit count as one. */
export function countCalls(client: Client, told: (call: Call) => void): void {
  const { hook } = client as Client & Hooked;
  hook.after('request', ({ status }, { method, url }) => told({ method, route: routeOf(url), status }));
  hook.error('request', (error, { method, url }) => {
    const { status } = (error ?? {}) as { status?: unknown };
    told({ method, route: routeOf(url), status: typeof status === 'number' ? status : 0 });
    throw error;
  });
}

/** Lists of several pages come as whole addresses, with names and numbers in them. */
function routeOf(url: string): string {
  return url.startsWith('/') ? url : 'list';
}
