import { html } from 'hono/html';
import type { RouteContext, SandboxContext } from '../context.ts';
import { mergeability, reasonsAgainst } from '../mergeability.ts';
import { isOpen, pullCommits, pullFiles } from '../pull-git.ts';
import { threadsOf } from '../review-threads.ts';
import type { PullRequest, Repository } from '../state.ts';
import { checksPart } from './checks.ts';
import { filesPart } from './diff.ts';
import type { Markup } from './layout.ts';
import { commitLink } from './links.ts';
import { viewerOf } from './viewer.ts';

/** What goes where, and who is asked for a review. */
export function headPart(repository: Repository, pull: PullRequest): Markup {
  const from = pull.headRepository === repository.fullName ? '' : `${pull.headRepository}:`;
  const asked = [...pull.requestedReviewers, ...pull.requestedTeams].join(', ');
  return html`<p><code>${from}${pull.headRef}</code> into <code>${pull.baseRef}</code>, head ${commitLink(repository, pull.headSha)}</p>
${isOpen(repository, pull) && asked ? html`<p>Waiting for a review of ${asked}</p>` : ''}`;
}

/** Checks, commits and files of a pull request. */
export async function contentPart(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<Markup> {
  const commits = (await pullCommits(repository, pull)).map(
    (one) =>
      html`<li>${commitLink(repository, one.sha)} ${one.message.split('\n')[0]} <span class="quiet">${one.author.name}</span></li>`,
  );
  return html`${checksPart(sandbox, repository, pull.headSha, `/${repository.fullName}/pull/${pull.number}`)}
<section id="commits"><h2>Commits (${commits.length})</h2><ul>${commits}</ul></section>
${filesPart(await pullFiles(repository, pull), threadsOf(repository, pull.number))}`;
}

const STATES: Record<string, [colour: string, text: string]> = {
  clean: ['good', 'can be merged'],
  unstable: ['wait', 'can be merged, though not every check passed'],
  blocked: ['bad', 'is blocked'],
  behind: ['wait', 'is behind its base branch'],
  dirty: ['bad', 'conflicts with its base branch'],
  draft: ['wait', 'is a draft'],
};

/** Whether it was merged, or what stands in the way of whoever looks. */
export async function mergePart(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<Markup> {
  if (pull.merged)
    return html`<p id="merge" class="box"><b class="good">Merged</b> as ${commitLink(repository, pull.mergeCommitSha ?? '')} by ${pull.mergedBy}</p>`;
  if (!isOpen(repository, pull)) return html`<p id="merge" class="box">Closed without a merge</p>`;
  const viewer = viewerOf(c);
  const actor = viewer && { login: viewer.login, appId: null };
  const { state } = await mergeability(sandbox, repository, pull, actor);
  const [colour, text] = STATES[state] ?? ['wait', state];
  const reasons = await reasonsAgainst(sandbox, repository, pull, actor);
  return html`<div id="merge" class="box"><p>It <b class="${colour}">${text}</b>.</p>
${reasons.length > 0 ? html`<ul>${reasons.map(({ message }) => html`<li>${message}</li>`)}</ul>` : ''}
${viewer ? mergeForm(repository, pull) : ''}</div>`;
}

/** Merges the head that was looked at, and no other. */
function mergeForm(repository: Repository, pull: PullRequest): Markup {
  const methods = [
    { name: 'squash', label: 'Squash and merge', allowed: repository.allowSquashMerge },
    { name: 'merge', label: 'Create a merge commit', allowed: repository.allowMergeCommit },
    { name: 'rebase', label: 'Rebase and merge', allowed: repository.allowRebaseMerge },
  ].filter(({ allowed }) => allowed);
  return html`<form method="post"><input type="hidden" name="sha" value="${pull.headSha}">
${methods.map(({ name, label }) => html`<button name="do" value="${name}">${label}</button> `)}</form>`;
}
