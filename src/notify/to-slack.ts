import type { MessageEvent } from './message.ts';

const MOST_REASON = 300;

/** The events as one message that Slack, Mattermost and their like take, a line for each. It calls nobody. */
export function toSlack(events: readonly MessageEvent[]): { text: string } {
  return { text: events.map(toLine).join('\n') };
}

function toLine(event: MessageEvent): string {
  const { application, environment, release, pull, repository, reason } = event;
  const what = application === null ? environment : `${application} ${release ?? ''} to ${environment}`;
  const where = pull ? `<${link(pull.url)}|${harmless(repository)}#${pull.number}>` : harmless(repository);
  const why = reason === null ? '' : `: ${harmless(reason.slice(0, MOST_REASON))}`;
  return `*${harmless(what.replace(/\s+/g, ' '))}* ${describe(event)} (${where})${why}`;
}

function describe({ event, by }: MessageEvent): string {
  const who = by === null ? '' : ` by ${harmless(by)}`;
  switch (event) {
    case 'opened':
      return 'is open';
    case 'waiting':
      return 'waits for people';
    case 'merged':
      return `has merged${who}`;
    case 'failed':
      return 'does not pass';
    case 'rolled-back':
      return `was rolled back${who}`;
    case 'frozen':
      return `is frozen${who}`;
  }
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
function harmless(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@\u200b');
}

function link(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/[<>|]/g, encodeURIComponent) : '';
}
