import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { SandboxContext } from './context.ts';
import { repositoriesOf, tellOfInstallation, tellOfRepositories } from './installations.ts';
import type { App, Installation, Organization, Permissions, Repository, User } from './state.ts';

export function secret(prefix: string): string {
  return `${prefix}_${randomBytes(18).toString('hex')}`;
}

/** A person with a personal access token. */
export function addUser(sandbox: SandboxContext, login: string): { login: string; token: string } {
  const { users, organizations } = sandbox.state;
  if (users.has(login) || organizations.has(login))
    throw new Error(`there is an account named ${login} already`);
  const user: User = { id: sandbox.nextId(), login, type: 'User', tokens: [secret('ghp')] };
  users.set(login, user);
  return { login, token: user.tokens[0] ?? '' };
}

export function addOrganization(
  sandbox: SandboxContext,
  login: string,
  options: { members?: string[]; owners?: string[] } = {},
): Organization {
  const owners = new Set(options.owners);
  const members = new Set([...(options.members ?? []), ...owners]);
  const organization = { id: sandbox.nextId(), login, teams: new Map(), members, owners };
  sandbox.state.organizations.set(login, organization);
  return organization;
}

/** A team; its members become members of the organisation. */
export function addTeam(sandbox: SandboxContext, login: string, slug: string, members: string[]): void {
  const organization = sandbox.state.organizations.get(login);
  if (organization === undefined) throw new Error(`there is no organisation named ${login}`);
  organization.teams.set(slug, { id: sandbox.nextId(), slug, name: slug, members: new Set(members) });
  for (const member of members) organization.members.add(member);
}

export interface NewApp {
  slug: string;
  name?: string;
  permissions: Permissions;
  events: string[];
  webhookUrl?: string;
  webhookSecret?: string;
}

/** An App with a fresh RSA key, and its bot user `SLUG[bot]`. */
export function addApp(sandbox: SandboxContext, input: NewApp): App & { privateKeyPem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const botLogin = `${input.slug}[bot]`;
  const app: App = {
    ...input,
    id: sandbox.nextId(),
    name: input.name ?? input.slug,
    publicKeyPem: publicKey,
    botLogin,
  };
  sandbox.state.apps.set(app.id, app);
  sandbox.state.users.set(botLogin, { id: sandbox.nextId(), login: botLogin, type: 'Bot', tokens: [] });
  return { ...app, privateKeyPem: privateKey };
}

/** Installs an App on all repositories of an account, or on some by name, and tells the App. */
export function install(
  sandbox: SandboxContext,
  appId: number,
  account: string,
  repositories?: string[],
): Installation {
  const app = sandbox.state.apps.get(appId);
  if (app === undefined) throw new Error(`there is no App ${appId}`);
  const { permissions } = app;
  const installation: Installation = {
    id: sandbox.nextId(),
    appId,
    account,
    permissions,
    suspendedAt: null,
  };
  const all = repositoriesOf(sandbox, installation);
  if (repositories !== undefined)
    installation.repositoryIds = all.filter((one) => repositories.includes(one.name)).map((one) => one.id);
  sandbox.state.installations.set(installation.id, installation);
  tellOfInstallation(sandbox, installation, 'created');
  return installation;
}

/** Tells the Apps that are installed on all repositories of the owner that there is one more. */
export function announceRepository(sandbox: SandboxContext, repository: Repository): void {
  for (const installation of sandbox.state.installations.values()) {
    if (installation.account !== repository.owner || installation.repositoryIds !== undefined) continue;
    const change = { added: [repository], removed: [], sender: repository.owner };
    tellOfRepositories(sandbox, installation, change);
  }
}
