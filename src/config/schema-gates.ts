import { z } from 'zod';
import { checkApprover } from './check-text.ts';
import { list, section, text, unknownKind } from './schema-parts.ts';

const check = z.union(
  [
    text(200),
    section({
      name: text(200).meta({ description: 'Name of the check run, or context of the commit status.' }),
      app: text(100).optional().meta({
        description:
          'Slug of the GitHub App that must have reported it. Without it, everyone with write access could report it.',
      }),
    }),
  ],
  { error: 'write the name of a check, or { name, app }' },
);

const named = list(check, 50);

const checks = z
  .union(
    [
      named,
      section({
        on: z.enum(['promotion', 'source']).default('promotion').meta({
          description:
            '`promotion`: on the head of the promotion pull request. `source`: on the commit that brought the release into the environment it comes from.',
        }),
        names: named.meta({ description: 'The checks.' }),
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

const count = z.int().min(1).max(20);

const approvals = z
  .union(
    [
      count,
      section({
        count: count.default(1).meta({ description: 'How many approvals.' }),
        from: list(text(150, checkApprover), 20)
          .default(['write'])
          .meta({
            description:
              'Whose approvals count: any of `write` (everyone with write access), `codeowners`, `user:LOGIN`, `team:ORGANIZATION/TEAM`.',
            examples: [['team:acme/sre', 'user:alice']],
          }),
        'allow-author': z
          .boolean()
          .default(false)
          .meta({ description: 'Whether the author of the change counts too.' }),
        'allow-requester': z
          .boolean()
          .default(false)
          .meta({ description: 'Whether whoever asked for the promotion counts too.' }),
      }),
    ],
    { error: 'write how many approvals, or { count, from }' },
  )
  .meta({
    description: 'Passes when so many people approved the current head of the promotion pull request.',
    examples: [2, { count: 1, from: ['team:acme/sre', 'codeowners'] }],
  });

const GATES = ['checks', 'approvals', 'manual'];

export const gate = z.union([z.literal('manual'), section({ checks }), section({ approvals })], {
  error: unknownKind('gate', GATES, 'Gates'),
});

export type ConfigGate = z.infer<typeof gate>;
