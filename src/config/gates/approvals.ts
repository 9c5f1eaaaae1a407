import { z } from 'zod';
import type { GateSpec } from '../../domain/gate-spec.ts';
import { checkApprover } from '../check-text.ts';
import { list, section, text } from '../schema-parts.ts';
import { countRules, toRule, type WrittenRule } from './approval-rules.ts';

const MOST_RULES = 20;

const count = z.int().min(1).max(20);

const counted = {
  count: count.optional().meta({ description: 'How many approvals. Without it, 1.' }),
  from: list(text(150, checkApprover), 20)
    .optional()
    .meta({
      description:
        'Whose approvals count: any of `write` (everyone with write access), `role:maintain`, `role:admin`, `codeowners`, `user:LOGIN`, `team:ORGANIZATION/TEAM`. Without it, `write`.',
      examples: [['team:acme/sre', 'user:alice']],
    }),
};

/** `count` and `from`, or a group of such rules. */
function ruleOf<Inner extends z.ZodType, More extends z.ZodRawShape>(inner: Inner, more: More) {
  return section({
    ...counted,
    all: list(inner, 10).optional().meta({
      description:
        'In place of `count` and `from`: rules that must all be met. One person may count in several.',
    }),
    any: list(inner, 10)
      .optional()
      .meta({ description: 'In place of `count` and `from`: rules of which one must be met.' }),
    ...more,
  }).superRefine((written: Record<string, unknown>, context) => {
    const forms = ['all', 'any', 'count', 'from'].filter((key) => written[key] !== undefined);
    if (forms.length > 1 && (forms[0] === 'all' || forms[0] === 'any'))
      context.addIssue({
        code: 'custom',
        message: `\`${forms[0]}\` stands without \`${forms[1]}\`; put \`${forms[1]}\` into one of its rules`,
      });
  });
}

const allowed = {
  'allow-author': z
    .boolean()
    .default(false)
    .meta({ description: 'Whether the author of the change counts too.' }),
  'allow-requester': z
    .boolean()
    .default(false)
    .meta({ description: 'Whether whoever asked for the promotion counts too.' }),
};

export const approvals = z
  .union([count, ruleOf(ruleOf(ruleOf(section(counted), {}), {}), allowed)], {
    error: 'write how many approvals, or a map such as { count, from }',
  })
  .superRefine((written, context) => {
    if (typeof written !== 'number' && countRules(written) > MOST_RULES)
      context.addIssue({ code: 'custom', message: `these are more than ${MOST_RULES} rules` });
  })
  .meta({
    description: 'Passes when so many people approved the current head of the promotion pull request.',
    examples: [
      2,
      { count: 1, from: ['team:acme/sre', 'codeowners'] },
      { all: [{ from: ['team:acme/sre'] }, { count: 2, from: ['role:maintain'] }] },
    ],
  });

export function toApprovals(written: z.infer<typeof approvals>): GateSpec {
  const rule: WrittenRule = typeof written === 'number' ? { count: written } : written;
  return {
    kind: 'approvals',
    rule: toRule(rule),
    allowAuthor: typeof written !== 'number' && written['allow-author'],
    allowRequester: typeof written !== 'number' && written['allow-requester'],
  };
}
