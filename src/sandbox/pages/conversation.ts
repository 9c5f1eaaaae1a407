import { html } from 'hono/html';
import type { Comment, Issue, IssueEvent, Repository, Review } from '../state.ts';
import type { Markup } from './layout.ts';
import { commitLink, time } from './links.ts';
import { markdownOf } from './markdown.ts';

/** What was said and done, oldest first: ids of all kinds are given in the order of time. */
export function conversationPart(repository: Repository, { number }: Issue): Markup {
  const comments = [...repository.comments.values()].filter((one) => one.issueNumber === number);
  const reviews = [...repository.reviews.values()].filter(
    (one) => one.pullNumber === number && one.state !== 'PENDING',
  );
  const events = repository.issueEvents.filter((one) => one.issueNumber === number);
  const all = [
    ...comments.map((one) => ({ id: one.id, part: commentPart(one) })),
    ...reviews.map((one) => ({ id: one.id, part: reviewPart(repository, one) })),
    ...events.map((one) => ({ id: one.id, part: eventPart(one) })),
  ].sort((a, b) => a.id - b.id);
  return html`<section id="conversation"><h2>Conversation</h2>${all.map(({ part }) => part)}</section>`;
}

function commentPart(comment: Comment): Markup {
  const reactions = comment.reactions.map(
    (one) => html` <span class="quiet">${one.content} by ${one.user}</span>`,
  );
  return html`<article id="issuecomment-${comment.id}"><h3>${comment.user} <span class="quiet">${time(comment.createdAt)}</span></h3>
${markdownOf(comment.body)}${reactions}</article>`;
}

const SAID: Record<Review['state'], Markup> = {
  APPROVED: html`<span class="good">approved</span>`,
  CHANGES_REQUESTED: html`<span class="bad">requested changes to</span>`,
  COMMENTED: html`reviewed`,
  DISMISSED: html`<span class="wait">reviewed (dismissed)</span>`,
  PENDING: html`reviews`,
};

function reviewPart(repository: Repository, review: Review): Markup {
  return html`<article id="pullrequestreview-${review.id}"><h3>${review.user} ${SAID[review.state]} ${commitLink(repository, review.commitId)}
<span class="quiet">${time(review.submittedAt)}</span></h3>${markdownOf(review.body)}</article>`;
}

function eventPart({ event, actor, details, createdAt }: IssueEvent): Markup {
  const label = (details.label as { name?: string } | undefined)?.name;
  return html`<p class="quiet">${actor}: ${event.replaceAll('_', ' ')}${label ? ` ${label}` : ''}, ${time(createdAt)}</p>`;
}
