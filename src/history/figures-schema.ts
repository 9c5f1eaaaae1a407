import { z } from 'zod';

const count = z.int().nonnegative();
const durationMs = z.int().nonnegative().nullable();
const spread = z.object({
  count: count.describe('How many there were: few tell little.'),
  medianMs: durationMs,
  p90Ms: durationMs.describe('Nine of ten took no longer.'),
});

const gateWaits = z.object({
  gate: z.string(),
  waited: spread.describe('Of those that passed it, or were overridden there.'),
  lastToPassCount: count.describe('In how many promotions that merged it was the last one to pass.'),
  waitingCount: count.describe('Promotions that wait for it now.'),
  longestWaitingMs: durationMs.describe('Of these, the longest until now.'),
  totalMs: z.int().nonnegative().describe('All that was waited for it, now included.'),
  unknownCount: count.describe(
    'Promotions that passed it at a time that no record tells; not counted elsewhere.',
  ),
});

/** How one application is delivered to one environment, as `sluice history figures --json` prints it. */
export const figuresSchema = z.object({
  repository: z.string().describe('Full name of the GitOps repository.'),
  application: z.string(),
  environment: z.string(),
  since: z.iso.datetime().describe('Begin of the time that this is about.'),
  until: z.iso.datetime().describe('Its end, which is now.'),
  deploymentCount: count.describe('Promotions that merged, without rollbacks.'),
  deploymentsPerWeek: z.number().nonnegative(),
  rollbackCount: count.describe('Rollbacks that merged, and promotions of a release that was there before.'),
  leadTime: spread.describe(
    "From Sluice's first commit of the release, in whichever environment, to the merge of its promotion here; without rollbacks.",
  ),
  failedCount: count.describe('Those of the deployments that a rollback took back, then or later.'),
  changeFailureRate: z.number().min(0).max(1).nullable().describe('`failedCount` of `deploymentCount`.'),
  timeToRestore: spread.describe('From the merge of what was taken back to the merge that took it back.'),
  gates: z
    .array(gateWaits)
    .describe(
      'What releases waited for, from when the pull request carried them: first the gate with the most time. Gates wait side by side, so that their times do not add up.',
    ),
});

export type Figures = z.output<typeof figuresSchema>;
export type GateWaits = z.output<typeof gateWaits>;
export type Spread = z.output<typeof spread>;

/** JSON Schema (draft 2020-12) of a line of `sluice history figures --json`. */
export function figuresJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(figuresSchema, { target: 'draft-2020-12', reused: 'inline' });
  return {
    $schema,
    $id: 'urn:sluice:schema:figures',
    title: 'How one application is delivered to one environment',
    description: 'A line of `sluice history figures --json`.',
    ...schema,
  };
}
