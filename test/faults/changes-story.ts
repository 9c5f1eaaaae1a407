import type { Act } from '../../src/cli/demo/story.ts';
import type { World } from '../../src/cli/demo/world.ts';
import { config, overlay, overlayPath } from '../e2e/setting.ts';
import type { Story } from './play.ts';

/** What the demo leaves out: a newer release, words of people, a release that is taken back, one that is not wanted. */

const GITOPS = { owner: 'acme', repo: 'gitops' };

async function seed({ sandbox }: World): Promise<void> {
  sandbox.addTeam('acme', 'sre', ['sam', 'sue']);
  await sandbox.addRepository({
    owner: 'acme',
    name: 'gitops',
    files: {
      '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n    gates: [approvals: 1]\n'),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    collaborators: { ann: 'admin', sam: 'write', sue: 'write', dan: 'write', eve: 'read' },
  });
}

/** Dan has the release in dev. */
const deploy =
  (tag: string): Act =>
  async ({ world }) => {
    const { rest } = world.as('dan');
    const path = overlayPath('dev');
    const { data } = await rest.repos.getContent({ ...GITOPS, path });
    const sha = 'sha' in data ? data.sha : undefined;
    const content = Buffer.from(overlay(tag)).toString('base64');
    await rest.repos.createOrUpdateFileContents({
      ...GITOPS,
      path,
      content,
      sha,
      message: `Deploy ${tag}`,
    });
    await world.settle();
  };

async function newestPull(world: World): Promise<number> {
  const { data } = await world.as('ann').rest.pulls.list({ ...GITOPS, state: 'all', per_page: 1 });
  return data[0]?.number ?? 0;
}

const say =
  (login: string, body: string): Act =>
  async ({ world }) => {
    const number = await newestPull(world);
    await world.as(login).rest.issues.createComment({ ...GITOPS, issue_number: number, body });
    await world.settle();
  };

const approve: Act = async ({ world }) => {
  const number = await newestPull(world);
  await world.as('sue').rest.pulls.createReview({ ...GITOPS, pull_number: number, event: 'APPROVE' });
  await world.settle();
};

const close: Act = async ({ world }) => {
  const number = await newestPull(world);
  await world.as('sam').rest.pulls.update({ ...GITOPS, pull_number: number, state: 'closed' });
  await world.settle();
};

export const CHANGES_STORY: Story = {
  seed,
  acts: [
    deploy('v2'),
    approve,
    deploy('v3'),
    say('sam', '/hold the sale goes on'),
    say('sam', '/resume'),
    deploy('v1'),
    deploy('v4'),
    close,
    deploy('v5'),
  ],
};
