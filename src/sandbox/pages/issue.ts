import type { Hono } from 'hono';
import { html } from 'hono/html';
import { requireRepository } from '../access.ts';
import type { Env, RouteContext, SandboxContext } from '../context.ts';
import { notFound, numberParam } from '../route-input.ts';
import type { Issue, PullRequest, Repository } from '../state.ts';
import { type Answer, callApi } from './call-api.ts';
import { conversationPart } from './conversation.ts';
import { formOf } from './form.ts';
import { callOf } from './issue-actions.ts';
import { type Markup, type Refusal, show } from './layout.ts';
import { issuePath, stateOf, time } from './links.ts';
import { markdownOf } from './markdown.ts';
import { contentPart, headPart, mergePart } from './pull.ts';
import { viewerOf } from './viewer.ts';

/** Issues and pull requests, and what people do there; `answer` is the API. */
export function issuePages(app: Hono<Env>, sandbox: SandboxContext, answer: Answer): void {
  for (const path of ['/:owner/:repo/pull/:number', '/:owner/:repo/issues/:number']) {
    app.get(path, async (c: RouteContext) => {
      const { repository, issue } = issueOfPath(c, sandbox);
      const own = issuePath(repository, issue);
      // Either path finds it, as on GitHub; a form goes to the right one.
      return c.req.path === own ? issuePage(c, sandbox, repository, issue) : c.redirect(own);
    });
    app.post(path, async (c: RouteContext) => {
      const { repository, issue } = issueOfPath(c, sandbox);
      const form = await formOf(c);
      const outcome = await callApi(c, sandbox, answer, callOf(repository, issue, form));
      if ('refusal' in outcome)
        return issuePage(c, sandbox, repository, issue, { ...outcome, draft: form.body });
      return c.redirect(issuePath(repository, issue) + hashOf(outcome.data), 303);
    });
  }
}

function issueOfPath(c: RouteContext, sandbox: SandboxContext): { repository: Repository; issue: Issue } {
  const repository = requireRepository(c, sandbox, {});
  const issue = repository.issues.get(numberParam(c, 'number'));
  if (!issue) throw notFound();
  return { repository, issue };
}

/** Where on the page the new thing is. */
function hashOf({ html_url: url }: Record<string, unknown>): string {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).hash : '';
}

async function issuePage(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  issue: Issue,
  failed: { refusal?: Refusal; draft?: string } = {},
): Promise<Response> {
  const pull = repository.pulls.get(issue.number);
  const content = html`<p><b>${stateOf(repository, issue)}</b>, opened by ${issue.user} ${time(issue.createdAt)}; labels: ${issue.labels.join(', ') || 'none'}</p>
${pull ? headPart(repository, pull) : ''}
<article>${markdownOf(issue.body)}</article>
${conversationPart(repository, issue)}
${pull ? await mergePart(c, sandbox, repository, pull) : ''}
${talkForm(c, issue, pull, failed.draft)}
${pull ? await contentPart(sandbox, repository, pull) : ''}`;
  const title = `${issue.title} #${issue.number}`;
  return show(c, sandbox, { title, content, repository, refusal: failed.refusal });
}

/** A review is bound to the head that was looked at. */
function talkForm(c: RouteContext, issue: Issue, pull: PullRequest | undefined, draft = ''): Markup {
  const viewer = viewerOf(c);
  if (viewer === null)
    return html`<p class="quiet">Choose above who you are to comment${pull ? ', review and merge' : ''}.</p>`;
  const reviews = html`<button name="do" value="approve">Approve</button>
<button name="do" value="request-changes">Request changes</button>`;
  const toggle = issue.state === 'open' ? 'close' : 'reopen';
  return html`<form method="post" class="box"><label>As ${viewer.login}: <textarea name="body">
${draft}</textarea></label>
${pull ? html`<input type="hidden" name="sha" value="${pull.headSha}">` : ''}
<button name="do" value="comment">Comment</button>
${pull && issue.state === 'open' ? reviews : ''}
${pull?.merged ? '' : html`<button name="do" value="${toggle}">${toggle === 'close' ? 'Close' : 'Reopen'}</button>`}</form>`;
}
