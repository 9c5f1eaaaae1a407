import { createHmac } from 'node:crypto';
import type { Octokit } from '@octokit/rest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Repository } from '../../src/sandbox/state.ts';
import { octokitForApp, octokitForToken, type Received, webhookReceiver } from './core-clients.ts';

const SECRET = 'only between the two of us';
export const HERE = { owner: 'acme', repo: 'gitops' };

const EVENTS = [
  ...['pull_request', 'pull_request_review', 'issue_comment', 'issues', 'check_run', 'check_suite', 'status'],
  ...['workflow_run', 'release', 'repository_dispatch', 'push'],
];

const PERMISSIONS = {
  ...({ contents: 'write', pull_requests: 'write', checks: 'write', statuses: 'write' } as const),
  ...({ issues: 'write', actions: 'read', members: 'read' } as const),
};

/** Lines far enough apart that two changes to one file do not conflict. */
export const VALUES = Array.from({ length: 20 }, (_, line) => `line${line}: old`).join('\n');

/**
 * A public repository with a writer who authors (alice), a writer who reviews (bob), a writer in the
 * team `sre` (dave), an outsider (carol), an administrator (root) and two Apps.
 */
export async function startTeam() {
  const clock = { now: Date.parse('2026-03-01T12:00:00Z') };
  const sandbox = await startSandbox({ now: () => clock.now });
  const hooks = await webhookReceiver();
  const login = (name: string) => octokitForToken(sandbox, sandbox.addUser(name).token);
  const [alice, bob, carol, dave, root] = ['alice', 'bob', 'carol', 'dave', 'root'].map(login);
  if (!alice || !bob || !carol || !dave || !root) throw new Error('people are missing');
  sandbox.addOrganization('acme');
  sandbox.addTeam('acme', 'sre', ['dave']);
  const shared = { permissions: PERMISSIONS, events: [] };
  const sluice = sandbox.addApp({
    ...shared,
    slug: 'sluice',
    events: EVENTS,
    webhookUrl: hooks.url,
    webhookSecret: SECRET,
  });
  const other = sandbox.addApp({ ...shared, slug: 'other' });
  const repository = await sandbox.addRepository({
    owner: 'acme',
    name: 'gitops',
    files: {
      'values.yaml': `${VALUES}\n`,
      'envs/dev/app.yaml': 'tag: 1\n',
      'envs/prod/app.yaml': 'tag: 1\n',
    },
    collaborators: { alice: 'write', bob: 'write', root: 'admin' },
    teams: { sre: 'write' },
  });
  const bots = [sluice, other].map((app) => octokitForApp(sandbox, app, sandbox.install(app.id, 'acme').id));
  const [bot, otherBot] = bots;
  if (!bot || !otherBot) throw new Error('Apps are missing');
  const stop = async () => {
    await sandbox.stop();
    await hooks.stop();
  };
  return {
    sandbox,
    clock,
    hooks,
    repository,
    sluice,
    other,
    as: { alice, bob, carol, dave, root, bot, otherBot },
    stop,
  };
}

export type Team = Awaited<ReturnType<typeof startTeam>>;

/** Commits one file to a branch, which is made from main when it is new. Gives the new head. */
export async function commitFile(
  who: Octokit,
  input: { branch: string; path: string; content: string; owner?: string },
): Promise<string> {
  const where = { ...HERE, owner: input.owner ?? HERE.owner };
  const existing = await who.git.listMatchingRefs({ ...where, ref: `heads/${input.branch}` });
  if (existing.data.length === 0) {
    const main = await who.git.getRef({ ...where, ref: 'heads/main' });
    await who.git.createRef({ ...where, ref: `refs/heads/${input.branch}`, sha: main.data.object.sha });
  }
  const old = await who.repos.getContent({ ...where, path: input.path, ref: input.branch }).catch(() => null);
  const { data } = await who.repos.createOrUpdateFileContents({
    ...where,
    branch: input.branch,
    path: input.path,
    message: `Change ${input.path}`,
    content: Buffer.from(input.content).toString('base64'),
    sha: old && 'sha' in old.data ? old.data.sha : undefined,
  });
  if (!data.commit.sha) throw new Error('the commit has no SHA');
  return data.commit.sha;
}

/** A branch with one change, and a pull request for it. */
export async function propose(
  who: Octokit,
  input: { branch: string; path: string; content: string; title?: string },
) {
  await commitFile(who, input);
  const { title = `Change ${input.path}` } = input;
  return (await who.pulls.create({ ...HERE, title, head: input.branch, base: 'main' })).data;
}

export async function textAt(who: Octokit, path: string, ref = 'main'): Promise<string> {
  const { data } = await who.repos.getContent({ ...HERE, path, ref });
  if (!('content' in data)) throw new Error(`${path} is not a file`);
  return Buffer.from(data.content, 'base64').toString('utf8');
}

/** Events received so far, each checked to be signed with the secret. */
export async function received(sandbox: Sandbox, hooks: { received: Received[] }) {
  await sandbox.idle();
  return hooks.received.map(({ headers, body }) => {
    const expected = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
    if (headers['x-hub-signature-256'] !== expected) throw new Error(`not signed: ${body.slice(0, 200)}`);
    return { event: String(headers['x-github-event']), payload: JSON.parse(body) as Record<string, unknown> };
  });
}

/** A fork of the repository with the same history, which belongs to a person. */
export async function fork(sandbox: Sandbox, upstream: Repository, owner: string): Promise<Repository> {
  const copy = await sandbox.addRepository({ owner, name: upstream.name, files: {} });
  copy.forkOf = upstream.fullName;
  return copy;
}
