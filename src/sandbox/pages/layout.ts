import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { roleOf } from '../access.ts';
import type { RouteContext, SandboxContext } from '../context.ts';
import type { Repository } from '../state.ts';
import { peopleToBe, viewerOf } from './viewer.ts';

/** `html` escapes all that it is given, but what it or Markdown made. */
export type Markup = ReturnType<typeof html>;

export interface Page {
  title: string;
  content: Markup;
  /** The one that it is about. */
  repository?: Repository;
  /** Why the local GitHub did not do what was asked. */
  refusal?: Refusal;
}

export interface Refusal {
  status: number;
  text: string;
}

/** Answers with a page. */
export function show(c: RouteContext, sandbox: SandboxContext, page: Page): Response | Promise<Response> {
  const { title, content, repository, refusal } = page;
  const place = repository ? ` · ${repository.fullName}` : '';
  return c.html(
    html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}${place}</title>
<link rel="stylesheet" href="/-/style.css"></head>
<body><header><nav><a href="/">Repositories</a><a href="/-/deliveries">Deliveries</a>${repository ? repositoryLink(repository) : ''}</nav>
${personForm(c, sandbox, repository)}</header>
<main><h1>${title}</h1>${refusal ? html`<p class="refusal" role="alert">${refusal.text}</p>` : ''}
${content}</main></body></html>`,
    (refusal?.status ?? 200) as ContentfulStatusCode,
  );
}

export function repositoryLink({ fullName }: Repository): Markup {
  return html`<a href="/${fullName}">${fullName}</a>`;
}

/** Where whoever looks chooses who to be; on a repository's pages with the role that each has there. */
function personForm(c: RouteContext, sandbox: SandboxContext, repository: Repository | undefined): Markup {
  const viewer = viewerOf(c)?.login;
  const option = (login: string) => {
    const role = repository ? ` (${roleOf(sandbox, repository, login)})` : '';
    return html`<option value="${login}"${login === viewer ? html` selected` : ''}>${login}${role}</option>`;
  };
  const { pathname, search } = new URL(c.req.url);
  return html`<form method="post" action="/-/person"><input type="hidden" name="back" value="${pathname}${search}">
<label>You are <select name="person"><option value="">nobody</option>${peopleToBe(sandbox).map(({ login }) => option(login))}</select></label>
<button>Switch</button></form>`;
}
