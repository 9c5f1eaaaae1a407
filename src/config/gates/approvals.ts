import { z } from 'zod';
import type { Approver, GateSpec } from '../../domain/gate-spec.ts';
import { checkApprover } from '../check-text.ts';
import { list, section, text } from '../schema-parts.ts';

const count = z.int().min(1).max(20);

export const approvals = z
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

export function toApprovals(written: z.infer<typeof approvals>): GateSpec {
  if (typeof written === 'number') {
    return {
      kind: 'approvals',
      count: written,
      from: [{ kind: 'write' }],
      allowAuthor: false,
      allowRequester: false,
    };
  }
  return {
    kind: 'approvals',
    count: written.count,
    from: written.from.map(toApprover),
    allowAuthor: written['allow-author'],
    allowRequester: written['allow-requester'],
  };
}

function toApprover(text: string): Approver {
  if (text === 'write' || text === 'codeowners') return { kind: text };
  const [kind, name = ''] = text.split(':');
  if (kind === 'user') return { kind, login: name };
  const [organization = '', slug = ''] = name.split('/');
  return { kind: 'team', organization, slug };
}
