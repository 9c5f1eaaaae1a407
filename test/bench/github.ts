import { makeWorld, type World, type WorldOptions } from '../../src/cli/demo/world.ts';
import type { ServeOptions } from '../../src/cli/serve.ts';
import { observeSandboxes } from '../../src/sandbox/observe.ts';
import type { Call, PullRequest, Repository } from '../../src/sandbox/state.ts';
import { memoryStorage } from '../queue/memory-queue.ts';

/** A local GitHub with a GitOps repository and the real app beside it. */
export interface GitHub {
  world: World;
  gitops: Repository;
  /** A person brings files to the default branch in one commit. */
  commit(files: Record<string, string>): Promise<void>;
  /** A person merges a pull request. */
  merge(number: number): Promise<void>;
  /** What a process of its own is started with to use it. */
  environment: Record<string, string>;
  /** Calls of the app since the last time that this was asked. */
  takeCalls(): readonly Call[];
}

const PERSON = 'dan';

/**
 * Starts it with the app not running yet. The app looks at nothing before it is told to. Jobs wait in memory by default:
 * how many calls there are depends on what GitHub is asked, and not on how work is kept.
 */
export async function openGitHub(
  files: Record<string, string>,
  serve: Partial<ServeOptions> = {},
  storage: WorldOptions['storage'] = memoryStorage(),
): Promise<GitHub> {
  const world = await makeWorld('acme', ['ann', PERSON], {
    storage,
    serve: { isSweeping: false, ...serve },
  });
  const collaborators = { ann: 'admin', [PERSON]: 'write' } as const;
  const gitops = await world.sandbox.addRepository({ owner: 'acme', name: 'gitops', files, collaborators });
  let taken = 0;
  return {
    world,
    gitops,
    commit: (changed) => commitFiles(world, gitops, changed),
    async merge(number) {
      const repo = { owner: gitops.owner, repo: gitops.name };
      await world.as('ann').rest.pulls.merge({ ...repo, pull_number: number, merge_method: 'squash' });
    },
    environment: {
      APP_ID: String(world.appId),
      PRIVATE_KEY: world.privateKeyPem,
      WEBHOOK_SECRET: world.webhookSecret,
      GITHUB_API_URL: world.sandbox.url,
    },
    takeCalls() {
      const { calls } = world.sandbox;
      const own = calls.slice(taken).filter(isOwn);
      taken = calls.length;
      return own;
    },
  };
}

/** Whether the app made a call, and not a person. Who it is, it asks once in the life of a process, and not for this. */
function isOwn({ actor, path }: Call): boolean {
  return (actor.startsWith('app:') || actor.startsWith('installation:')) && path !== '/app';
}

/** Over the API, as GitHub's own merge of one pull request is for whoever hears of it: one push. */
async function commitFiles(world: World, gitops: Repository, files: Record<string, string>): Promise<void> {
  const { git } = world.as(PERSON).rest;
  const repo = { owner: gitops.owner, repo: gitops.name };
  const ref = `heads/${gitops.defaultBranch}`;
  const parent = (await git.getRef({ ...repo, ref })).data.object.sha;
  const base = (await git.getCommit({ ...repo, commit_sha: parent })).data.tree.sha;
  const tree = Object.entries(files).map(([path, content]) => {
    return { path, content, mode: '100644' as const, type: 'blob' as const };
  });
  const made = await git.createTree({ ...repo, base_tree: base, tree });
  const commit = await git.createCommit({
    ...repo,
    tree: made.data.sha,
    parents: [parent],
    message: 'Release',
  });
  await git.updateRef({ ...repo, ref, sha: commit.data.sha });
}

/** Open pull requests of the app that are labelled and have their check run on the head. */
export function findComplete({ pulls, issues, checkRuns }: Repository): PullRequest[] {
  const checked = new Set(
    [...checkRuns.values()].filter(({ name }) => name === 'sluice/gates').map(({ headSha }) => headSha),
  );
  return [...pulls.values()].filter(({ number, headSha }) => {
    const issue = issues.get(number);
    const isOpen = issue?.state === 'open' && issue.appId !== null;
    return isOpen && issue.labels.includes('sluice') && checked.has(headSha);
  });
}

/**
 * Does something, waits until nothing moves any more, and tells the calls of the app that came until `isDone` first
 * held, and all of them. @throws Error when it never held
 */
export async function countCalls(
  github: GitHub,
  act: () => Promise<void>,
  isDone: () => boolean,
): Promise<{ until: number; all: number }> {
  const { world } = github;
  github.takeCalls();
  const before = world.sandbox.calls.length;
  let doneAt: number | null = null;
  // The call that is answered here is not in the log yet.
  const stopObserving = observeSandboxes({
    onExchange() {
      if (doneAt === null && isDone()) doneAt = world.sandbox.calls.length + 1;
    },
    onDelivery() {},
  });
  await act();
  await world.settle();
  stopObserving();
  if (doneAt === null) throw new Error('the app did not do what is measured');
  const own = world.sandbox.calls.slice(before, doneAt).filter(isOwn).length;
  return { until: own, all: github.takeCalls().length };
}
