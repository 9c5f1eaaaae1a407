import type { Octokit } from '@octokit/rest';
import type { Repository } from '../../sandbox/state.ts';
import { findPromotion, listPromotions, type PromotionPull } from './promotions.ts';
import type { Say } from './report.ts';
import {
  APPLICATIONS,
  ENVIRONMENTS,
  NEW_RELEASE,
  OLD_RELEASE,
  overlay,
  overlayPath,
  seedFiles,
} from './seed.ts';
import { readFromGit } from './verify.ts';
import type { World } from './world.ts';

export const ORGANIZATION = 'acme';
/** Ann owns the organisation; sam and sue are the production reviewers; dan writes the application; eve only looks. */
export const PEOPLE = ['ann', 'sam', 'sue', 'dan', 'eve'] as const;
const GITOPS = { owner: ORGANIZATION, repo: 'gitops' };

export interface Stage {
  world: World;
  say: Say;
  gitops: Repository;
}

type Expect = (isSo: boolean, problem: string) => void;

/** One act of the story; at its end nothing is under way. */
export type Act = (stage: Stage, expect: Expect) => Promise<void>;

/** What a demo plays, with what the config says of production besides its gates. */
export interface Story {
  production: string;
  acts: readonly Act[];
  /** What is not as the story leaves it. */
  verify(stage: Stage): Promise<string[]>;
}

/** Sets the stage, and starts the app. */
export async function prepareStory(world: World, { production }: Story): Promise<Repository> {
  const { gitops } = await seedStory(world, production);
  await world.startApp();
  await world.settle();
  return gitops;
}

/** Makes what is there before the story begins: repositories, a team, and the rules that protect the branch. */
export async function seedStory(
  world: World,
  production = '',
): Promise<{ gitops: Repository; checkout: Repository }> {
  const { sandbox } = world;
  sandbox.addTeam(ORGANIZATION, 'sre', ['sam', 'sue']);
  const collaborators = { ann: 'admin', sam: 'write', sue: 'write', dan: 'write', eve: 'read' } as const;
  const gitops = await sandbox.addRepository({
    owner: ORGANIZATION,
    name: 'gitops',
    files: seedFiles(production),
    collaborators,
    teams: { sre: 'write' },
  });
  const files = { 'README.md': '# checkout\n' };
  const checkout = await sandbox.addRepository({
    owner: ORGANIZATION,
    name: 'checkout',
    files,
    collaborators: { ann: 'admin', dan: 'write' },
  });
  await protect(world);
  return { gitops, checkout };
}

/** The check from the App itself, and a production reviewer for the production folders: GitHub's own last word. */
async function protect(world: World): Promise<void> {
  const team = world.sandbox.state.organizations.get(ORGANIZATION)!.teams.get('sre')!;
  await world.as('ann').request('POST /repos/{owner}/{repo}/rulesets', {
    ...GITOPS,
    name: 'promotions',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'sluice/gates', integration_id: world.appId }],
        },
      },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: 0,
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_review_thread_resolution: false,
          required_reviewers: [
            {
              file_patterns: ['apps/*/overlays/prod-*/**'],
              minimum_approvals: 1,
              reviewer: { id: team.id, type: 'Team' },
            },
          ],
        },
      },
    ],
  } as never);
}

/** Plays a story. Returns what was not as it should be. */
export async function playStory({ acts, verify }: Story, stage: Stage): Promise<string[]> {
  const problems: string[] = [];
  for (const act of acts) {
    await act(stage, (isSo, problem) => {
      if (!isSo) problems.push(problem);
    });
  }
  return [...problems, ...(await verify(stage))];
}

/** What is not as the story leaves it. */
export async function verifyStory(stage: Stage): Promise<string[]> {
  const found = await listPromotions(stage.world.as('ann'), stage.gitops);
  return [
    ...(found.length === ENVIRONMENTS.length
      ? []
      : [`there are ${found.length} promotions, and the story has ${ENVIRONMENTS.length}`]),
    ...found.filter(({ merged }) => !merged).map(({ pull }) => `#${pull} has not merged`),
    ...(await verifyFiles(stage, { release: NEW_RELEASE })),
  ];
}

/** CI of the application publishes: the promotion to dev opens, has no gates, and merges by itself. */
export async function publish(tag: string, { world, say, gitops }: Stage): Promise<void> {
  const release = {
    owner: ORGANIZATION,
    repo: 'checkout',
    tag_name: tag,
    target_commitish: 'main',
    name: tag,
  };
  await world.as('dan').rest.repos.createRelease(release);
  say(`CI        dan publishes checkout ${tag}  ${world.sandbox.url}/acme/checkout`);
  await world.settle();
  const dev = await findPromotion(world.as('ann'), gitops, 'checkout', 'dev');
  say(`dev       #${dev.pull} build -> dev: ${dev.title}; no gates, merged by Sluice  ${dev.url}`);
}

export async function passStaging({ world, say, gitops }: Stage, expect: Expect): Promise<void> {
  const ann = world.as('ann');
  const staging = await findPromotion(ann, gitops, 'checkout', 'staging');
  say(
    `staging   #${staging.pull} dev -> staging: ${staging.title}; ${await readCheck(ann, staging)}  ${staging.url}`,
  );
  expect(!staging.merged, 'the promotion to staging merged before its check');
  const status = { ...GITOPS, sha: staging.headSha, context: 'ci/smoke', state: 'success' as const };
  await ann.rest.repos.createCommitStatus(status);
  say('staging   CI reports ci/smoke: success');
  await world.settle();
  const after = await findPromotion(ann, gitops, 'checkout', 'staging');
  say(`staging   #${after.pull} ${await readCheck(ann, after)}; merged by Sluice  ${after.url}`);
  expect(after.merged, 'the promotion to staging did not merge after its check');
}

const PRODUCTION = ['prod-eu', 'prod-us'];

async function refuseTooEarly({ world, say, gitops }: Stage, expect: Expect): Promise<void> {
  const ann = world.as('ann');
  const opened = await Promise.all(PRODUCTION.map((name) => findPromotion(ann, gitops, 'checkout', name)));
  for (const each of opened) {
    say(
      `${each.to.padEnd(9)} #${each.pull} staging -> ${each.to}: ${each.title}; ${await readCheck(ann, each)}  ${each.url}`,
    );
  }
  for (const each of opened) {
    say(`${each.to.padEnd(9)} #${each.pull} in the cluster: ${await readChange(ann, each)}`);
  }
  for (const each of opened) {
    const early = await tryMerge(world.as('sam'), each);
    say(`${each.to.padEnd(9)} #${each.pull} sam merges too early: ${early ?? 'NOT refused'}`);
    expect(early !== null, `#${each.pull} merged without any approval`);
    for (const wrong of ['dan', 'eve']) await approve(world.as(wrong), each);
    await world.settle();
    const refused = await tryMerge(world.as('sam'), each);
    say(
      `${each.to.padEnd(9)} #${each.pull} dan (no sre, author) and eve (may not write) approve; sam merges: ${refused ?? 'NOT refused'}`,
    );
    expect(refused !== null, `#${each.pull} merged with approvals that do not count`);
  }
}

export async function passProduction(
  name: string,
  { world, say, gitops }: Stage,
  expect: Expect,
): Promise<void> {
  const ann = world.as('ann');
  const opened = await findPromotion(ann, gitops, 'checkout', name);
  const { to, pull, url } = opened;
  await approve(world.as('sue'), opened);
  await world.settle();
  say(`${to.padEnd(9)} #${pull} sue (sre) approves; ${await readCheck(ann, opened)}`);
  const refused = await tryMerge(world.as('sam'), opened);
  say(`${to.padEnd(9)} #${pull} sam merges: ${refused ?? 'merged'}  ${url}`);
  expect(refused === null, `#${pull} did not merge after its approval: ${refused}`);
  await world.settle();
}

/** The story after its stage is set. */
export const ACTS: readonly Act[] = [
  (stage) => publish(NEW_RELEASE, stage),
  passStaging,
  refuseTooEarly,
  ...PRODUCTION.map(
    (name): Act =>
      (stage, expect) =>
        passProduction(name, stage, expect),
  ),
];

export async function approve(octokit: Octokit, { pull }: PromotionPull): Promise<void> {
  await octokit.rest.pulls.createReview({ ...GITOPS, pull_number: pull, event: 'APPROVE' });
}

/** Null when it merged; otherwise what GitHub said. */
async function tryMerge(octokit: Octokit, { pull, headSha }: PromotionPull): Promise<string | null> {
  try {
    await octokit.rest.pulls.merge({ ...GITOPS, pull_number: pull, merge_method: 'squash', sha: headSha });
    return null;
  } catch (error) {
    return error instanceof Error
      ? `refused: ${error.message.replace(/\s+/g, ' ').split(' - http')[0]}`
      : String(error);
  }
}

export async function readCheck(octokit: Octokit, { headSha }: PromotionPull): Promise<string> {
  const { data } = await octokit.rest.checks.listForRef({
    ...GITOPS,
    ref: headSha,
    check_name: 'sluice/gates',
  });
  const check = data.check_runs[0];
  return check
    ? `sluice/gates is ${check.conclusion ?? check.status} (${check.output.title})`
    : 'sluice/gates is missing';
}

/** The first resource that a promotion shows to change, or why it shows none: not every machine can render. */
async function readChange(octokit: Octokit, { headSha }: PromotionPull): Promise<string> {
  const { data } = await octokit.rest.checks.listForRef({
    ...GITOPS,
    ref: headSha,
    check_name: 'sluice/diff',
  });
  const text = data.check_runs[0]?.output.summary ?? 'nothing is shown';
  const resource = text.split('\n').find((line) => line.startsWith('#### '));
  return (resource ?? text.trim().split('\n')[0]!).replace(/[#`]/g, '').trim();
}

/** What git holds at the end is compared with what the story calls for, file by file; the app is not asked. */
export async function verifyFiles(
  { gitops }: Stage,
  { release: newest, production = '' }: { release: string; production?: string },
): Promise<string[]> {
  const expected = seedFiles(production);
  for (const application of APPLICATIONS) {
    for (const environment of ENVIRONMENTS) {
      const release = application === 'checkout' ? newest : OLD_RELEASE;
      expected[overlayPath(application, environment)] = overlay(application, environment, release);
    }
  }
  const found = await readFromGit(gitops.gitDir, gitops.defaultBranch);
  const paths = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  return paths
    .filter((path) => expected[path] !== found[path])
    .map((path) => `${path} is not what the story calls for`);
}

/** A release goes from CI to production. */
export const RELEASE_STORY: Story = { production: '', acts: ACTS, verify: verifyStory };
