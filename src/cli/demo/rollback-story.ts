import { findPromotion, listPromotions } from './promotions.ts';
import { ENVIRONMENTS, NEW_RELEASE, OLD_RELEASE } from './seed.ts';
import {
  approve,
  ORGANIZATION,
  passProduction,
  passStaging,
  publish,
  readCheck,
  type Stage,
  type Story,
  verifyFiles,
} from './story.ts';
import { runGit } from './verify.ts';

const MENDED_RELEASE = 'v1.5.1';
const GITOPS = { owner: ORGANIZATION, repo: 'gitops' };

const PRODUCTION = `    rollback:
      health: { status: "rollout/{env}/{app}" }
      within: 30m
      auto-merge: true
      lift-hold: newer-release
`;

type Expect = Parameters<Story['acts'][number]>[1];

/** What was merged runs, and does not run well: what deploys it says so on the commit, as Argo CD does. */
async function turnRed({ world, say, gitops }: Stage, expect: Expect): Promise<void> {
  const ann = world.as('ann');
  const promoted = await findPromotion(ann, gitops, 'checkout', 'prod-eu');
  const sha = (await runGit(gitops.gitDir, ['rev-parse', `refs/heads/${gitops.defaultBranch}`])).trim();
  const status = { ...GITOPS, sha, context: 'rollout/prod-eu/checkout' };
  await ann.rest.repos.createCommitStatus({ ...status, state: 'success' });
  await world.settle();
  say('prod-eu   the rollout reports success');
  await ann.rest.repos.createCommitStatus({ ...status, state: 'failure' });
  say('prod-eu   the rollout reports failure, minutes after the merge');
  await world.settle();
  const back = await findPromotion(ann, gitops, 'checkout', 'prod-eu');
  say(`prod-eu   #${back.pull} ${back.title}, opened by Sluice; ${await readCheck(ann, back)}  ${back.url}`);
  expect(back.pull !== promoted.pull && !back.merged, 'Sluice opened no rollback');
  const { data: comments } = await ann.rest.issues.listComments({ ...GITOPS, issue_number: promoted.pull });
  const said = comments.find(({ body }) => body?.includes('rolls this back'))?.body ?? '';
  say(`prod-eu   #${promoted.pull} Sluice says: ${said.split('\n')[0]}`);
  expect(said.includes('@sue'), 'nobody who approved was told');
}

/** Approvals are never skipped; everything else is done by itself. */
async function rollBack({ world, say, gitops }: Stage, expect: Expect): Promise<void> {
  const ann = world.as('ann');
  const back = await findPromotion(ann, gitops, 'checkout', 'prod-eu');
  await approve(world.as('sue'), back);
  await world.settle();
  const after = await findPromotion(ann, gitops, 'checkout', 'prod-eu');
  say(`prod-eu   sue (sre) approves; #${after.pull} ${after.merged ? 'merged by Sluice' : 'has NOT merged'}`);
  expect(after.merged, 'the rollback did not merge after its approval');
  const { holdings = [], plan } = world.outcomeOf(gitops.fullName) ?? {};
  const held = holdings.filter(({ application }) => application === 'checkout');
  say(`checkout  ${held.map(({ environment, release }) => `${environment} ${release}`).join(', ')}`);
  expect(
    held.find(({ environment }) => environment === 'prod-eu')?.release === OLD_RELEASE,
    'production does not hold what was there before',
  );
  const reason = plan?.notPromoted.find(({ to }) => to === 'prod-eu')?.reason ?? 'nothing says why not';
  say(`prod-eu   ${NEW_RELEASE} does not come back: ${reason.split(' (http')[0]}`);
  expect(reason.includes('is marked as bad'), 'the bad release may come back');
}

/** The environments before went on; what mends it ends the hold. */
async function mend(stage: Stage, expect: Expect): Promise<void> {
  const { world, say, gitops } = stage;
  await publish(MENDED_RELEASE, stage);
  await passStaging(stage, expect);
  const ann = world.as('ann');
  const next = await findPromotion(ann, gitops, 'checkout', 'prod-eu');
  say(
    `prod-eu   #${next.pull} ${next.title}; the hold has ended, ${await readCheck(ann, next)}  ${next.url}`,
  );
  const { summary } = (await readGates(stage, next.headSha)) ?? {};
  expect(summary !== undefined && !summary?.includes('holds'), 'a newer release did not end the hold');
}

async function readGates({ world }: Stage, ref: string) {
  const { data } = await world
    .as('ann')
    .rest.checks.listForRef({ ...GITOPS, ref, check_name: 'sluice/gates' });
  return data.check_runs[0]?.output;
}

async function verify(stage: Stage): Promise<string[]> {
  const found = await listPromotions(stage.world.as('ann'), stage.gitops);
  const rollbacks = found.filter(({ title }) => title.startsWith('Roll back'));
  const expected = 2 * ENVIRONMENTS.length;
  return [
    // The promotion to prod-us carries the mended release in the end, and there is one rollback.
    ...(found.length === expected ? [] : [`there are ${found.length} pull requests, not ${expected}`]),
    ...(rollbacks.length === 1 ? [] : [`there are ${rollbacks.length} rollbacks`]),
    ...found.filter(({ merged }) => !merged).map(({ pull }) => `#${pull} has not merged`),
    ...(await verifyFiles(stage, { release: MENDED_RELEASE, production: PRODUCTION })),
  ];
}

/** Health turns red after a merge to production, and Sluice takes it back. */
export const ROLLBACK_STORY: Story = {
  production: PRODUCTION,
  acts: [
    (stage) => publish(NEW_RELEASE, stage),
    passStaging,
    (stage, expect) => passProduction('prod-eu', stage, expect),
    turnRed,
    rollBack,
    mend,
    (stage, expect) => passProduction('prod-eu', stage, expect),
    (stage, expect) => passProduction('prod-us', stage, expect),
  ],
  verify,
};
