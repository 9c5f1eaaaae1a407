import { html } from 'hono/html';
import { actingUser, requireRepository } from '../access.ts';
import { requestAction } from '../check-run-events.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { checkRunOutcome, latestCheckRuns, latestStatuses, statusOutcome } from '../required-checks.ts';
import { notFound, numberParam } from '../route-input.ts';
import type { CheckRun, CommitStatus, Repository } from '../state.ts';
import { backTo, formOf } from './form.ts';
import type { Markup } from './layout.ts';
import { outwardLink } from './links.ts';
import { markdownOf } from './markdown.ts';

/**
 * The buttons that Apps put on their check runs; GitHub has no call of its API for them.
 * https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-checks#check-runs-and-requested-actions
 */
export const checkPages: Routes = (app, sandbox) => {
  app.post('/:owner/:repo/check-runs/:id/actions', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { role: 'write' });
    const run = repository.checkRuns.get(numberParam(c, 'id'));
    const { identifier, back } = await formOf(c);
    const action = run?.actions.find((one) => one.identifier === identifier);
    if (!run || !action || run.status !== 'completed') throw notFound();
    const { login } = actingUser(c);
    requestAction(sandbox, repository, { checkRunId: run.id, identifier: action.identifier, login });
    return c.redirect(backTo(back), 303);
  });
};

/** The newest checks and statuses of a commit; `back` is the page's own path. */
export function checksPart(
  sandbox: SandboxContext,
  repository: Repository,
  sha: string,
  back: string,
): Markup {
  const runs = latestCheckRuns(repository, sha);
  const statuses = latestStatuses(repository, sha);
  return html`<section id="checks"><h2>Checks (${runs.length + statuses.length})</h2>
${runs.map((run) => runPart(sandbox, repository, run, back))}${statuses.map(statusPart)}</section>`;
}

const COLOURS: Record<string, string> = { satisfied: 'good', failing: 'bad', errored: 'bad' };

function runPart(sandbox: SandboxContext, repository: Repository, run: CheckRun, back: string): Markup {
  const { title, summary, text } = run.output;
  const colour = COLOURS[checkRunOutcome(run)] ?? 'wait';
  return html`<article id="check-${run.id}"><h3>${outwardLink(run.detailsUrl, run.name)}:
<span class="${colour}">${run.conclusion ?? run.status}</span>
<span class="quiet">${sandbox.state.apps.get(run.appId)?.name}</span></h3>
${title ? html`<p><b>${title}</b></p>` : ''}${markdownOf(summary)}
${text ? html`<details><summary>Details</summary>${markdownOf(text)}</details>` : ''}
${annotationsPart(run)}${actionsPart(repository, run, back)}</article>`;
}

function annotationsPart({ output }: CheckRun): Markup {
  const line = ({ path, start_line, annotation_level, message }: Record<string, unknown>) =>
    html`<li>${String(annotation_level)} in ${String(path)}, line ${String(start_line)}: ${String(message)}</li>`;
  return html`${output.annotations.length > 0 ? html`<ul>${output.annotations.map(line)}</ul>` : ''}`;
}

function actionsPart(repository: Repository, run: CheckRun, back: string): Markup {
  const button = ({ identifier, label, description }: CheckRun['actions'][number]) =>
    html`<button name="identifier" value="${identifier}" title="${description}">${label}</button> `;
  // https://docs.github.com/en/rest/checks/runs#create-a-check-run: shown after the check run completes.
  if (run.actions.length === 0 || run.status !== 'completed') return html``;
  return html`<form method="post" action="/${repository.fullName}/check-runs/${run.id}/actions">
<input type="hidden" name="back" value="${back}">${run.actions.map(button)}</form>`;
}

function statusPart(status: CommitStatus): Markup {
  const colour = COLOURS[statusOutcome(status)] ?? 'wait';
  return html`<article><h3>${outwardLink(status.targetUrl, status.context)}: <span class="${colour}">${status.state}</span>
<span class="quiet">${status.creator}</span></h3><p>${status.description ?? ''}</p></article>`;
}
