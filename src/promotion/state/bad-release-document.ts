import { z } from 'zod';
import { type BadRelease, MOST_BAD_RELEASES } from '../../domain/bad-release.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { LONGEST_REASON } from '../../domain/hold-words.ts';
import { FINGERPRINT } from '../../domain/trailers.ts';

const time = z.iso.datetime();
const name = z.string().min(1).max(1_000);
const label = z.string().min(1).max(200);
const commit = z.string().regex(/^[0-9a-f]{40}$/);

const bad = z.strictObject({
  application: name,
  environment: name,
  fingerprint: z.string().regex(FINGERPRINT),
  release: label,
  by: z.string().min(1).max(100),
  reason: z.string().min(1).max(LONGEST_REASON),
  at: time,
  url: z.url({ protocol: /^https?$/ }).max(500),
  automatic: z.boolean(),
  pull: z.number().int().positive().nullable(),
  rollback: z.strictObject({
    release: label,
    commit,
    badCommit: commit,
    from: time.nullable(),
    until: time.nullable(),
  }),
});

const document = z.strictObject({ version: z.literal(1), releases: z.array(bad).max(MOST_BAD_RELEASES) });

/** Bad releases of a document that the App wrote; anything else than it writes makes all of it unknown. */
export function parseBadReleases(text: string): Known<readonly BadRelease[]> {
  const parsed = document.safeParse(parseJson(text));
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    return unknown(`it is not what Sluice writes: ${path.join('.') || 'the document'}: ${message}`);
  }
  return known(
    parsed.data.releases.map(({ at, automatic, rollback: { from, until, ...back }, ...rest }) => ({
      ...rest,
      atMs: Date.parse(at),
      isAutomatic: automatic,
      rollback: { ...back, fromMs: toMs(from), untilMs: toMs(until) },
    })),
  );
}

/** Null, which no document is, for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toMs(written: string | null): number | null {
  return written === null ? null : Date.parse(written);
}

/** The same text for the same bad releases. */
export function formatBadReleases(releases: readonly BadRelease[]): string {
  const written = releases.map((each) => ({
    application: each.application,
    environment: each.environment,
    fingerprint: each.fingerprint,
    release: each.release,
    by: each.by,
    reason: each.reason,
    at: toText(each.atMs),
    url: each.url,
    automatic: each.isAutomatic,
    pull: each.pull,
    rollback: {
      release: each.rollback.release,
      commit: each.rollback.commit,
      badCommit: each.rollback.badCommit,
      from: toText(each.rollback.fromMs),
      until: toText(each.rollback.untilMs),
    },
  }));
  return `${JSON.stringify({ version: 1, releases: written }, null, 2)}\n`;
}

function toText(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
