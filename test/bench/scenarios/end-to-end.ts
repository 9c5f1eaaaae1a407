import pino from 'pino';
import { storageIn } from '../../../src/cli/open-queue.ts';
import type { ServeOptions } from '../../../src/cli/serve.ts';
import { openDatabase } from '../../../src/database/open-database.ts';
import { PatientOctokit } from '../../../src/github/patient-octokit.ts';
import { startPostgres } from '../../database/start-postgres.ts';
import { until } from '../../queue/worker.ts';
import { findComplete, type GitHub, openGitHub } from '../github.ts';
import { percentile } from '../percentile.ts';
import { makeFiles, nameApplications, overlay, overlayPath } from '../repository.ts';
import type { Figures, Scenario } from '../scenario.ts';

const EVENTS = 50;
const QUICK_EVENTS = 10;
const SPACED_EVENTS = 10;

export const endToEnd: Scenario = {
  about: 'from a push to the open, labelled, checked pull request, throttling off',
  measure: ({ isQuick }) => timeEvents(isQuick ? QUICK_EVENTS : EVENTS, {}),
};

export const endToEndSpaced: Scenario = {
  about: 'the same with the spacing of requests that Probot has by itself',
  isLong: true,
  measure: () => timeEvents(SPACED_EVENTS, { Octokit: PatientOctokit }),
};

/** Releases one application after the other, each once all is quiet, on PostgreSQL. */
async function timeEvents(events: number, serve: Partial<ServeOptions>): Promise<Figures> {
  const postgres = await startPostgres();
  const database = await openDatabase({
    url: await postgres.createDatabase('events'),
    folder: null,
    onError: () => {},
  });
  // One more, whose event is not counted: it is the first look of the process.
  const applications = nameApplications(events + 1);
  const files = makeFiles({ applications, environments: { dev: '', staging: 'from: dev' } });
  const log = pino({ level: 'silent' });
  const github = await openGitHub(files, serve, () => storageIn(database, log));
  try {
    await github.world.startApp();
    const times: number[] = [];
    for (const application of applications) times.push(await timeEvent(github, application));
    const counted = times.slice(1);
    return { events, medianMs: percentile(counted, 50), p95Ms: percentile(counted, 95) };
  } finally {
    await github.world.stop();
    await database.close();
    await postgres.stop();
  }
}

async function timeEvent({ world, gitops, commit }: GitHub, application: string): Promise<number> {
  const wanted = findComplete(gitops).length + 1;
  await commit({ [overlayPath(application, 'dev')]: overlay(application, 'v1.1.0') });
  const startedMs = performance.now();
  await until(() => findComplete(gitops).length === wanted);
  const elapsedMs = performance.now() - startedMs;
  await world.settle();
  return elapsedMs;
}
