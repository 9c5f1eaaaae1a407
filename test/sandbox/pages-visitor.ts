import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** A browser without scripts, as somebody: its forms say where they come from, and it follows no redirect. */
export function visitorOf(sandbox: Sandbox, login?: string) {
  const cookie: Record<string, string> = login === undefined ? {} : { cookie: `sandbox_user=${login}` };
  const request = async (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) => {
    const all = { ...cookie, ...headers };
    const answer = await fetch(sandbox.url + path, { redirect: 'manual', ...init, headers: all });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  return {
    open: (path: string) => request(path),
    send: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      request(
        path,
        { method: 'POST', body: new URLSearchParams(fields) },
        { origin: sandbox.url, ...headers },
      ),
  };
}

/** Where the page of something is. */
export function pathOf(thing: { html_url: string }): string {
  return new URL(thing.html_url).pathname;
}
