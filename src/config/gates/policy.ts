import { z } from 'zod';
import type { GateSpec, PolicyRule } from '../../domain/gate-spec.ts';
import { list, section, text } from '../schema-parts.ts';

/** It may have several lines. What is in it is checked by `checkPolicies`, which tells the place. */
const expression = z.string().max(2_000);

const rule = z.union(
  [
    expression,
    section({
      rule: expression.meta({ description: 'The expression, in CEL.' }),
      name: text(60)
        .optional()
        .meta({ description: 'What the gate calls the rule, in place of the expression.' }),
      message: text(300).optional().meta({ description: 'What to do when the rule stops a promotion.' }),
    }),
  ],
  { error: 'write an expression, or { rule, name, message }' },
);

const rules = section({
  pass: list(rule, 20).optional().meta({ description: 'Expressions that must all be true.' }),
  deny: list(rule, 20)
    .optional()
    .meta({ description: 'Expressions none of which may be true, whatever `pass` says.' }),
}).superRefine(({ pass, deny }, context) => {
  if (!pass && !deny)
    context.addIssue({ code: 'custom', message: 'a policy needs `pass:`, `deny:` or both' });
});

export const policy = z
  .union([expression, rules], { error: 'write an expression, or { pass: [...], deny: [...] }' })
  .meta({
    description:
      'Passes when expressions in CEL over the promotion are true. docs/gates/policy.md says what they can use.',
    examples: [
      "release.label.matches('^v[0-9]+[.][0-9]+[.][0-9]+$')",
      {
        pass: [
          {
            name: 'images only',
            rule: "changes.all(c, c.kind == 'image')",
            message: 'Promote charts on their own.',
          },
        ],
        deny: ["'blocked' in labels", 'actor in authors'],
      },
    ],
  });

export function toPolicy(written: z.infer<typeof policy>): GateSpec {
  const { pass = [], deny = [] } = typeof written === 'string' ? { pass: [written] } : written;
  return { kind: 'policy', pass: pass.map(toRule), deny: deny.map(toRule) };
}

function toRule(written: z.infer<typeof rule>): PolicyRule {
  if (typeof written === 'string') return { expression: written, name: null, message: null };
  return { expression: written.rule, name: written.name ?? null, message: written.message ?? null };
}
