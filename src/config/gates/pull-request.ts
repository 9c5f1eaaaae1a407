import { z } from 'zod';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { list, section, text } from '../schema-parts.ts';

/** GitHub takes names of labels of up to 50 characters. */
const labels = list(text(50), 20).optional();

const reviewed = z.union([z.literal(true), z.int().min(1).max(20)], {
  error: 'write true, or how many people must have approved (1 to 20)',
});

export const pullRequest = section({
  labels: labels.meta({ description: 'Labels that each must carry.', examples: [['ready-for-prod']] }),
  'without-labels': labels.meta({
    description: 'Labels that none may carry.',
    examples: [['do-not-promote']],
  }),
  reviewed: reviewed.optional().meta({
    description:
      'How many people with write access, other than its authors, must have approved the head that was merged; `true` is short for 1.',
    examples: [true, 2],
  }),
  allow: list(z.enum(['push', 'build']), 2)
    .optional()
    .meta({
      description:
        'What may come without a pull request of people: `push` (commits pushed to the default branch), `build` (what Sluice took over from CI). Without it, both fail the gate.',
      examples: [['build']],
    }),
})
  .superRefine((written, context) => {
    const { labels, 'without-labels': without, reviewed } = written;
    if (!labels && !without && reviewed === undefined)
      context.addIssue({
        code: 'custom',
        message: 'this gate needs `labels:`, `without-labels:` or `reviewed:`',
      });
    const both = labels?.find((label) => without?.some((each) => each.toLowerCase() === label.toLowerCase()));
    if (both !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['without-labels'],
        message: `no pull request can carry ${JSON.stringify(both)} and lack it; remove it from one of the lists`,
      });
  })
  .meta({
    description:
      'Passes when each pull request that led to the release carries these labels, lacks those, and was reviewed.',
    examples: [{ reviewed: true, allow: ['build'] }, { labels: ['ready-for-prod'] }],
  });

export function toPullRequest(written: z.infer<typeof pullRequest>): GateSpec {
  const { labels = [], 'without-labels': withoutLabels = [], reviewed, allow = [] } = written;
  return {
    kind: 'pull-request',
    labels,
    withoutLabels,
    reviews: reviewed === true ? 1 : (reviewed ?? 0),
    allow: [...new Set(allow)].sort(),
  };
}
