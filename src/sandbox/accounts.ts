import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { SandboxContext } from './context.ts';
import { installationJson, repositoryJson, userJson } from './json.ts';
import type { App, Installation, Organization, Permissions, User } from './state.ts';
import type { Webhooks } from './webhooks.ts';

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

/** Installs an App on all repositories of an account, and tells the App. */
export function install(
  sandbox: SandboxContext,
  webhooks: Webhooks,
  appId: number,
  account: string,
): Installation {
  const app = sandbox.state.apps.get(appId);
  if (app === undefined) throw new Error(`there is no App ${appId}`);
  const { permissions } = app;
  const installation = { id: sandbox.nextId(), appId, account, permissions, suspendedAt: null };
  sandbox.state.installations.set(installation.id, installation);
  const owned = [...sandbox.state.repositories.values()].filter((item) => item.owner === account);
  const payload = {
    action: 'created',
    installation: installationJson(sandbox, installation),
    repositories: owned.map((repository) => shortRepository(sandbox, repository)),
    requester: null,
    sender: userJson(sandbox, account),
  };
  webhooks.send(app, { event: 'installation', action: 'created', installation, repository: null, payload });
  return installation;
}

/** Tells the Apps that are installed on all repositories of the owner that there is one more. */
export function announceRepository(sandbox: SandboxContext, webhooks: Webhooks, fullName: string): void {
  const repository = sandbox.state.repositories.get(fullName);
  if (repository === undefined) return;
  for (const installation of sandbox.state.installations.values()) {
    const app = sandbox.state.apps.get(installation.appId);
    if (app === undefined || installation.account !== repository.owner) continue;
    const payload = {
      action: 'added',
      installation: installationJson(sandbox, installation),
      repository_selection: 'all',
      repositories_added: [shortRepository(sandbox, repository)],
      repositories_removed: [],
      requester: null,
      sender: userJson(sandbox, repository.owner),
    };
    const event = 'installation_repositories';
    webhooks.send(app, { event, action: 'added', installation, repository: null, payload });
  }
}

function shortRepository(sandbox: SandboxContext, repository: Parameters<typeof repositoryJson>[1]) {
  const { id, node_id, name, full_name, private: isPrivate } = repositoryJson(sandbox, repository);
  return { id, node_id, name, full_name, private: isPrivate };
}
