import type { Hono } from 'hono';
import { html } from 'hono/html';
import { findRepository } from './access.ts';
import type { Env, RouteContext, Routes, SandboxContext } from './context.ts';
import { diffCommits, type GitFileChange, log, readCommit, resolveRef } from './git.ts';
import { isOpen, pullFiles } from './pull-git.ts';
import { latestCheckRuns, latestStatuses } from './required-checks.ts';
import { notFound, numberParam, param } from './route-input.ts';
import type { Issue, Repository } from './state.ts';

type Markup = ReturnType<typeof html>;

/**
 * Plain pages, so that every `html_url` opens in a browser. Whoever can reach the local GitHub sees
 * them all, private repositories too. `html` escapes all that it is given.
 */
export const pageRoutes: Routes = (app, sandbox) => {
  page(app, sandbox, '/:owner/:repo', (_c, repository) => repositoryPage(repository));
  page(app, sandbox, '/:owner/:repo/pull/:number', (c, repository) => issuePage(c, repository));
  page(app, sandbox, '/:owner/:repo/issues/:number', (c, repository) => issuePage(c, repository));
  page(app, sandbox, '/:owner/:repo/commit/:sha', (c, repository) => commitPage(c, repository));
};

interface Page {
  title: string;
  content: Markup;
}

function page(
  app: Hono<Env>,
  sandbox: SandboxContext,
  path: string,
  make: (c: RouteContext, repository: Repository) => Promise<Page>,
): void {
  app.get(path, async (c: RouteContext) => {
    const repository = findRepository(sandbox.state, param(c, 'owner'), param(c, 'repo'));
    if (!repository) throw notFound();
    const { title, content } = await make(c, repository);
    return c.html(
      html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} · ${repository.fullName}</title></head>
<body><p><a href="/${repository.fullName}">${repository.fullName}</a></p><h1>${title}</h1>${content}</body></html>`,
    );
  });
}

async function repositoryPage(repository: Repository): Promise<Page> {
  const [tip] = await log(repository.gitDir, { include: `refs/heads/${repository.defaultBranch}`, limit: 1 });
  const newest = [...repository.issues.values()].reverse();
  const list = (title: string, issues: Issue[]) =>
    html`<h2>${title}</h2><ul>${issues.map((issue) => html`<li>${issueLink(repository, issue)}</li>`)}</ul>`;
  const pulls = newest.filter((issue) => issue.isPullRequest);
  const content = html`<p>${repository.defaultBranch}: ${tip ? commitLink(repository, tip.sha) : 'empty'} ${tip?.message.split('\n')[0]}</p>
${list(
  'Open pull requests',
  pulls.filter((issue) => issue.state === 'open'),
)}
${list(
  'Closed pull requests',
  pulls.filter((issue) => issue.state === 'closed'),
)}
${list(
  'Issues',
  newest.filter((issue) => !issue.isPullRequest),
)}`;
  return { title: repository.name, content };
}

function issueLink(repository: Repository, issue: Issue): Markup {
  const kind = issue.isPullRequest ? 'pull' : 'issues';
  return html`<a href="/${repository.fullName}/${kind}/${issue.number}">#${issue.number} ${issue.title}</a> (${stateOf(repository, issue)})`;
}

function stateOf(repository: Repository, issue: Issue): string {
  return repository.pulls.get(issue.number)?.merged ? 'merged' : issue.state;
}

function commitLink(repository: Repository, sha: string): Markup {
  return html`<a href="/${repository.fullName}/commit/${sha}">${sha.slice(0, 7)}</a>`;
}

async function issuePage(c: RouteContext, repository: Repository): Promise<Page> {
  const issue = repository.issues.get(numberParam(c, 'number'));
  if (!issue) throw notFound();
  const comments = [...repository.comments.values()].filter((one) => one.issueNumber === issue.number);
  const content = html`<p>${stateOf(repository, issue)}, opened by ${issue.user} at ${issue.createdAt}; labels: ${issue.labels.join(', ') || 'none'}</p>
<pre>${issue.body ?? ''}</pre>
${issue.isPullRequest ? await pullPart(repository, issue.number) : ''}
<h2>Comments</h2>${comments.map((one) => html`<section id="issuecomment-${one.id}"><h3>${one.user}, ${one.createdAt}</h3><pre>${one.body}</pre></section>`)}`;
  return { title: `${issue.title} #${issue.number}`, content };
}

async function pullPart(repository: Repository, number: number): Promise<Markup> {
  const pull = repository.pulls.get(number);
  if (!pull) throw notFound();
  const reviews = [...repository.reviews.values()].filter((review) => review.pullNumber === number);
  const asked = [...pull.requestedReviewers, ...pull.requestedTeams].join(', ');
  const merged = pull.mergeCommitSha
    ? html`; merged as ${commitLink(repository, pull.mergeCommitSha)} by ${pull.mergedBy}`
    : '';
  return html`<p>${pull.headRepository}:${pull.headRef} into ${pull.baseRef}, head ${commitLink(repository, pull.headSha)}${merged}</p>
<h2>Reviews</h2><p>${isOpen(repository, pull) && asked ? `Waiting for ${asked}` : ''}</p>
<ul>${reviews.map((one) => html`<li id="pullrequestreview-${one.id}">${one.user}: ${one.state} of ${one.commitId.slice(0, 7)} <pre>${one.body}</pre></li>`)}</ul>
${checksPart(repository, pull.headSha)}
${filesPart(await pullFiles(repository, pull))}`;
}

function checksPart(repository: Repository, sha: string): Markup {
  const runs = latestCheckRuns(repository, sha).map(
    (run) => html`<section id="check-${run.id}"><h3>${run.name}: ${run.conclusion ?? run.status}</h3>
<p>${run.output.title ?? ''}</p><pre>${run.output.summary ?? ''}</pre></section>`,
  );
  const statuses = latestStatuses(repository, sha).map(
    (status) => html`<h3>${status.context}: ${status.state}</h3><p>${status.description ?? ''}</p>`,
  );
  return html`<h2>Checks</h2>${runs}${statuses}`;
}

function filesPart(files: GitFileChange[]): Markup {
  return html`<h2>Files</h2>${files.map((file) => {
    const name = file.previousPath === null ? file.path : `${file.previousPath} -> ${file.path}`;
    return html`<h3>${name} (${file.status}, +${file.additions} -${file.deletions})</h3><pre>${file.patch ?? ''}</pre>`;
  })}`;
}

async function commitPage(c: RouteContext, repository: Repository): Promise<Page> {
  const sha = await resolveRef(repository.gitDir, param(c, 'sha'));
  if (sha === null) throw notFound();
  const commit = await readCommit(repository.gitDir, sha);
  const files = await diffCommits(repository.gitDir, commit.parents[0] ?? null, sha);
  const runs = [...repository.workflowRuns.values()].filter((run) => run.headSha === sha);
  const content = html`<pre>${commit.message}</pre><p>${commit.author.name}, ${commit.author.date}; parents: ${commit.parents.map((one) => html`${commitLink(repository, one)} `)}</p>
${checksPart(repository, sha)}
<ul>${runs.map((run) => html`<li id="run-${run.id}">${run.name} #${run.runNumber}: ${run.conclusion ?? run.status}</li>`)}</ul>
${filesPart(files)}`;
  return { title: `Commit ${sha.slice(0, 7)}`, content };
}
