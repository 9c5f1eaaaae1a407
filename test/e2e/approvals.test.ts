import { afterEach, describe, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

/** Dan releases v2 to dev, and its promotion to prod waits for the approvals. */
async function release(approvals: string) {
  const gates = `    gates:\n      - approvals: ${approvals}\n`;
  setting = await makeSetting({
    '.github/sluice.yml': config(`  dev:\n  prod:\n    from: dev\n${gates}`),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  await setting.write(overlayPath('dev'), overlay('v2'), 'dan');
  return setting.open('prod');
}

test('rules are met one by one, by teams and by roles', async () => {
  const { pull, headSha } = await release('{ all: [{ from: [team:acme/sre] }, { from: [role:admin] }] }');
  expect((await setting.check(headSha)).summary).toContain(
    '0 of 1 approval from team acme/sre, and 0 of 1 approval from people with the role admin',
  );
  await setting.approve('sam', pull);
  const { state, summary } = await setting.check(headSha);
  expect(state).toBe('in_progress');
  expect(summary).toContain('0 of 1 approval from people with the role admin');
  expect(summary).not.toContain('0 of 1 approval from team');
  await setting.approve('ann', pull);
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  expect((await setting.check(headSha)).summary).toContain('approved by sam, ann');
});

describe('what protects the branch', () => {
  async function protect(parameters: Record<string, unknown>) {
    await setting.as('ann').request('POST /repos/{owner}/{repo}/rulesets', {
      ...setting.repo,
      name: 'reviews',
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      rules: [
        {
          type: 'pull_request',
          parameters: {
            required_approving_review_count: 2,
            dismiss_stale_reviews_on_push: false,
            require_code_owner_review: true,
            require_last_push_approval: false,
            required_review_thread_resolution: false,
            ...parameters,
          },
        },
      ],
    });
  }

  test('is told where a ruleset asks for more, and the gate is what it was', async () => {
    const { pull, headSha } = await release('1');
    const { data: team } = await setting.as('ann').rest.teams.getByName({ org: 'acme', team_slug: 'sre' });
    await protect({
      required_reviewers: [
        {
          file_patterns: ['apps/*/overlays/prod/**'],
          minimum_approvals: 1,
          reviewer: { id: team.id, type: 'Team' },
        },
      ],
    });
    await setting.approve('sue', pull);
    const check = await setting.check(headSha);
    expect(check.state).toBe('success');
    expect(check.summary).toContain(
      `GitHub asks for more: 2 approvals, an approval by a code owner of each file that has one, 1 approval by the team that a ruleset names for \`${overlayPath('prod')}\``,
    );
  });

  test('is told to be there where it is classic protection', async () => {
    const { pull, headSha } = await release('1');
    await setting.as('ann').rest.repos.updateBranchProtection({
      ...setting.repo,
      branch: 'main',
      required_status_checks: null,
      enforce_admins: false,
      required_pull_request_reviews: { required_approving_review_count: 2 },
      restrictions: null,
    });
    await setting.approve('sue', pull);
    const check = await setting.check(headSha);
    expect(check.state).toBe('success');
    expect(check.summary).toContain('GitHub shows to administrators only');
  });
});
