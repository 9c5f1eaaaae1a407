import { z } from 'zod';

const name = z.string();
const time = z.iso.datetime().describe("By GitHub's clock.");
const login = z.string().nullable();
const value = z.string().nullable();

const gate = z.object({
  gate: name.describe('The gate, with what tells two of a kind apart.'),
  kind: z.string().nullable().describe('The kind of the gate in the config; null for what is no gate there.'),
  state: z.enum(['passed', 'waiting', 'failed', 'overridden']).describe('What it had come to.'),
  reason: z.string().describe('Why, as Markdown.'),
  since: z.string().optional().describe('Since when it had been in that state.'),
  override: z
    .object({
      by: name.describe('Login of who overrode it.'),
      reason: z.string().describe('Their words, as Markdown.'),
      url: z.string().describe('Where they said so.'),
    })
    .optional()
    .describe('The word that overrode it.'),
  facts: z.json().describe('What it was judged by, as docs/gates/README.md tells.'),
});

const change = z.object({
  kind: z
    .enum(['image', 'remote-base', 'chart', 'helm', 'argocd', 'flux', 'field', 'file'])
    .describe('What kind of value it is.'),
  name: name.describe('With the kind and the part: which value it is.'),
  part: name.describe('The part of it that moves, as `newTag`.'),
  from: value.describe('What stood there before; null for what was not there.'),
  to: value.describe('What the promotion puts there; null for what it deletes.'),
});

const carried = z.object({
  release: name.describe('Its label.'),
  fingerprint: name.describe('Equal exactly when all values are equal.'),
  headSha: name.describe('The commit of Sluice that brought it.'),
  at: time.nullable().describe('When Sluice made that commit.'),
});

const approval = z.object({
  by: name.describe('Login of the reviewer.'),
  at: time.nullable().describe('When the review was submitted.'),
  headSha: name.describe('The head that was approved.'),
});

/**
 * One promotion, as `sluice history --json` prints it. A pull request of a group carries several. A field that comes later
 * needs a default: lines that stand on `sluice-state` do not have it.
 */
export const recordSchema = z.object({
  repository: name.describe('Full name of the GitOps repository.'),
  pull: z.int().describe('Number of the pull request.'),
  application: name.describe('What was promoted.'),
  environment: name.describe('Where it was promoted to.'),
  kind: z
    .enum(['promotion', 'rollback'])
    .default('promotion')
    .describe('A rollback brings back a release that was there before.'),
  from: z.array(name).describe('The environments that it came from; empty when it came from a build.'),
  group: name.nullable().describe('The group whose pull request carried it; null when it went alone.'),
  url: name.describe('Page of the pull request.'),
  branch: name.describe('The branch that carried it.'),
  release: name.describe('Label of the release that it carried last.'),
  fingerprint: name.describe('Equal exactly when all values of two releases are equal.'),
  changes: z
    .array(change)
    .nullable()
    .describe('Values that moved, the first fifty; null when its commit does not tell.'),
  origin: name.nullable().describe('Commit that brought the release into the environment before.'),
  source: name.nullable().describe("Commit of the application's source, as owner/name@sha."),
  authors: z.array(name).describe('Logins of those who caused the builds; `?` for one whom nobody can tell.'),
  requestedBy: z.array(name).describe('Logins of those who asked for it by a command.'),
  releases: z
    .array(carried)
    .describe('All releases that it carried one after the other; each but the last was superseded.'),
  headSha: name.describe('The last head of the pull request that carried it.'),
  openedAt: time,
  approvals: z.array(approval).nullable().describe('Approving reviews; null while they have not been read.'),
  gates: z
    .array(gate)
    .nullable()
    .describe('The gates as they were judged last; null when GitHub does not have it any more.'),
  outcome: z
    .enum(['open', 'merged', 'closed', 'obsolete', 'left'])
    .describe(
      '`closed`: by a person, `obsolete`: by Sluice, `left`: it left the pull request of its group before that ended.',
    ),
  mergedAt: time.nullable(),
  mergedBy: login.describe('Login of who merged it.'),
  mergeCommitSha: name.nullable().describe('What the merge made on the default branch.'),
  closedAt: time.nullable().describe('When it was closed without having been merged.'),
  closedBy: login.describe('Login of who closed it.'),
});

export type PromotionRecord = z.output<typeof recordSchema>;

/** JSON Schema (draft 2020-12) of a line of `sluice history --json`. */
export function historyJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(recordSchema, { target: 'draft-2020-12', reused: 'inline' });
  return {
    $schema,
    $id: 'urn:sluice:schema:history',
    title: 'A promotion in the history of Sluice',
    description: 'A line of `sluice history --json`.',
    ...schema,
  };
}
