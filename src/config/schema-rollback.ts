import { z } from 'zod';
import type { RollbackTerms } from '../domain/settings.ts';
import { checkDuration, toDurationMs } from './check-duration.ts';
import { OWN_HEALTH_EXAMPLES, ownHealth, toHealthSource } from './health-source.ts';
import { list, section, text } from './schema-parts.ts';

/** Gates that a person's judgement stands behind are never skipped: approvals, manual, policy. */
const SKIPPED = ['soak', 'window', 'after', 'checks', 'health', 'http', 'pull-request'] as const;

const health = ownHealth.optional().meta({
  description:
    'What reports the health of this environment. When it turns to failure soon after a promotion merged, Sluice rolls that back by itself. Without it, only people do.',
  examples: OWN_HEALTH_EXAMPLES,
});

export const rollback = section({
  skip: list(z.enum(SKIPPED), SKIPPED.length, 0)
    .optional()
    .meta({
      description:
        'Gates of the environment that a rollback does not wait for. Approvals, `manual` and `policy` cannot be skipped. Default: none.',
      examples: [['soak', 'window']],
    }),
  'auto-merge': z.boolean().optional().meta({
    description: 'Merge a rollback when its gates passed. Default: as promotions here.',
  }),
  'lift-hold': z
    .enum(['newer-release', 'never'])
    .optional()
    .meta({
      description:
        'What ends the hold that comes with a rollback besides `/resume`: a newer release than the bad one, or nothing. Default: `never`.',
      examples: ['newer-release'],
    }),
  health,
  within: text(30, checkDuration)
    .optional()
    .meta({
      description: 'How long after a promotion merged its health may cause a rollback. Default: `30m`.',
      examples: ['30m'],
    }),
})
  .superRefine((value, context) => {
    if (value.within !== undefined && value.health === undefined) {
      const message = 'this is for `health:`, which says what makes Sluice roll back by itself; add it';
      context.addIssue({ code: 'custom', path: ['within'], message });
    }
  })
  .optional()
  .meta({
    description: 'What is other for a rollback into this environment, and whether Sluice begins one itself.',
    examples: [
      { skip: ['soak', 'window'], 'lift-hold': 'newer-release' },
      { health: 'argocd', within: '30m' },
    ],
  });

type Written = NonNullable<z.infer<typeof rollback>>;

const DEFAULT_WITHIN_MS = 30 * 60 * 1000;

export function toRollback(written: Written): RollbackTerms {
  const withinMs = toDurationMs(written.within, DEFAULT_WITHIN_MS);
  return {
    skip: [...new Set(written.skip ?? [])],
    autoMerge: written['auto-merge'] ?? null,
    isHoldLifted: written['lift-hold'] === 'newer-release',
    automatic: written.health ? { source: toHealthSource(written.health), withinMs } : null,
  };
}
