import { html } from 'hono/html';
import { requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { diffCommits, readCommit, resolveRef } from '../git.ts';
import { notFound, param } from '../route-input.ts';
import { checksPart } from './checks.ts';
import { filesPart } from './diff.ts';
import { show } from './layout.ts';
import { commitLink } from './links.ts';

/** A commit: its message, checks, workflow runs and diff. */
export const commitPages: Routes = (app, sandbox) => {
  app.get('/:owner/:repo/commit/:sha', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, {});
    const sha = await resolveRef(repository.gitDir, param(c, 'sha'));
    if (sha === null) throw notFound();
    const commit = await readCommit(repository.gitDir, sha);
    const files = await diffCommits(repository.gitDir, commit.parents[0] ?? null, sha);
    const runs = [...repository.workflowRuns.values()].filter((run) => run.headSha === sha);
    const content = html`<pre>${commit.message}</pre>
<p>${commit.author.name}, ${commit.author.date}; parents: ${commit.parents.map((one) => html`${commitLink(repository, one)} `)}</p>
${checksPart(sandbox, repository, sha, `/${repository.fullName}/commit/${sha}`)}
<ul>${runs.map((run) => html`<li id="run-${run.id}">${run.name} #${run.runNumber}: ${run.conclusion ?? run.status}</li>`)}</ul>
${filesPart(files)}`;
    return show(c, sandbox, { title: `Commit ${sha.slice(0, 7)}`, content, repository });
  });
};
