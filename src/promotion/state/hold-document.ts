import { z } from 'zod';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import type { Hold } from '../../domain/hold.ts';
import { LONGEST_REASON } from '../../domain/hold-words.ts';

/** More holds than people keep in mind; a document of more is not written either. */
export const MOST_HOLDS = 500;

const time = z.iso.datetime();
const name = z.string().min(1).max(1_000);

const hold = z
  .strictObject({
    application: name.nullable(),
    environment: name.nullable(),
    until: time.nullable(),
    reason: z.string().min(1).max(LONGEST_REASON),
    by: z.string().min(1).max(100),
    at: time,
    url: z.url({ protocol: /^https?$/ }).max(500),
  })
  .refine(({ application, environment }) => application !== null || environment !== null);

const document = z.strictObject({ version: z.literal(1), holds: z.array(hold).max(MOST_HOLDS) });

/** Holds of a document that the App wrote; anything else than it writes makes all of it unknown. */
export function parseHolds(text: string): Known<readonly Hold[]> {
  const parsed = document.safeParse(parseJson(text));
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    return unknown(`it is not what Sluice writes: ${path.join('.') || 'the document'}: ${message}`);
  }
  return known(
    parsed.data.holds.map(({ until, at, ...rest }) => ({
      ...rest,
      untilMs: until === null ? null : Date.parse(until),
      atMs: Date.parse(at),
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

/** The same text for the same holds. */
export function formatHolds(holds: readonly Hold[]): string {
  const written = holds.map(({ application, environment, untilMs, reason, by, atMs, url }) => ({
    application,
    environment,
    until: untilMs === null ? null : new Date(untilMs).toISOString(),
    reason,
    by,
    at: new Date(atMs).toISOString(),
    url,
  }));
  return `${JSON.stringify({ version: 1, holds: written }, null, 2)}\n`;
}
