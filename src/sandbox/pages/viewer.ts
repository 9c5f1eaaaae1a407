import { getCookie, setCookie } from 'hono/cookie';
import { findRepository, roleOf } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import type { Actor, Repository, User } from '../state.ts';
import { backTo, formOf } from './form.ts';

const COOKIE = 'sandbox_user';

/** Whoever somebody at the browser can be: people, who have tokens, but no bots. */
export function peopleToBe(sandbox: SandboxContext): User[] {
  return [...sandbox.state.users.values()].filter((user) => user.type === 'User' && user.tokens.length > 0);
}

/** Who the cookie says that the browser's person is. There are no passwords here, so it is believed. */
export function actorOfCookie(c: RouteContext, sandbox: SandboxContext): Actor {
  const login = getCookie(c, COOKIE);
  const user = peopleToBe(sandbox).find((one) => one.login === login);
  return user ? { kind: 'user', user } : { kind: 'anonymous' };
}

/** null for nobody. */
export function viewerOf(c: RouteContext): User | null {
  const actor = c.get('actor');
  return actor.kind === 'user' ? actor.user : null;
}

/** Whether whoever looks may see the repository at all. */
export function maySee(c: RouteContext, sandbox: SandboxContext, repository: Repository): boolean {
  const viewer = viewerOf(c);
  return !repository.private || (viewer !== null && roleOf(sandbox, repository, viewer.login) !== 'none');
}

/** By `owner/name`; false when there is none, as nobody knows who could see it. */
export function maySeeNamed(c: RouteContext, sandbox: SandboxContext, fullName: string): boolean {
  const [owner = '', name = ''] = fullName.split('/');
  const repository = findRepository(sandbox.state, owner, name);
  return repository !== undefined && maySee(c, sandbox, repository);
}

/** The form of each page with which its reader becomes somebody else. */
export const personPages: Routes = (app, sandbox) => {
  app.post('/-/person', async (c: RouteContext) => {
    const form = await formOf(c);
    const login = form.person ?? '';
    if (login !== '' && !peopleToBe(sandbox).some((user) => user.login === login))
      throw new GitHubError(422, `There is nobody called ${login} here.`);
    setCookie(c, COOKIE, login, { path: '/', httpOnly: true, sameSite: 'Lax' });
    return c.redirect(backTo(form.back), 303);
  });
};
