import { z } from 'zod';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { checkDuration, toDurationMs } from '../check-duration.ts';
import { HOW_TO_WRITE, healthKeys, preset, toHealthSource, wantOne } from '../health-source.ts';
import { section, text } from '../schema-parts.ts';

export const health = z
  .union(
    [
      preset,
      section({
        ...healthKeys('from', 'argocd/{from}/{app}'),
        for: text(30, checkDuration)
          .optional()
          .meta({
            description: 'How long it must have stayed healthy.',
            examples: ['10m'],
          }),
      }).superRefine(wantOne),
    ],
    HOW_TO_WRITE,
  )
  .meta({
    description: 'Passes when the environment that the release comes from reports it healthy.',
    examples: ['argocd', { deployment: '{from}', for: '10m' }],
  });

export function toHealth(written: z.infer<typeof health>): GateSpec {
  const duration = typeof written === 'string' ? undefined : written.for;
  return { kind: 'health', source: toHealthSource(written), durationMs: toDurationMs(duration, 0) };
}
