import { z } from 'zod';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { checkCheckName } from '../check-text.ts';
import { list, section, text } from '../schema-parts.ts';

const check = z.union(
  [
    text(200, checkCheckName),
    section({
      name: text(200, checkCheckName).meta({
        description:
          'Name of the check run, or context of the commit status; `*` stands for any text, and all that match must succeed.',
      }),
      app: text(100).optional().meta({
        description:
          'Slug of the GitHub App that must have reported it. Without it, everyone with write access could report it.',
      }),
    }),
  ],
  { error: 'write the name of a check, or { name, app }' },
);

const named = list(check, 50);

export const checks = z
  .union(
    [
      named,
      section({
        on: z.enum(['promotion', 'source']).default('promotion').meta({
          description:
            '`promotion`: on the head of the promotion pull request. `source`: on the commit that brought the release into the environment it comes from.',
        }),
        names: named.meta({ description: 'The checks.' }),
        accept: list(z.enum(['neutral', 'skipped']), 2)
          .optional()
          .meta({
            description: 'Conclusions that count as success too. Without it, only `success` does.',
            examples: [['skipped']],
          }),
      }),
    ],
    { error: 'write a list of names of checks, or { on: source, names: [...] }' },
  )
  .meta({
    description: 'Passes when all these check runs and commit statuses are successful.',
    examples: [
      ['ci/smoke', { name: 'e2e', app: 'github-actions' }],
      { on: 'source', names: ['argocd/healthy'] },
    ],
  });

export function toChecks(written: z.infer<typeof checks>): GateSpec {
  const {
    on,
    names,
    accept = [],
  } = Array.isArray(written) ? { on: 'promotion' as const, names: written } : written;
  const named = names.map((each) =>
    typeof each === 'string' ? { name: each, app: null } : { name: each.name, app: each.app ?? null },
  );
  return { kind: 'checks', on, checks: named, accept: [...new Set(accept)].sort() };
}
