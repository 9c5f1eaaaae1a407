import { formatChanges, parseChange } from './change-trailer.ts';
import type { ValueChange } from './value.ts';

/** What a promotion commit says of itself, so that history can be read from git alone. */
export interface PromotionTrailers {
  application: string;
  from: string[];
  to: string;
  release: string;
  fingerprint: string;
  /** Commit of the GitOps repository that brought the release into the source environment, when known. */
  origin: string | null;
  /** `owner/name@sha` of the application's source, when known. */
  source: string | null;
  /** Logins of the people who caused the builds; `UNKNOWN_AUTHOR` for one who cannot be told. */
  authors: string[];
  /** Logins of those who asked for the promotion by a command. */
  requestedBy: string[];
  /** Login of who named the release, although something else was due. Absent: it was due. */
  namedBy?: string;
  /** Values that move, for the history; of very many the first ones. Absent in commits from before it was kept. */
  changes?: readonly ValueChange[];
  /** The release that it takes back; absent when it takes none back. */
  rollsBack?: { fingerprint: string; release: string };
}

export const KEYS = {
  application: 'Sluice-Application',
  from: 'Sluice-From',
  to: 'Sluice-To',
  release: 'Sluice-Release',
  fingerprint: 'Sluice-Fingerprint',
  origin: 'Sluice-Origin',
  source: 'Sluice-Source',
  author: 'Sluice-Author',
  requestedBy: 'Sluice-Requested-By',
  namedBy: 'Sluice-Named-By',
  change: 'Sluice-Change',
  rollsBack: 'Sluice-Rolls-Back',
} as const;

/** First of the trailers of a group, which `parseTrailers` must not take for those of one application. */
export const GROUP_KEY = 'Sluice-Group';

/** Stands for an author whom nobody can tell; no login on GitHub looks like this. */
export const UNKNOWN_AUTHOR = '?';

export const FINGERPRINT = /^[0-9a-f]{16}$/;

/** Trailers as the last paragraph of a commit message (https://git-scm.com/docs/git-interpret-trailers). */
export function formatTrailers(trailers: PromotionTrailers): string {
  const lines: [string, string | null][] = [
    [KEYS.application, trailers.application],
    ...trailers.from.map((from): [string, string] => [KEYS.from, from]),
    [KEYS.to, trailers.to],
    [KEYS.release, trailers.release],
    [KEYS.fingerprint, trailers.fingerprint],
    [KEYS.rollsBack, formatRolledBack(trailers.rollsBack)],
    [KEYS.origin, trailers.origin],
    [KEYS.source, trailers.source],
    ...trailers.authors.map((author): [string, string] => [KEYS.author, author]),
    ...trailers.requestedBy.map((login): [string, string] => [KEYS.requestedBy, login]),
    [KEYS.namedBy, trailers.namedBy ?? null],
    ...formatChanges(trailers.changes ?? []).map((change): [string, string] => [KEYS.change, change]),
  ];
  return formatLines(lines);
}

/** Trailers one a line; those without a value are left out. */
export function formatLines(lines: readonly [string, string | null][]): string {
  return lines
    .filter((line): line is [string, string] => line[1] !== null)
    .map(([key, value]) => `${key}: ${oneLine(value)}`)
    .join('\n');
}

/**
 * Trailers of a commit message; null when it names no whole promotion. Only its last paragraph counts: a value
 * that was copied into the text above cannot pass for one.
 */
export function parseTrailers(message: string): PromotionTrailers | null {
  const lines = readLines(message);
  return lines.some(([key]) => key === GROUP_KEY) ? null : toTrailers(lines);
}

/** Sluice's trailers in the last paragraph of a commit message, in their order. */
export function readLines(message: string): [key: string, value: string][] {
  const paragraph =
    message
      .trimEnd()
      .split(/\n[ \t]*\n/)
      .at(-1) ?? '';
  return paragraph.split('\n').flatMap((line): [string, string][] => {
    const match = /^(Sluice-[A-Za-z-]+): (.*)$/.exec(line);
    return match ? [[match[1]!, match[2]!.trim()]] : [];
  });
}

/** The promotion of one application that these lines tell of; null when something is missing. */
export function toTrailers(lines: readonly [key: string, value: string][]): PromotionTrailers | null {
  const all = (wanted: string) => lines.filter(([key]) => key === wanted).map(([, value]) => value);
  const first = (key: string) => all(key)[0] ?? null;
  const application = first(KEYS.application);
  const to = first(KEYS.to);
  const release = first(KEYS.release);
  const fingerprint = first(KEYS.fingerprint);
  if (application === null || to === null || release === null || fingerprint === null) return null;
  if (!FINGERPRINT.test(fingerprint)) return null;
  const rollsBack = parseRolledBack(first(KEYS.rollsBack));
  const namedBy = first(KEYS.namedBy);
  const changes = all(KEYS.change).flatMap((text) => parseChange(text) ?? []);
  return {
    application,
    from: all(KEYS.from),
    to,
    release,
    fingerprint,
    origin: first(KEYS.origin),
    source: first(KEYS.source),
    authors: all(KEYS.author),
    requestedBy: all(KEYS.requestedBy),
    ...(namedBy !== null && { namedBy }),
    ...(changes.length > 0 && { changes }),
    ...(rollsBack && { rollsBack }),
  };
}

function formatRolledBack(bad: PromotionTrailers['rollsBack']): string | null {
  return bad ? `${bad.fingerprint} ${bad.release}` : null;
}

function parseRolledBack(text: string | null): PromotionTrailers['rollsBack'] | null {
  const [, fingerprint = '', release = ''] = /^([0-9a-f]{16}) (.+)$/.exec(text ?? '') ?? [];
  return fingerprint === '' ? null : { fingerprint, release };
}

/** Whether a name is read from a trailer as it was written there. */
export function fitsTrailer(name: string): boolean {
  return oneLine(name) === name;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim();
}
