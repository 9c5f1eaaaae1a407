import pino from 'pino';
import { storageIn } from '../../../src/cli/open-queue.ts';
import type { ServeOptions } from '../../../src/cli/serve.ts';
import type { Database } from '../../../src/database/database.ts';
import { openDatabase } from '../../../src/database/open-database.ts';
import { countCreations } from '../../../src/github/count-creations.ts';
import { makeCreationBudget } from '../../../src/queue/creation-budget.ts';
import { GITHUB_LIMITS } from '../../../src/sandbox/limits.ts';
import type { Call } from '../../../src/sandbox/state.ts';
import { startPostgres } from '../../database/start-postgres.ts';
import { findComplete, type GitHub, openGitHub } from '../github.ts';
import { makeFiles, nameApplications, overlay, overlayPath } from '../repository.ts';
import type { Figures, Scenario } from '../scenario.ts';
import { startVirtualTime, type VirtualTime } from '../virtual-time.ts';

const APPLICATIONS = 100;
const QUICK_APPLICATIONS = 20;

export const stormAlone: Scenario = {
  about: '100 applications (20 when quick) released at once, each in a pull request, within GitHub’s limits',
  measure: ({ isQuick }) => {
    const count = isQuick ? QUICK_APPLICATIONS : APPLICATIONS;
    return storm(count, { grouped: false, expected: count });
  },
};

export const stormGrouped: Scenario = {
  about: '100 applications (20 when quick) released at once, in one grouped pull request',
  measure: ({ isQuick }) =>
    storm(isQuick ? QUICK_APPLICATIONS : APPLICATIONS, { grouped: true, expected: 1 }),
};

async function storm(
  count: number,
  { grouped, expected }: { grouped: boolean; expected: number },
): Promise<Figures> {
  const time = startVirtualTime();
  const postgres = await startPostgres();
  const database = await openDatabase({
    url: await postgres.createDatabase('storm'),
    folder: null,
    onError: () => {},
  });
  const applications = nameApplications(count);
  const staging = grouped ? 'from: dev\ngroup: all' : 'from: dev';
  const files = makeFiles({ applications, environments: { dev: '', staging } });
  const log = pino({ level: 'silent' });
  const budget = makeCreationBudget(database.sql);
  const prepareClient: ServeOptions['prepareClient'] = (client, installationId) => {
    if (installationId !== null) countCreations(client, (owner) => budget.spend(owner, Date.now(), false));
  };
  const github = await openGitHub(files, { prepareClient }, () => storageIn(database, log));
  try {
    await github.world.startApp();
    Object.assign(github.world.sandbox.limits, GITHUB_LIMITS);
    return await releaseAll(github, database, time, { applications, expected });
  } finally {
    await github.world.stop();
    await database.close();
    await postgres.stop();
    time.restore();
  }
}

async function releaseAll(
  github: GitHub,
  { sql }: Database,
  time: VirtualTime,
  { applications, expected }: { applications: readonly string[]; expected: number },
): Promise<Figures> {
  const { world, gitops } = github;
  await openDashboard(github, sql, time);
  github.takeCalls();
  const startMs = time.now();
  await github.commit(
    Object.fromEntries(applications.map((each) => [overlayPath(each, 'dev'), overlay(each, 'v1.1.0')])),
  );
  await world.sandbox.idle();
  let isMore = true;
  while (isMore && findComplete(gitops).length < expected) isMore = await time.skip(sql);
  const minutes = (time.now() - startMs) / 60_000;
  const all = github.takeCalls();
  const ofDashboard = all.filter(isOfDashboard);
  const calls = all.filter((call) => !isOfDashboard(call));
  const writes = ofDashboard.filter(({ method }) => method !== 'GET').length;
  return {
    pulls: findComplete(gitops).length,
    virtualMinutes: Math.round(minutes * 10) / 10,
    calls: calls.length,
    dashboardCalls: ofDashboard.length,
    dashboardWritesAMinute: Math.round((writes / minutes) * 100) / 100,
    // A batch is what changes within a minute, and one may have begun before.
    dashboardWritesBeyondBatches: Math.max(0, writes - Math.floor(minutes) - 1),
    creations: calls.filter(({ method, path }) => method === 'POST' && path.startsWith('/repos/')).length,
    refusals: calls.filter(({ status }) => status === 403 || status === 429).length,
  };
}

/** A repository that is in use has its dashboard. */
async function openDashboard({ world, gitops, commit }: GitHub, sql: Database['sql'], time: VirtualTime) {
  await commit({ 'README.md': 'hello\n' });
  await world.sandbox.idle();
  while (gitops.issues.size === 0 && (await time.skip(sql)));
  await world.settle();
}

/** The dashboard is an issue of its own: what is asked of what is held, when nothing is promoted, counts with the rest. */
function isOfDashboard({ path }: Call): boolean {
  return /\/issues(\/\d+)?(\?|$)/.test(path);
}
