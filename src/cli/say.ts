import { setTimeout as pause } from 'node:timers/promises';
import { Octokit } from '@octokit/rest';
import { DASHBOARD_LABEL, isDashboard } from '../promotion/dashboard/dashboard-issue.ts';
import { need } from './credentials.ts';
import type { Output } from './explain.ts';
import { printable } from './printable.ts';

export interface SayOptions {
  /** Full name of the GitOps repository. */
  repository: string;
  /** Number of the issue or pull request on which it is said; null: on the dashboard. */
  on: number | null;
  /** How long to wait for the answer; 0: not at all. */
  waitMs: number;
  /** How often GitHub is asked meanwhile. */
  everyMs?: number;
}

/** What became of what was said; `late`: no answer came within the time. */
export type Said = 'done' | 'refused' | 'late' | 'sent';

/**
 * Says a command on GitHub, as the person whose GITHUB_TOKEN it is, and prints Sluice's answer. Nobody can do more from a
 * shell than by a comment: it is one, and stands there for everybody to see.
 *
 * @throws when there is nothing to say it on, or GitHub refuses
 */
export async function say(
  command: string,
  { repository, on, waitMs, everyMs = 2_000 }: SayOptions,
  env: NodeJS.ProcessEnv,
  output: Output,
): Promise<Said> {
  if (/[\r\n\u2028\u2029]/.test(command)) throw new Error('a command is one line');
  const auth = need(env, 'GITHUB_TOKEN', 'a token of yours that may write comments in the repository');
  const octokit = new Octokit({ auth, ...(env.GITHUB_API_URL && { baseUrl: env.GITHUB_API_URL }) });
  const [owner, repo] = splitName(repository);
  const issue = on ?? (await findDashboardNumber(octokit, owner, repo));
  const place = { owner, repo, issue_number: issue };
  const { data: comment } = await octokit.rest.issues.createComment({ ...place, body: command });
  output.line(printable(comment.html_url));
  const endMs = performance.now() + waitMs;
  while (performance.now() < endMs) {
    await pause(everyMs);
    const verdict = await readVerdict(octokit, { owner, repo, comment_id: comment.id });
    if (verdict === null) continue;
    const since = comment.created_at;
    const answers = await octokit.paginate(octokit.rest.issues.listComments, {
      ...place,
      since,
      per_page: 100,
    });
    for (const { body = '', user } of answers) {
      if (user?.type === 'Bot' && body.includes(`<!-- sluice:answer comment=${comment.id}`))
        output.line(printable(body.replace(/<!--.*?-->/gs, '').trim()));
    }
    return verdict;
  }
  return waitMs > 0 ? 'late' : 'sent';
}

function splitName(repository: string): [owner: string, name: string] {
  const [owner = '', name = '', ...rest] = repository.split('/');
  if (owner === '' || name === '' || rest.length > 0)
    throw new Error(`${JSON.stringify(repository)} is no repository: write OWNER/NAME`);
  return [owner, name];
}

async function findDashboardNumber(octokit: Octokit, owner: string, repo: string): Promise<number> {
  const { data } = await octokit.rest.issues.listForRepo({
    owner,
    repo,
    labels: DASHBOARD_LABEL,
    state: 'open',
  });
  const dashboard = data.find(({ user, body }) => user?.type === 'Bot' && isDashboard(body ?? ''));
  if (!dashboard)
    throw new Error(
      `${owner}/${repo} has no dashboard of Sluice to say it on: --on NUMBER names an issue or pull request`,
    );
  return dashboard.number;
}

/** The App's reaction tells that the work on a comment has ended. */
async function readVerdict(
  octokit: Octokit,
  comment: { owner: string; repo: string; comment_id: number },
): Promise<'done' | 'refused' | null> {
  const { data } = await octokit.rest.reactions.listForIssueComment({ ...comment, per_page: 100 });
  const own = data.filter(({ user }) => user?.type === 'Bot').map(({ content }) => content);
  if (own.includes('rocket')) return 'done';
  return own.includes('confused') ? 'refused' : null;
}
