import { html } from 'hono/html';
import type { Issue, Repository } from '../state.ts';
import type { Markup } from './layout.ts';

export function issuePath(repository: Repository, issue: Issue): string {
  return `/${repository.fullName}/${issue.isPullRequest ? 'pull' : 'issues'}/${issue.number}`;
}

export function issueLink(repository: Repository, issue: Issue): Markup {
  return html`<a href="${issuePath(repository, issue)}">#${issue.number} ${issue.title}</a> (${stateOf(repository, issue)})`;
}

/** `draft`, `open`, `closed` or `merged`. */
export function stateOf(repository: Repository, issue: Issue): string {
  const pull = repository.pulls.get(issue.number);
  if (pull?.merged) return 'merged';
  return pull?.draft && issue.state === 'open' ? 'draft' : issue.state;
}

export function commitLink(repository: Repository, sha: string): Markup {
  return html`<a href="/${repository.fullName}/commit/${sha}"><code>${sha.slice(0, 7)}</code></a>`;
}

/** A link that a program gave; its text alone when it leads to no web page. */
export function outwardLink(url: string | null, text: string): Markup {
  if (url === null || !/^https?:\/\//i.test(url)) return html`${text}`;
  return html`<a href="${url}" rel="nofollow noopener noreferrer">${text}</a>`;
}

export function time(at: string): Markup {
  return html`<time datetime="${at}">${at}</time>`;
}
