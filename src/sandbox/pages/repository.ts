import { html } from 'hono/html';
import { requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { listRefs, log } from '../git.ts';
import type { Issue, Repository } from '../state.ts';
import { type Markup, show } from './layout.ts';
import { commitLink, issueLink } from './links.ts';

/** A repository: its branches, pull requests and issues. */
export const repositoryPages: Routes = (app, sandbox) => {
  app.get('/:owner/:repo', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, {});
    const content = html`${repository.private ? html`<p>private</p>` : ''}
${await branchesPart(repository)}
${issuesPart(repository)}
<h2>Clone</h2><pre>git clone ${sandbox.url()}/${repository.fullName}.git</pre>`;
    return show(c, sandbox, { title: repository.name, content, repository });
  });
};

async function branchesPart(repository: Repository): Promise<Markup> {
  const [tip] = await log(repository.gitDir, { include: `refs/heads/${repository.defaultBranch}`, limit: 1 });
  const branches = await listRefs(repository.gitDir, 'refs/heads/');
  const line = (ref: string, sha: string) =>
    html`<li>${ref.replace('refs/heads/', '')}: ${commitLink(repository, sha)}</li>`;
  return html`<p>${repository.defaultBranch}: ${tip ? commitLink(repository, tip.sha) : 'empty'} ${tip?.message.split('\n')[0]}</p>
<details><summary>Branches (${branches.length})</summary><ul>${branches.map(({ ref, sha }) => line(ref, sha))}</ul></details>`;
}

function issuesPart(repository: Repository): Markup {
  const newest = [...repository.issues.values()].reverse();
  const pulls = newest.filter((issue) => issue.isPullRequest);
  const issues = newest.filter((issue) => !issue.isPullRequest);
  const list = (title: string, items: Issue[]) =>
    html`<h2>${title} (${items.length})</h2><ul>${items.map((issue) => html`<li>${issueLink(repository, issue)}, by ${issue.user}</li>`)}</ul>`;
  return html`${list('Open pull requests', pulls.filter(isOpen))}
${list(
  'Closed pull requests',
  pulls.filter((issue) => !isOpen(issue)),
)}
${list('Issues', issues)}`;
}

function isOpen(issue: Issue): boolean {
  return issue.state === 'open';
}
