import type { Octokit } from '@octokit/rest';
import { readAppManifest } from '../../src/cli/app-manifest.ts';
import type { Client } from '../../src/github/client.ts';
import { makeHost } from '../../src/github/host.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Payload } from '../../src/webhooks/deliveries.ts';
import type { People } from '../memory-github/people.ts';
import { octokitForApp, octokitForToken, webhookReceiver } from '../sandbox/core-clients.ts';
import { type Hook, type OpenStage, REPOSITORY, START_MS } from './stage.ts';

const [owner, name] = REPOSITORY.split('/') as [string, string];
const repo = { owner, repo: name };
const log = { info: () => {}, warn: () => {}, error: () => {} };

/** The local GitHub over HTTP, with the ports that the app has. */
export const openSandboxStage: OpenStage = async ({ files, roles, isProtected = false }) => {
  const sandbox = await startSandbox();
  sandbox.clock.set(START_MS);
  const hooks = await webhookReceiver();
  const clients = new Map(
    Object.keys(roles).map((login) => [login, octokitForToken(sandbox, sandbox.addUser(login).token)]),
  );
  const [first] = Object.keys(roles);
  sandbox.addOrganization(owner, { members: Object.keys(roles), owners: [first!] });
  const webhook = { webhookUrl: hooks.url, webhookSecret: 'only between the two of us' };
  const app = sandbox.addApp({ slug: 'sluice', ...(await readAppManifest()), ...webhook });
  const installation = sandbox.install(app.id, owner);
  await sandbox.addRepository({ owner, name, files, collaborators: roles });
  if (isProtected) await protect(clients.get(first!)!);
  // Tokens expire by the clock of the sandbox, and Octokit keeps them by that of this machine.
  const makeClient = () => octokitForApp(sandbox, app, installation.id) as unknown as Client;
  let client = makeClient();
  const asApp = octokitForApp(sandbox, app) as unknown as Client;
  await sandbox.idle();
  hooks.received.length = 0;
  return {
    appId: app.id,
    makeHost: () => makeHost(async (id) => (id === undefined ? asApp : client), log),
    people: makePeople((login) => clients.get(login)!),
    now: sandbox.clock.now,
    pass(durationMs) {
      sandbox.clock.advance(durationMs);
      if (durationMs >= 60_000) client = makeClient();
    },
    takeHooks: () => takeHooks(sandbox, hooks.received),
    async stop() {
      await sandbox.stop();
      await hooks.stop();
    },
  };
};

async function takeHooks(
  sandbox: Sandbox,
  received: Awaited<ReturnType<typeof webhookReceiver>>['received'],
): Promise<Hook[]> {
  await sandbox.idle();
  return received.splice(0).map(({ headers, body }) => ({
    event: String(headers['x-github-event']),
    payload: JSON.parse(body) as Payload,
  }));
}

async function protect(octokit: Octokit): Promise<void> {
  await octokit.repos.updateBranchProtection({
    ...repo,
    branch: 'main',
    required_status_checks: { strict: false, contexts: ['sluice/gates'] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
}

/** False, or null, when GitHub refuses. */
async function tried(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Error && 'status' in error && Number(error.status) < 500) return false;
    throw error;
  }
}

function makePeople(as: (login: string) => Octokit): People {
  const pullOf = (number: number) => ({ ...repo, pull_number: number });
  return {
    async push(login, branch, files, message) {
      const { git } = as(login);
      const ref = `heads/${branch}`;
      const tip = await git.getRef({ ...repo, ref }).then(
        ({ data }) => data.object.sha,
        () => null,
      );
      if (tip === null) return null;
      const tree = Object.entries(files).map(
        ([path, content]) => ({ path, mode: '100644', type: 'blob', content }) as const,
      );
      const made = await git.createTree({ ...repo, base_tree: tip, tree });
      const commit = await git.createCommit({ ...repo, tree: made.data.sha, parents: [tip], message });
      await git.updateRef({ ...repo, ref, sha: commit.data.sha });
      return commit.data.sha;
    },
    async createBranch(login, branch, sha) {
      await as(login).git.createRef({ ...repo, ref: `refs/heads/${branch}`, sha });
    },
    deleteBranch: (login, branch) => tried(as(login).git.deleteRef({ ...repo, ref: `heads/${branch}` })),
    review(login, pull, verdict) {
      const event = verdict === 'approve' ? 'APPROVE' : 'REQUEST_CHANGES';
      return tried(as(login).pulls.createReview({ ...pullOf(pull), event, body: verdict }));
    },
    async dismiss(login, pull, reviewer) {
      const { data } = await as(login).pulls.listReviews({ ...pullOf(pull), per_page: 100 });
      const review = data.findLast(({ user, state }) => user?.login === reviewer && state !== 'COMMENTED');
      if (!review) return false;
      return tried(
        as(login).pulls.dismissReview({ ...pullOf(pull), review_id: review.id, message: 'not any more' }),
      );
    },
    async comment(login, issue, body) {
      return (await as(login).issues.createComment({ ...repo, issue_number: issue, body })).data.id;
    },
    async editComment(login, id, body) {
      await as(login).issues.updateComment({ ...repo, comment_id: id, body });
    },
    async openIssue(login) {
      return (await as(login).issues.create({ ...repo, title: 'Talk' })).data.number;
    },
    async editIssue(login, issue, { body, isOpen }) {
      const state = isOpen === undefined ? undefined : isOpen ? 'open' : 'closed';
      await as(login).issues.update({ ...repo, issue_number: issue, body, state });
    },
    merge: (login, pull, method) => tried(as(login).pulls.merge({ ...pullOf(pull), merge_method: method })),
    async close(login, pull) {
      const { data } = await as(login).pulls.get(pullOf(pull));
      return data.state === 'open' && tried(as(login).pulls.update({ ...pullOf(pull), state: 'closed' }));
    },
    async updateBranch(login, pull) {
      return tried(as(login).pulls.updateBranch(pullOf(pull)));
    },
    async status(login, sha, context, state) {
      await as(login).repos.createCommitStatus({ ...repo, sha, context, state });
    },
  };
}
