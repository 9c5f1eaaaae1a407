import type { Report } from '../../../src/promotion/ports/health.ts';
import type { GitHost } from '../../../src/promotion/ports/host.ts';
import type { Job } from '../../../src/promotion/ports/jobs.ts';
import { type RunDependencies, runJob } from '../../../src/promotion/run-job.ts';
import { makeMemorySources } from '../../queue/memory-sources.ts';
import { makeRun, type Run, watchHost } from '../../schedules/watched-host.ts';
import { openMemoryStage } from '../../stages/memory-stage.ts';
import { REPOSITORY } from '../../stages/stage.ts';

export const CONFIG = `path: apps/{app}/{env}
environments:
  dev:
  prod:
    from: dev
    rollback: { health: { status: 'rollout/{env}/{app}' } }
`;
const ROLES = { ann: 'admin', sam: 'write', eve: 'read' } as const;
export const PATH = (name: string) => `apps/checkout/${name}/kustomization.yaml`;
export const overlay = (tag: string) => `images:\n  - name: checkout\n    newTag: ${tag}\n`;
const WATCH = { before: async () => undefined, after: async () => undefined };

/** A promotion of v2 to prod has merged; `reports` are what is said of it. */
export async function start(reports: Report[] = [], config = CONFIG) {
  const stage = await openMemoryStage({
    files: { '.github/sluice.yml': config, [PATH('dev')]: overlay('v1'), [PATH('prod')]: overlay('v1') },
    roles: ROLES,
  });
  const world = { stage, reports, jobs: [] as Job[] };
  await stage.people.push('ann', 'main', { [PATH('dev')]: overlay('v2') }, 'Release v2');
  await look(world);
  const port = await stage.makeHost().open(REPOSITORY);
  const [pull] = await port.listOpenPulls();
  await stage.people.merge('ann', pull!.number, 'squash');
  stage.pass(60_000);
  return world;
}

export type World = Awaited<ReturnType<typeof start>>;

/** Does a job as a new process does, with all that follows from it. */
export async function work(
  { stage, reports, jobs }: World,
  job: Job,
  run: Run = makeRun(null),
): Promise<void> {
  const dependencies: RunDependencies = {
    host: watchHost(withReports(stage.makeHost(), reports), run, WATCH),
    http: { ask: () => Promise.reject(new Error('not asked for')) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    reported: new Map(),
    rendering: null,
    now: stage.now,
    sources: makeMemorySources(),
    withoutConfig: new Set(),
    dashboard: null,
    heard: new Map(),
    queue: () => ({
      add: async (added) => void jobs.push(added),
      addLater: async (added) => void jobs.push(added),
    }),
  };
  await runJob(dependencies, job).catch((error: unknown) => {
    if (!run.isDead) throw error;
  });
  while (jobs.length > 0 && !run.isDead) await work({ stage, reports, jobs }, jobs.shift()!);
}

/** Looks as after any event. */
export async function look(world: World): Promise<void> {
  await work(world, { kind: 'reconcile', repository: REPOSITORY, lookAt: [], ended: [] });
}

/** Somebody comments, and it is done. */
export async function say(world: World, login: string, issue: number, body: string): Promise<string> {
  const comment = await world.stage.people.comment(login, issue, body);
  await work(world, { kind: 'command', repository: REPOSITORY, comment });
  const port = await world.stage.makeHost().open(REPOSITORY);
  return (await port.listComments(issue)).filter(({ isSluices }) => isSluices).at(-1)?.body ?? '';
}

function withReports(host: GitHost, reports: readonly Report[]): GitHost {
  return {
    ...host,
    open: async (repository) => ({
      ...(await host.open(repository)),
      listStatusReports: async () => [...reports],
    }),
  };
}
