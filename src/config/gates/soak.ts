import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { checkDuration } from '../check-duration.ts';
import { section, text } from '../schema-parts.ts';

const duration = text(30, checkDuration);

export const soak = z
  .union(
    [
      duration,
      section({
        for: duration.meta({ description: 'How long.', examples: ['24h'] }),
        since: z.enum(['merged', 'healthy']).default('merged').meta({
          description:
            '`merged`: since the release landed on the default branch, as GitHub recorded it. `healthy`: since the `health` gate next to it has found the release healthy.',
        }),
      }),
    ],
    { error: 'write a duration such as 24h, or { for: 24h, since: healthy }' },
  )
  .meta({
    description: 'Passes when the release has been in the environment it comes from for so long.',
    examples: ['24h', { for: '1d12h', since: 'healthy' }],
  });

export function toSoak(written: z.infer<typeof soak>): GateSpec {
  const { for: length, since } =
    typeof written === 'string' ? { for: written, since: 'merged' as const } : written;
  return { kind: 'soak', durationMs: parseDuration(length) ?? Number.POSITIVE_INFINITY, since };
}
