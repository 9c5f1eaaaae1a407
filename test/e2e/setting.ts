import type { Octokit } from '@octokit/rest';
import { listPromotions, type PromotionPull } from '../../src/cli/demo/promotions.ts';
import { runGit } from '../../src/cli/demo/verify.ts';
import { type BeforeCall, makeWorld, type World, type WorldOptions } from '../../src/cli/demo/world.ts';
import type { Repository } from '../../src/sandbox/state.ts';
import { memoryStorage } from '../queue/memory-queue.ts';

/** Ann owns the organisation, sam and sue are its sre team, dan writes, eve may only read, bo is nobody here. */
const PEOPLE = ['ann', 'sam', 'sue', 'dan', 'eve'] as const;

/** A GitOps repository on a local GitHub with the real app beside it. */
export interface Setting {
  world: World;
  gitops: Repository;
  repo: { owner: string; repo: string };
  as(login: string): Octokit;
  /** Commits a file to the default branch, as a person does on GitHub. */
  write(path: string, text: string, login?: string, author?: { name: string; email: string }): Promise<void>;
  /** A file on a branch, read from git; null when it is not there. */
  read(path: string, branch?: string): Promise<string | null>;
  promotions(): Promise<PromotionPull[]>;
  /** The only promotion to an environment that is open. */
  open(to: string, application?: string): Promise<PromotionPull>;
  /** Latest `sluice/gates` on a head. */
  check(sha: string): Promise<{ state: string; title: string; summary: string; annotations: number }>;
  approve(login: string, pull: number): Promise<void>;
  merge(login: string, pull: number): Promise<void>;
  comment(login: string, issue: number, body: string): Promise<number>;
  comments(issue: number): Promise<string[]>;
  /** Keeps deliveries from the app until the returned function is called: it learns of nothing by itself. */
  muteWebhooks(): () => void;
  settle(): Promise<void>;
  /** Has the app look at everything again. */
  sweep(): Promise<void>;
}

/** Files by path, with the config as one of them. */
export interface SettingOptions {
  beforeCall?: BeforeCall;
  isStarted?: boolean;
  /** Opened at each start of the app; what it keeps outlives the app when left out. */
  storage?: WorldOptions['storage'];
  history?: WorldOptions['history'];
  serve?: WorldOptions['serve'];
}

export async function makeSetting(
  files: Record<string, string>,
  { beforeCall, isStarted = true, storage = memoryStorage(), history, serve }: SettingOptions = {},
): Promise<Setting> {
  const world = await makeWorld('acme', PEOPLE, { storage, history, serve });
  world.sandbox.addTeam('acme', 'sre', ['sam', 'sue']);
  const collaborators = { ann: 'admin', sam: 'write', sue: 'write', dan: 'write', eve: 'read' } as const;
  const gitops = await world.sandbox.addRepository({ owner: 'acme', name: 'gitops', files, collaborators });
  if (isStarted) await world.startApp(beforeCall);
  await world.settle();
  return use(world, gitops);
}

function use(world: World, gitops: Repository): Setting {
  const repo = { owner: 'acme', repo: 'gitops' };
  const read: Setting['read'] = async (path, branch = 'main') => {
    const listed = await runGit(gitops.gitDir, ['ls-tree', '--name-only', `refs/heads/${branch}`, path]);
    return listed.trim() === ''
      ? null
      : runGit(gitops.gitDir, ['cat-file', 'blob', `refs/heads/${branch}:${path}`]);
  };
  const promotions = () => listPromotions(world.as('ann'), gitops);
  return {
    world,
    gitops,
    repo,
    as: world.as,
    read,
    promotions,
    settle: world.settle,
    async sweep() {
      await world.sweep();
      await world.settle();
    },
    muteWebhooks() {
      const drop = world.sandbox.faults.add({
        delivery: {},
        times: Number.POSITIVE_INFINITY,
        effect: { kind: 'drop' },
      });
      return () => drop.remove();
    },
    async write(path, text, login = 'dan', author) {
      const octokit = world.as(login);
      const content = Buffer.from(text).toString('base64');
      const found = await octokit.rest.repos.getContent({ ...repo, path }).catch(() => null);
      const sha = found && !Array.isArray(found.data) ? found.data.sha : undefined;
      await octokit.rest.repos.createOrUpdateFileContents({
        ...repo,
        path,
        content,
        sha,
        author,
        message: `Change ${path}`,
      });
      await world.settle();
    },
    async open(to, application = 'checkout') {
      const open = (await promotions()).filter(
        (each) => each.isOpen && each.to === to && each.application === application,
      );
      if (open.length !== 1) throw new Error(`${open.length} promotions of ${application} to ${to} are open`);
      return open[0]!;
    },
    async check(sha) {
      const { data } = await world
        .as('ann')
        .rest.checks.listForRef({ ...repo, ref: sha, check_name: 'sluice/gates' });
      const check = data.check_runs.sort((a, b) => b.id - a.id)[0];
      if (!check) throw new Error(`no sluice/gates on ${sha}`);
      const { title, summary, annotations_count: annotations } = check.output;
      return {
        state: check.conclusion ?? check.status,
        title: title ?? '',
        summary: summary ?? '',
        annotations,
      };
    },
    async approve(login, pull) {
      await world.as(login).rest.pulls.createReview({ ...repo, pull_number: pull, event: 'APPROVE' });
      await world.settle();
    },
    async merge(login, pull) {
      await world.as(login).rest.pulls.merge({ ...repo, pull_number: pull, merge_method: 'squash' });
      await world.settle();
    },
    async comment(login, issue, body) {
      const { data } = await world
        .as(login)
        .rest.issues.createComment({ ...repo, issue_number: issue, body });
      await world.settle();
      return data.id;
    },
    async comments(issue) {
      const { data } = await world.as('ann').rest.issues.listComments({ ...repo, issue_number: issue });
      return data.map(({ body }) => body ?? '');
    },
  };
}

/** A kustomization that holds one image, and something that belongs to the environment. */
export function overlay(tag: string, replicas = 1, application = 'checkout'): string {
  return `images:
  - name: ghcr.io/acme/${application}
    newTag: ${tag} # the release
replicas:
  - name: ${application}
    count: ${replicas}
`;
}

export function overlayPath(environment: string, application = 'checkout'): string {
  return `apps/${application}/overlays/${environment}/kustomization.yaml`;
}

/** dev -> staging -> prod, with gates for prod as the test wants them. */
export function config(environments: string, more = ''): string {
  return `path: apps/{app}/overlays/{env}\nenvironments:\n${environments}${more}`;
}
