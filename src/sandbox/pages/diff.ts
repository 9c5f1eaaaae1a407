import { html } from 'hono/html';
import type { GitFileChange } from '../git.ts';
import type { ReviewThread } from '../review-threads.ts';
import type { Markup } from './layout.ts';
import { time } from './links.ts';
import { markdownOf } from './markdown.ts';

/** As many as GitHub shows on one page of a diff: https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits#diff-limits */
const MOST_FILES = 300;
const MOST_LINES = 20_000;

/** The files of a change, each with its diff and the conversations about its lines. */
export function filesPart(files: GitFileChange[], threads: ReviewThread[] = []): Markup {
  const more = files.length - MOST_FILES;
  return html`<section id="files"><h2>Files (${files.length})</h2>
${files.slice(0, MOST_FILES).map((file) => filePart(file, threads))}
${more > 0 ? html`<p class="quiet">and ${more} more, too many to show</p>` : ''}</section>`;
}

function filePart(file: GitFileChange, threads: ReviewThread[]): Markup {
  const name = file.previousPath === null ? file.path : `${file.previousPath} -> ${file.path}`;
  const own = threads.filter((thread) => thread.comments[0]?.path === file.path);
  return html`<details open><summary><b>${name}</b> (${file.status}, <span class="good">+${file.additions}</span>
<span class="bad">-${file.deletions}</span>)</summary>
${file.patch === null ? html`<p class="quiet">no lines to show</p>` : patchPart(file.patch)}
${own.map(threadPart)}</details>`;
}

const KINDS: Record<string, string> = { '+': 'added', '-': 'removed', '@': 'hunk' };

function patchPart(patch: string): Markup {
  const lines = patch.split('\n');
  const shown = lines.slice(0, MOST_LINES).map((line) => {
    return html`<span class="${KINDS[line.slice(0, 1)] ?? 'same'}">${line === '' ? ' ' : line}</span>`;
  });
  const more = lines.length - MOST_LINES;
  return html`<pre class="diff">${shown}</pre>${more > 0 ? html`<p class="quiet">and ${more} lines more</p>` : ''}`;
}

function threadPart({ comments, resolvedBy }: ReviewThread): Markup {
  const line = comments[0]?.line;
  return html`<article><h3>${line ? `Line ${line}` : 'The file'}${resolvedBy === null ? '' : `, resolved by ${resolvedBy}`}</h3>
${comments.map((one) => html`<div id="discussion_r${one.id}"><b>${one.user}</b> ${time(one.createdAt)} ${markdownOf(one.body)}</div>`)}</article>`;
}
