import type { Story } from './tell-story.ts';

/** GitHub takes 65,536 characters. */
const MOST_BODY = 65_000;
const GATES = '\n\n### Gates\n';
const FINGERPRINT = /<!-- sluice:fingerprint ([0-9a-f]{16}) -->/;
const BEGIN = '<!-- sluice:story -->';

/** Tells that all was told of this release; invisible. */
export function storyMark(fingerprint: string): string {
  return `<!-- sluice:story ${fingerprint} -->`;
}

/** A pull request's body with the story of its releases, in place of one that was told in part. */
export function withStory(body: string, { text, isWhole }: Story): string {
  const fingerprint = FINGERPRINT.exec(body)?.[1];
  if (fingerprint === undefined || text === '') return body;
  const mark = isWhole ? `\n${storyMark(fingerprint)}` : '';
  const told = `${insert(withoutStory(body), `${BEGIN}\n\n${text}\n\n${BEGIN}`)}${mark}`;
  return told.length <= MOST_BODY ? told : `${body}${mark}`;
}

function withoutStory(body: string): string {
  const [before, , ...after] = body.split(BEGIN);
  return after.length === 0 ? body : `${before!.trimEnd()}${after.join(BEGIN)}`;
}

/** Before the gates; at the end when somebody has written the body anew. */
function insert(body: string, text: string): string {
  const at = body.indexOf(GATES);
  return at < 0 ? `${body}\n\n${text}` : `${body.slice(0, at)}\n\n${text}${body.slice(at)}`;
}
