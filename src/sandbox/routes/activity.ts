import { requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { userJson } from '../json.ts';
import { pageOf } from '../paginate.ts';
import { nodeId, validationFailed } from '../route-input.ts';
import { ZERO_SHA } from '../run-git.ts';
import type { Activity, Repository } from '../state.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PERIODS_MS: Record<string, number> = {
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  quarter: 91 * DAY_MS,
  year: 365 * DAY_MS,
};

/** https://docs.github.com/en/rest/repos/repos#list-repository-activities */
export const activityRoutes: Routes = (app, sandbox) => {
  app.get('/repos/:owner/:repo/activity', (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    const page = cursorPage(c, select(c, sandbox, repository));
    return c.json(page.map((one) => activityJson(sandbox, repository, one)));
  });
};

/** Newest first, unless asked otherwise. */
function select(c: RouteContext, sandbox: SandboxContext, repository: Repository): Activity[] {
  const { ref = '', actor, activity_type: type, time_period: period, direction } = c.req.query();
  const fullRef = ref === '' || ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
  const span = period === undefined ? undefined : PERIODS_MS[period];
  if (period !== undefined && span === undefined)
    throw validationFailed({ resource: 'Activity', field: 'time_period', code: 'invalid' });
  const found = repository.activity
    .filter((one) => fullRef === '' || one.ref === fullRef)
    .filter((one) => !actor || one.actor.toLowerCase() === actor.toLowerCase())
    .filter((one) => !type || one.type === type)
    .filter((one) => span === undefined || Date.parse(one.timestamp) >= sandbox.now() - span);
  return direction === 'asc' ? found : found.reverse();
}

const toCursor = (one: Activity) => Buffer.from(`activity:${one.id}`).toString('base64url');

/** A page by cursor: `after` and `before` come from the `Link` header, there are no page numbers. */
function cursorPage(c: RouteContext, all: Activity[]): Activity[] {
  const { perPage } = pageOf(c);
  const at = (cursor: string | undefined) =>
    cursor === undefined ? -1 : all.findIndex((one) => toCursor(one) === cursor);
  const before = at(c.req.query('before'));
  const start = before === -1 ? at(c.req.query('after')) + 1 : Math.max(0, before - perPage);
  const page = all.slice(start, before === -1 ? start + perPage : before);
  const links: string[] = [];
  const link = (rel: string, cursor: 'before' | 'after', one: Activity | undefined) => {
    const url = new URL(c.req.url);
    url.searchParams.delete('before');
    url.searchParams.delete('after');
    if (one) url.searchParams.set(cursor, toCursor(one));
    links.push(`<${url.href}>; rel="${rel}"`);
  };
  if (start > 0) link('prev', 'before', page[0]);
  if (start + page.length < all.length) link('next', 'after', page.at(-1));
  if (links.length > 0) c.header('Link', links.join(', '));
  return page;
}

function activityJson(sandbox: SandboxContext, repository: Repository, one: Activity) {
  return {
    id: one.id,
    node_id: nodeId('PUSH', repository.id) + one.id,
    before: one.before ?? ZERO_SHA,
    after: one.after ?? ZERO_SHA,
    ref: one.ref,
    timestamp: one.timestamp,
    activity_type: one.type,
    actor: userJson(sandbox, one.actor),
  };
}
