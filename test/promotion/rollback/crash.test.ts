import { expect, test } from '@jest/globals';
import type { Report } from '../../../src/promotion/ports/health.ts';
import type { Job } from '../../../src/promotion/ports/jobs.ts';
import { type Fault, makeRun, type Run } from '../../schedules/watched-host.ts';
import { REPOSITORY, type Stage } from '../../stages/stage.ts';
import { start, work } from './support.ts';

/** What people find: the rollbacks, what is held and marked, and what was said. */
async function describeEnd(stage: Stage) {
  const port = await stage.makeHost().open(REPOSITORY);
  const pulls = (await port.listAllPulls(1)).filter(({ title }) => title.startsWith('Roll back'));
  const read = async (path: string) =>
    JSON.parse((await port.readFile(path, 'sluice-state'))?.text ?? 'null');
  const said = await Promise.all((await port.listAllPulls(1)).map(({ number }) => port.listComments(number)));
  const tip = await port.readBranch('sluice-state');
  return {
    rollbacks: pulls.map(({ title, isOpen, labels }) => ({ title, isOpen, labels })),
    holds: ((await read('holds.json'))?.holds ?? []).length,
    marks: ((await read('bad-releases.json'))?.releases ?? []).length,
    changes: (await port.listCommits(tip!, 'bad-releases.json', 10)).length,
    said: said.flat().filter(({ isSluices }) => isSluices).length,
  };
}

const ONCE = {
  rollbacks: [{ title: 'Roll back checkout to v1 in prod', isOpen: true, labels: ['sluice', 'rollback'] }],
  holds: 1,
  marks: 1,
  changes: 1,
  said: 1,
};

const DEATHS = ['dies-before', 'dies-after'] as const;

/** Plays `act` once for each call that it makes, with a death there, and once more each time by another process. */
async function playDeaths(
  kind: Fault['kind'],
  play: (fault: Fault | null) => Promise<{ run: Run; end: unknown }>,
) {
  const { run: whole, end } = await play(null);
  expect(end).toEqual(ONCE);
  const among = kind === 'dies-after' ? 'writes' : 'calls';
  const most = kind === 'dies-after' ? whole.writes.length : whole.calls;
  expect(most).toBeGreaterThan(8);
  for (let at = 1; at <= most; at++) {
    const { end: after, run } = await play({ kind, at, among });
    expect({ at, isDead: run.isDead, after }).toEqual({ at, isDead: true, after: ONCE });
  }
}

test.each(DEATHS)(
  'a rollback by a person whose process %s any call is one pull request, hold and mark',
  async (kind) => {
    await playDeaths(kind, async (fault) => {
      const world = await start();
      const issue = await world.stage.people.openIssue('sam');
      const comment = await world.stage.people.comment('sam', issue, '/rollback checkout in prod it fails');
      const job: Job = { kind: 'command', repository: REPOSITORY, comment };
      const run = makeRun(fault);
      await work(world, job, run);
      world.stage.pass(5_000);
      await work(world, job);
      // The answer stands on an issue.
      const port = await world.stage.makeHost().open(REPOSITORY);
      const answers = (await port.listComments(issue)).filter(({ isSluices }) => isSluices);
      const end = await describeEnd(world.stage);
      return { run, end: { ...end, said: answers.length } };
    });
  },
);

test.each(DEATHS)(
  'a rollback by Sluice whose process %s any call is one pull request, hold and mark',
  async (kind) => {
    await playDeaths(kind, async (fault) => {
      const reports: Report[] = [];
      const world = await start(reports);
      const failure = { name: 'rollout/prod/checkout', by: 'argo', state: 'unhealthy', id: 1 } as const;
      reports.push({ ...failure, atMs: world.stage.now() });
      const run = makeRun(fault);
      await work(world, { kind: 'rollback', repository: REPOSITORY }, run);
      world.stage.pass(5_000);
      await work(world, { kind: 'reconcile', repository: REPOSITORY, lookAt: [], ended: [], isSweep: true });
      return { run, end: await describeEnd(world.stage) };
    });
  },
);
