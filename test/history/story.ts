import type { World, WorldOptions } from '../../src/cli/demo/world.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from '../e2e/setting.ts';

const ENVIRONMENTS = `  dev:
  staging:
    from: dev
    auto-merge: true
  prod:
    from: staging
    gates: [{ approvals: 1 }]
  canary:
    from: dev
    group: all
    gates: [{ checks: { on: source, names: [smoke] } }]
  perf:
    from: staging
    gates: [manual]
`;

const HELD: readonly [environment: string, application: string][] = [
  ...['dev', 'staging', 'prod', 'canary', 'perf'].map((each): [string, string] => [each, 'checkout']),
  ...['dev', 'staging', 'prod', 'canary'].map((each): [string, string] => [each, 'payments']),
];

export async function makeHistorySetting(history?: WorldOptions['history']): Promise<Setting> {
  const overlays = HELD.map(([environment, application]) => [
    overlayPath(environment, application),
    overlay('v1', 1, application),
  ]);
  return makeSetting(
    { '.github/sluice.yml': config(ENVIRONMENTS), ...Object.fromEntries(overlays) },
    { history },
  );
}

/** Releases come to dev, which Sluice takes to staging by itself. */
export async function release(setting: Setting, application: string, tag: string): Promise<void> {
  await setting.write(overlayPath('dev', application), overlay(tag, 1, application));
}

export async function close(setting: Setting, login: string, pull: number): Promise<void> {
  await setting.as(login).rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
}

/**
 * Everything that becomes of promotions: one that merges by itself, one that is superseded, approved and merged by
 * people, one that a person closes, one that becomes obsolete, and a group that one application leaves and that stays
 * open. Time passes in between.
 */
export async function playHistory(setting: Setting): Promise<void> {
  const { sandbox } = setting.world;
  const later = () => sandbox.clock.advance(60_000);
  await release(setting, 'checkout', 'v2');
  later();
  await release(setting, 'payments', 'v5');
  later();
  await release(setting, 'checkout', 'v3');
  later();
  const { data: tip } = await setting.as('dan').rest.repos.listCommits({
    ...setting.repo,
    path: overlayPath('dev', 'payments'),
    per_page: 1,
  });
  await setting.as('dan').rest.repos.createCommitStatus({
    ...setting.repo,
    sha: tip[0]!.sha,
    state: 'failure',
    context: 'smoke',
  });
  await setting.settle();
  later();
  const prod = await setting.open('prod', 'checkout');
  await setting.approve('sam', prod.pull);
  later();
  await setting.merge('ann', prod.pull);
  later();
  await close(setting, 'ann', (await setting.open('prod', 'payments')).pull);
  later();
  await setting.write(overlayPath('perf'), overlay('v3'));
}

/** What a command of Sluice needs in its environment to speak to the local GitHub. */
export function environmentOf({ sandbox, appId, privateKeyPem }: World): NodeJS.ProcessEnv {
  return {
    APP_ID: String(appId),
    PRIVATE_KEY: privateKeyPem,
    GITHUB_API_URL: sandbox.url,
    LOG_LEVEL: 'silent',
  };
}
