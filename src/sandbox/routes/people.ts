import { actingUser, inaccessible } from '../access.ts';
import type { Routes } from '../context.ts';
import { notFound } from '../errors.ts';
import { profileJson } from '../json-profile.ts';
import { param } from '../route-input.ts';
import { memberRoutes } from './members.ts';
import { teamRoutes } from './teams.ts';

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Users, and the teams of organisations. https://docs.github.com/en/rest/teams */
export const peopleRoutes: Routes = (app, sandbox) => {
  app.get('/user', (c) => {
    if (c.get('actor').kind === 'installation') throw inaccessible();
    const { login } = actingUser(c);
    return c.json(profileJson(sandbox, login));
  });
  app.get('/users/:user', (c) => {
    const wanted = param(c, 'user');
    const logins = [...sandbox.state.users.keys(), ...sandbox.state.organizations.keys()];
    const login = logins.find((name) => same(name, wanted));
    if (login === undefined) throw notFound();
    return c.json(profileJson(sandbox, login));
  });
  teamRoutes(app, sandbox);
  memberRoutes(app, sandbox);
};
