import { parseDuration } from '../domain/duration.ts';
import { parseJsonPath } from '../domain/json-path.ts';
import { checkDuration } from './check-duration.ts';
import type { TextCheck } from './check-text.ts';
import { quote } from './suggest.ts';

/** A URL that a gate asks. Which hosts may be asked is the operator's word, not the config's. */
export const checkUrl: TextCheck = (text) => {
  if (!/^https?:\/\/[^/]/i.test(text)) return 'write a whole URL, such as https://status.example.com/ready';
  if (/[\s\\]/.test(text)) return 'a URL has no spaces and no \\';
  if (!URL.canParse(text)) return `${quote(text)} is no URL`;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || /^[^/?#]*@/.test(text.slice(text.indexOf('//') + 2)))
    return 'a URL here has no user and no password: everybody can read the config';
  if (text.includes('#')) return 'a server does not see what comes after the #; remove it';
  return url.hostname.endsWith('.') ? 'remove the dot at the end of the name of the host' : null;
};

/** Where to look in the JSON of an answer. */
export const checkJsonPath: TextCheck = (text) =>
  parseJsonPath(text) === null
    ? `${quote(text)} is no path; write keys with dots between them and [0] for an index, such as status.checks[0].state`
    : null;

/** How long an answer may take: the look at the whole repository waits for it. */
export const checkTimeout: TextCheck = (text) => checkBetween(text, '1s', '30s');

/** How often to ask. */
export const checkInterval: TextCheck = (text) => checkBetween(text, '1m', '1d');

function checkBetween(text: string, least: string, most: string): string | null {
  const reason = checkDuration(text);
  if (reason !== null) return reason;
  const durationMs = parseDuration(text)!;
  return durationMs < parseDuration(least)! || durationMs > parseDuration(most)!
    ? `write a duration from ${least} to ${most}`
    : null;
}
