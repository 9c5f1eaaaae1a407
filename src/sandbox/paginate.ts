import type { RouteContext } from './context.ts';

function positive(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}

/** The page that a request asks for: `per_page` (30, at most 100) and `page` (from 1). */
export function pageOf(c: RouteContext): { page: number; perPage: number } {
  return {
    page: positive(c.req.query('page'), 1),
    perPage: Math.min(positive(c.req.query('per_page'), 30), 100),
  };
}

/** Sets `Link`, as https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api tells. */
export function linkPages(c: RouteContext, page: number, lastPage: number): void {
  const link = (target: number, rel: string) => {
    const url = new URL(c.req.url);
    url.searchParams.set('page', String(target));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(link(page - 1, 'prev'), link(1, 'first'));
  if (page < lastPage) links.push(link(page + 1, 'next'), link(lastPage, 'last'));
  if (links.length > 0) c.header('Link', links.join(', '));
}

/** One page of a list, and the `Link` header. */
export function paginate<T>(c: RouteContext, items: T[]): T[] {
  const { page, perPage } = pageOf(c);
  linkPages(c, page, Math.max(1, Math.ceil(items.length / perPage)));
  return items.slice((page - 1) * perPage, page * perPage);
}
