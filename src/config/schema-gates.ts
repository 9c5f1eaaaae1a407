import { z } from 'zod';
import { checkApprover, checkCheckName } from './check-text.ts';
import { checkAllowed, checkBlocked, checkShortWindow, checkZone } from './check-window.ts';
import { list, section, text, unknownKind } from './schema-parts.ts';

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

const window = z
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

export type ConfigWindow = z.infer<typeof window>;

const GATES = ['checks', 'approvals', 'window', 'manual'];

export const gate = z.union(
  [z.literal('manual'), section({ checks }), section({ approvals }), section({ window })],
  {
    error: unknownKind('gate', GATES, 'Gates'),
  },
);

export type ConfigGate = z.infer<typeof gate>;
