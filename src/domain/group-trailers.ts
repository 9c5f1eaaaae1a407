import { createHash } from 'node:crypto';
import {
  FINGERPRINT,
  formatLines,
  formatTrailers,
  GROUP_KEY,
  KEYS,
  type PromotionTrailers,
  readLines,
  toTrailers,
} from './trailers.ts';

/** A release of an application, as programs tell it. */
export interface MemberRelease {
  application: string;
  fingerprint: string;
}

/** What a commit that promotes several applications at once says of itself. */
export interface GroupTrailers {
  group: string;
  to: string;
  /** Of all releases together: `groupFingerprint`. */
  fingerprint: string;
  members: PromotionTrailers[];
  /** Releases that left the group because one of their gates had failed. */
  left: MemberRelease[];
}

const LEFT_KEY = 'Sluice-Left';

/** Equal exactly when the applications and their releases are. 16 hexadecimal digits. */
export function groupFingerprint(members: readonly MemberRelease[]): string {
  const parts = members.map(({ application, fingerprint }) => [application, fingerprint]);
  const text = JSON.stringify(parts.toSorted(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0)));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Trailers as the last paragraph of a commit message: those of the group, then those of each member in one block. */
export function formatGroupTrailers({ group, to, fingerprint, members, left }: GroupTrailers): string {
  const own = formatLines([
    [GROUP_KEY, group],
    [KEYS.to, to],
    [KEYS.fingerprint, fingerprint],
    ...left.map((each): [string, string] => [LEFT_KEY, `${each.fingerprint} ${each.application}`]),
  ]);
  return [own, ...members.map(formatTrailers)].join('\n');
}

/** Trailers of a group's commit; null when it names no group, or one of which something is missing or not as it was. */
export function parseGroupTrailers(message: string): GroupTrailers | null {
  const lines = readLines(message);
  const starts = lines.flatMap(([key], index) => (key === KEYS.application ? [index] : []));
  const own = lines.slice(0, starts[0] ?? lines.length);
  const first = (wanted: string) => own.find(([key]) => key === wanted)?.[1] ?? null;
  const group = first(GROUP_KEY);
  const to = first(KEYS.to);
  const fingerprint = first(KEYS.fingerprint);
  const parsed = starts.map((start, index) => toTrailers(lines.slice(start, starts[index + 1])));
  const members = parsed.filter((each) => each !== null);
  if (group === null || to === null || fingerprint === null || members.length < parsed.length) return null;
  if (members.length === 0 || members.some((member) => member.to !== to)) return null;
  if (fingerprint !== groupFingerprint(members)) return null;
  const left = own.filter(([key]) => key === LEFT_KEY).flatMap(([, value]) => parseLeft(value));
  return { group, to, fingerprint, members, left };
}

function parseLeft(value: string): MemberRelease[] {
  const [fingerprint = '', ...words] = value.split(' ');
  return FINGERPRINT.test(fingerprint) && words.length > 0
    ? [{ fingerprint, application: words.join(' ') }]
    : [];
}
