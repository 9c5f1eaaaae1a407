import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { GITHUB_LIMITS } from '../sandbox/limits.ts';
import type { Repository } from '../sandbox/state.ts';
import { ORGANIZATION, PEOPLE, seedStory } from './demo/story.ts';
import { makeWorld, type World } from './demo/world.ts';

export const SANDBOX_PORT = 3100;
/** Where Sluice listens when it is started on the same machine and nothing else is said. */
export const DEFAULT_WEBHOOK = 'http://127.0.0.1:3000/api/github/webhooks';

export interface SandboxOptions {
  port: number;
  /** Where Sluice will take webhooks. */
  webhook: string;
  /** Folder for the App's private key; a temporary one when left out. */
  directory?: string;
  /** Whether requests are refused as GitHub's rate limits do. */
  limits: boolean;
}

/**
 * Runs a local GitHub with an organisation on it, and says how to use it, until `interrupted` resolves.
 * @throws Error for people when the port is taken or the webhook is no URL
 */
export async function runSandbox(
  { port, webhook, directory, limits }: SandboxOptions,
  line: (text: string) => void,
  interrupted: Promise<void>,
): Promise<void> {
  if (!URL.canParse(webhook)) throw new Error(`--webhook must be a URL, such as ${DEFAULT_WEBHOOK}`);
  const world = await makeWorld(ORGANIZATION, PEOPLE, { port }).catch((error: unknown) =>
    explain(error, port),
  );
  const folder = directory ? resolve(directory) : await mkdtemp(join(tmpdir(), 'sluice-sandbox-key-'));
  const keyFile = join(folder, 'sluice.private-key.pem');
  try {
    const repositories = Object.values(await seedStory(world));
    world.sandbox.setWebhook(world.appId, { url: webhook, secret: world.webhookSecret });
    if (limits) Object.assign(world.sandbox.limits, GITHUB_LIMITS);
    await writeKey(keyFile, world.privateKeyPem);
    for (const text of describe(world, repositories, webhook, keyFile)) line(text);
    await interrupted;
  } finally {
    await world.stop();
    await rm(directory ? keyFile : folder, { recursive: true, force: true });
  }
}

function explain(error: unknown, port: number): never {
  if ((error as NodeJS.ErrnoException | null)?.code === 'EADDRINUSE')
    throw new Error(`port ${port} is taken: choose another one with --port, or any free one with --port 0`);
  throw error;
}

/** Only its owner may read the key; that is so before it is there. */
async function writeKey(file: string, privateKeyPem: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '', { mode: 0o600 });
  await chmod(file, 0o600);
  await writeFile(file, privateKeyPem);
}

function describe(world: World, repositories: Repository[], webhook: string, keyFile: string): string[] {
  const { sandbox } = world;
  const [gitops] = repositories;
  return [
    `A local GitHub is at ${sandbox.url}: pages, REST (also under /api/v3), GraphQL and git.`,
    '',
    'Repositories:',
    ...repositories.map((repository) => `  ${world.urlOf(repository)}`),
    ...(gitops ? [`  git clone ${sandbox.cloneUrl(gitops, world.tokenOf(PEOPLE[0]))}`] : []),
    '',
    'People, with their tokens:',
    ...PEOPLE.map(
      (login) => `  ${login}  ${world.tokenOf(login)}  ${describePerson(world, repositories, login)}`,
    ),
    '',
    `The App "sluice" has id ${world.appId}; its webhooks go to ${webhook}`,
    `  signed with ${world.webhookSecret}; its private key is in ${keyFile}`,
    '',
    'To start Sluice on it:',
    `  ${environment(world, webhook, keyFile)} npm start`,
    '',
    'Ctrl-C ends it and removes everything.',
  ];
}

function describePerson({ sandbox }: World, repositories: Repository[], login: string): string {
  const organization = sandbox.state.organizations.get(ORGANIZATION);
  const teams = [...(organization?.teams.values() ?? [])].filter(({ members }) => members.has(login));
  const roles = repositories.flatMap(({ name, collaborators }) => {
    const role = collaborators.get(login);
    return role ? [`${role} on ${name}`] : [];
  });
  return [
    ...(organization?.owners?.has(login) ? [`owner of ${ORGANIZATION}`] : []),
    ...teams.map(({ slug }) => `team ${ORGANIZATION}/${slug}`),
    ...roles,
  ].join(', ');
}

/** What `sluice start` reads (start.ts), as one line for a shell. */
function environment({ sandbox, appId, webhookSecret }: World, webhook: string, keyFile: string): string {
  const { hostname, port } = new URL(webhook);
  const isHere = ['127.0.0.1', 'localhost'].includes(hostname);
  const variables = {
    APP_ID: String(appId),
    PRIVATE_KEY_PATH: keyFile,
    WEBHOOK_SECRET: webhookSecret,
    GITHUB_API_URL: sandbox.url,
    // Elsewhere a proxy or a container decides where Sluice listens.
    ...(isHere ? { HOST: hostname, PORT: port || '80' } : {}),
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join(' ');
}

function quote(value: string): string {
  return /^[\w.:/@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
