import type { RouteContext } from '../context.ts';

/** The text fields of a form that was sent. */
export async function formOf(c: RouteContext): Promise<Record<string, string | undefined>> {
  const fields = Object.entries(await c.req.parseBody());
  return Object.fromEntries(
    fields.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

const HERE = 'http://here.invalid';

/** A path of this site, whatever a form says: nobody is sent elsewhere. */
export function backTo(text: string | undefined): string {
  if (text === undefined || !URL.canParse(text, HERE)) return '/';
  const { origin, pathname, search, hash } = new URL(text, HERE);
  // A path that begins with two slashes is another host to a browser.
  return origin === HERE && !pathname.startsWith('//') ? pathname + search + hash : '/';
}
