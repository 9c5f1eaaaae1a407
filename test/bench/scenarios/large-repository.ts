import { findFreePort } from '../../database/find-free-port.ts';
import { startPostgres } from '../../database/start-postgres.ts';
import { type GitHub, openGitHub } from '../github.ts';
import { makeFiles, nameApplications, overlayPath, type Shape } from '../repository.ts';
import type { Scenario } from '../scenario.ts';
import { spawnSluice } from '../sluice-process.ts';

const REGIONS = ['eu-1', 'eu-2', 'us-1', 'us-2', 'asia-1', 'asia-2', 'africa'];

/** 1,000 applications in 10 environments, all of them at the same release. */
export const LARGE: Shape = {
  applications: nameApplications(1_000),
  environments: {
    dev: '',
    staging: 'from: dev',
    qa: 'from: staging',
    ...Object.fromEntries(REGIONS.map((region) => [region, 'from: qa'])),
  },
};

export const firstLook: Scenario = {
  about: 'first look at 1,000 applications in 10 environments, by `sluice start` on PostgreSQL',
  async measure() {
    const github = await openGitHub(makeFiles(LARGE));
    const postgres = await startPostgres();
    try {
      return await lookOnce(github, await postgres.createDatabase('look'));
    } finally {
      await github.world.stop();
      await postgres.stop();
    }
  },
};

async function lookOnce(github: GitHub, databaseUrl: string) {
  const { gitops } = github;
  github.takeCalls();
  const sluice = spawnSluice('all', {
    ...github.environment,
    DATABASE_URL: databaseUrl,
    PORT: String(await findFreePort()),
  });
  const startedMs = performance.now();
  try {
    await sluice.said('sweep');
    const sweptMs = performance.now();
    await sluice.said('looked');
    const calls = github.takeCalls();
    return {
      calls: calls.filter(({ path }) => path.startsWith(`/repos/${gitops.fullName}/`)).length,
      callsWithStart: calls.length,
      lookSeconds: toSeconds(performance.now() - sweptMs),
      startSeconds: toSeconds(sweptMs - startedMs),
      peakMb: await sluice.readPeakMb(),
    };
  } finally {
    await sluice.kill();
  }
}

export const nothingToDo: Scenario = {
  about: 'a look with nothing to do at 1,000 applications in 10 environments',
  async measure() {
    const github = await openGitHub(makeFiles(LARGE));
    const { world, gitops } = github;
    try {
      await world.startApp();
      await fail(github);
      await world.settle();
      const outcome = world.outcomeOf(gitops.fullName);
      if (outcome?.holdings.length !== 10_000) throw new Error('the first look did not see all targets');
      github.takeCalls();
      const startedMs = performance.now();
      await fail(github);
      await world.settle();
      const lookSeconds = toSeconds(performance.now() - startedMs);
      const calls = github.takeCalls();
      await world.sweep();
      await world.settle();
      const swept = github.takeCalls();
      return {
        calls: calls.length,
        callsThatCount: calls.filter(({ status }) => status !== 304).length,
        sweepCalls: swept.length,
        sweepCallsThatCount: swept.filter(({ status }) => status !== 304).length,
        lookSeconds,
      };
    } finally {
      await world.stop();
    }
  },
};

/** Something happens that gives reason to look, and changes nothing: CI of somebody fails. */
async function fail({ world, gitops }: GitHub): Promise<void> {
  const repo = { owner: gitops.owner, repo: gitops.name };
  const { repos } = world.as('dan').rest;
  const { data } = await repos.listCommits({ ...repo, path: overlayPath('app-0001', 'dev'), per_page: 1 });
  await repos.createCommitStatus({ ...repo, sha: data[0]!.sha, state: 'failure', context: 'ci' });
}

function toSeconds(durationMs: number): number {
  return Math.round(durationMs / 100) / 10;
}
