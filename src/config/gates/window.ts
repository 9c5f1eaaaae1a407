import { z } from 'zod';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { parseWindowEntry, type WindowEntry } from '../../domain/window-entry.ts';
import { checkAllowed, checkBlocked, checkShortWindow, checkZone, splitZone } from '../check-window.ts';
import { list, section, text } from '../schema-parts.ts';

const times = section({
  allow: list(text(120, checkAllowed), 50)
    .optional()
    .meta({
      description:
        'When promotions may go on: days and hours such as `weekdays 09:00-17:00`, any of them. Left out: always, but for `block`.',
      examples: [['weekdays 09:00-17:00', 'sat 10:00-12:00']],
    }),
  block: list(text(120, checkBlocked), 50)
    .optional()
    .meta({
      description:
        'When they may not, whatever `allow` says: days, dates or hours such as `12-24..01-02` or `fri 12:00-24:00`.',
      examples: [['fri 12:00-24:00', '12-24..01-02', '2026-11-27']],
    }),
  zone: text(60, checkZone).meta({
    description: 'IANA name of the time zone whose clocks count.',
    examples: ['Europe/Berlin', 'UTC'],
  }),
}).superRefine(({ allow, block }, context) => {
  if (!allow && !block)
    context.addIssue({ code: 'custom', message: 'a window needs `allow:`, `block:` or both' });
});

export const window = z
  .union([text(180, checkShortWindow), times], {
    error: 'write times and a zone such as weekdays 09:00-17:00 Europe/Berlin, or { allow, block, zone }',
  })
  .meta({
    description: 'Passes in an allowed time that is not blocked, by the clocks of the zone.',
    examples: [
      'weekdays 09:00-17:00 Europe/Berlin',
      { allow: ['weekdays 09:00-17:00'], block: ['fri 12:00-24:00', '12-24..01-02'], zone: 'Europe/Berlin' },
    ],
  });

export function toWindow(written: z.infer<typeof window>): GateSpec {
  if (typeof written === 'string') {
    const { times, zone } = splitZone(written);
    return { kind: 'window', allow: toEntries([times]), block: [], zone };
  }
  const { allow, block = [], zone } = written;
  return { kind: 'window', allow: allow ? toEntries(allow) : null, block: toEntries(block), zone };
}

function toEntries(texts: readonly string[]): WindowEntry[] {
  return texts.map((text) => {
    const reading = parseWindowEntry(text);
    if (!reading.ok) throw new Error(reading.reason);
    return reading.entry;
  });
}
