import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Octokit } from '@octokit/rest';
import { HERE, startTeam } from '../sandbox/collaboration-world.ts';

export type Repo = { owner: string; repo: string };

/** A repository to try GitHub's behaviour in, and somebody who may write there. */
export interface Target {
  client: Octokit;
  repo: Repo;
  /** Whether an App asks; else a person does. */
  isApp: boolean;
  /** What all branches and labels begin with that are made here. */
  prefix: string;
  /** A repository without any commit; null when none was given. */
  empty: Repo | null;
  /** Lets a second pass; on GitHub it does by itself. */
  passTime(): void;
  finish(): Promise<void>;
}

export interface NamedTarget {
  name: string;
  start(): Promise<Target>;
}

/** GitHub itself when `npm run test:github` asks for it, else the sandbox, as a person and as an App. */
export const TARGETS: readonly NamedTarget[] =
  process.env.SLUICE_CONTRACT_TARGET === 'github'
    ? [{ name: 'GitHub', start: startGitHub }]
    : [
        { name: 'the sandbox, asked by a person', start: () => startSandboxTarget('alice') },
        { name: 'the sandbox, asked by an App', start: () => startSandboxTarget('bot') },
      ];

async function startSandboxTarget(who: 'alice' | 'bot'): Promise<Target> {
  const team = await startTeam();
  const collaborators = { alice: 'write' } as const;
  const nothing = { owner: HERE.owner, name: 'empty', collaborators };
  const { owner, name } = await team.sandbox.addRepository(nothing);
  const client = team.as[who];
  return {
    ...target(client, HERE, who === 'bot', { owner, repo: name }),
    passTime: () => team.sandbox.clock.advance(1000),
    finish: () => team.stop(),
  };
}

async function startGitHub(): Promise<Target> {
  const {
    GITHUB_CONTRACT_TOKEN: auth = '',
    GITHUB_CONTRACT_REPOSITORY: fullName = '',
    GITHUB_CONTRACT_EMPTY_REPOSITORY: emptyName,
    GITHUB_CONTRACT_API_URL: baseUrl = 'https://api.github.com',
  } = process.env;
  // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
  const isApp = auth.startsWith('ghs_');
  const client = new Octokit({ auth, baseUrl, log: { debug() {}, info() {}, warn() {}, error() {} } });
  const made = target(client, toRepo(fullName), isApp, emptyName ? toRepo(emptyName) : null);
  return { ...made, passTime: () => undefined, finish: () => cleanUp(made) };
}

function target(
  client: Octokit,
  repo: Repo,
  isApp: boolean,
  empty: Repo | null,
): Omit<Target, 'finish' | 'passTime'> {
  return { client, repo, isApp, empty, prefix: `sluice-contract/${randomBytes(5).toString('hex')}/` };
}

function toRepo(fullName: string): Repo {
  const [owner = '', repo = ''] = fullName.split('/');
  return { owner, repo };
}

async function cleanUp({ client, repo, prefix }: Omit<Target, 'finish' | 'passTime'>): Promise<void> {
  const pulls = await client.paginate(client.pulls.list, { ...repo, state: 'open', per_page: 100 });
  for (const { number, base } of pulls)
    if (base.ref.startsWith(prefix))
      await client.pulls.update({ ...repo, pull_number: number, state: 'closed' });
  const { data: refs } = await client.git.listMatchingRefs({ ...repo, ref: `heads/${prefix}` });
  for (const { ref } of refs) await client.git.deleteRef({ ...repo, ref: ref.replace(/^refs\//, '') });
  const labels = await client.paginate(client.issues.listLabelsForRepo, { ...repo, per_page: 100 });
  for (const { name } of labels)
    if (name.startsWith(prefix)) await client.issues.deleteLabel({ ...repo, name });
}

const PATIENCE_MS = 60_000;
const POLL_MS = 250;

/** Asks until it is so: GitHub does some things a moment after it has answered. */
export async function eventually<T>(read: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; ; await pause(POLL_MS)) {
    const found = await read();
    if (isSo(found)) return found;
    if (Date.now() > until) throw new Error(`it is still ${JSON.stringify(found)}`);
  }
}

/** With what status and text a call was refused, the text as Octokit gives it to the app. */
export async function refused(call: Promise<unknown>): Promise<{ status: number; text: string }> {
  const error = await call.then(
    () => new Error('the call was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error) || !('status' in error)) throw error;
  return { status: Number(error.status), text: error.message };
}

type Files = Record<string, string | null>;

/** Makes a commit over the git data API; null takes a file away. */
export async function commit(
  { client, repo }: Target,
  input: { parents: string[]; files: Files; message?: string },
): Promise<string> {
  const [parent] = input.parents;
  const baseTree = parent
    ? (await client.git.getCommit({ ...repo, commit_sha: parent })).data.tree.sha
    : undefined;
  const file = { mode: '100644', type: 'blob' } as const;
  const tree = Object.entries(input.files).map(([path, content]) =>
    content === null ? { ...file, path, sha: null } : { ...file, path, content },
  );
  const { data } = await client.git.createTree({ ...repo, base_tree: baseTree, tree });
  const { parents, message = 'Try it' } = input;
  return (await client.git.createCommit({ ...repo, tree: data.sha, parents, message })).data.sha;
}

/** Makes a branch below the prefix, and gives its name. */
export async function branch({ client, repo, prefix }: Target, name: string, sha: string): Promise<string> {
  await client.git.createRef({ ...repo, ref: `refs/heads/${prefix}${name}`, sha });
  return `${prefix}${name}`;
}

/** A branch that has nothing in common with the others of the repository. */
export async function makeBase(target: Target, name = 'base') {
  const files = {
    'README.md': '# A try\n',
    'envs/dev/values.yaml': 'tag: v1\n',
    'envs/prod/values.yaml': 'tag: v0\n',
    'long.txt': `${Array.from({ length: 30 }, (_, at) => `line ${at}`).join('\n')}\n`,
  };
  const sha = await commit(target, { parents: [], files, message: 'Begin' });
  return { sha, name: await branch(target, name, sha) };
}

export type Base = Awaited<ReturnType<typeof makeBase>>;

/** A pull request with one commit. */
export async function propose(target: Target, base: Base, name: string, files: Files) {
  const { client, repo } = target;
  const sha = await commit(target, { parents: [base.sha], files, message: `Change ${name}` });
  const head = await branch(target, name, sha);
  const { data } = await client.pulls.create({ ...repo, title: `Try ${name}`, head, base: base.name });
  return { ...data, at: { ...repo, pull_number: data.number } };
}
