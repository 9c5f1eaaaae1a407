import { mergeJobs, reconcileJob } from '../../src/promotion/merge-jobs.ts';
import { makeKeptTargets } from '../../src/promotion/observe/kept-targets.ts';
import type { Job, SourceStore } from '../../src/promotion/ports/jobs.ts';
import type { RepositoryReader } from '../../src/promotion/ports/repository.ts';
import type { Outcome } from '../../src/promotion/reconcile.ts';
import { type RunDependencies, runJob } from '../../src/promotion/run-job.ts';
import { makeIntake } from '../../src/webhooks/take-event.ts';
import { type Hook, REPOSITORY, type Stage } from '../stages/stage.ts';
import { makeOracle } from './oracle.ts';
import { filesOf, ownOf, type Pipeline } from './pipeline.ts';
import {
  checkAlways,
  checkAtRest,
  keyOf,
  type Memories,
  makeWatch,
  type Scene,
  targetOf,
} from './promises.ts';
import { type Fault, makeRun, type Run, watchHost } from './watched-host.ts';

const CROWD = { writers: ['ann', 'bea', 'cal', 'dan'], admins: ['ann'] } as const;
export const ROLES = { ann: 'admin', bea: 'write', cal: 'write', dan: 'write', eve: 'read' } as const;
export const PEOPLE = Object.keys(ROLES);

/** Jobs that one delivery may come to before it counts as running in circles. */
const MOST_JOBS = 60;

/** What becomes of the webhooks of a step. */
export type Fate = 'delivered' | 'late' | 'lost' | 'doubled' | 'reversed';

/** GitHub, the workers of Sluice beside it, and all that is on its way between them. */
export interface World {
  stage: Stage;
  pipeline: Pipeline;
  memories: Memories;
  scene: Scene;
  /** What has happened, for whoever has to understand a schedule that broke a promise. */
  story: string[];
  /** Promises that are broken. */
  broken: string[];
  /** Number of the newest release. */
  released: number;
  /** The last command, and who gave it. */
  said: { id: number; by: string } | null;
  /** Something has changed: what was seen of GitHub is of before. */
  forget(): void;
  deliver(fate: Fate): Promise<void>;
  /** Does up to so many of the waiting jobs; `fault` is for the first of them. */
  work(most: number, fate: Fate, fault: Fault | null): Promise<void>;
  sweep(): void;
  /** All that the processes remember is lost. */
  restart(): void;
  /** A worker that was thought lost goes on. */
  wake(): Promise<void>;
  /** Lets time pass, and has due what was to be looked at again. */
  pass(durationMs: number): void;
  /** Notes what is so, for those who stand still meanwhile. */
  note(): Promise<void>;
  /** How often Sluice has written anything. */
  writes(): number;
  isStalled(): boolean;
}

const log = { info: () => {}, warn: () => {}, error: () => {} };

/** Nothing here is built elsewhere. */
const NO_SOURCES: SourceStore = {
  save: async () => undefined,
  find: async () => [],
  tell: async () => undefined,
  readTold: async () => [],
  taken: async () => undefined,
  isForgetful: async () => false,
  remember: async () => undefined,
};

export function makeWorld(stage: Stage, pipeline: Pipeline): World {
  const story: string[] = [];
  const broken: string[] = [];
  const memories: Memories = {
    own: new Map(Object.entries(filesOf(pipeline)).map(([path, text]) => [path, ownOf(text)])),
    ...{ closedByPeople: new Set(), pushed: [], isOverlapped: false },
  };
  const eye = stage.makeHost();
  let seen: RepositoryReader | null = null;
  const scene: Scene = {
    pipeline,
    memories,
    accuse: (what) => void broken.push(what),
    async look() {
      const reader = seen ?? remembering(withFilesBySha(await eye.open(REPOSITORY)));
      seen = reader;
      return { reader, oracle: makeOracle(reader, CROWD, stage.now()) };
    },
  };
  const forget = () => {
    seen = null;
  };
  const watch = makeWatch(scene, forget);
  const pending: Job[] = [];
  const undelivered: Hook[] = [];
  const looks: number[] = [];
  const stalled: { run: Run; done: Promise<unknown> }[] = [];
  let worker = makeWorker();
  let writes = 0;
  let deliveries = 0;

  function makeWorker() {
    return {
      host: stage.makeHost(),
      reported: new Map(),
      heard: new Map(),
      withoutConfig: new Set<string>(),
      kept: makeKeptTargets(),
    };
  }
  const add = (job: Job) => {
    const last = pending.at(-1);
    const merged = last ? mergeJobs(last, job) : null;
    if (merged) pending[pending.length - 1] = merged;
    else pending.push(job);
  };
  const take = makeIntake({
    ...{ appId: stage.appId, log, learn: () => undefined, now: stage.now },
    queue: { add: async (job) => add(job) },
  });
  const dependenciesOf = (run: Run, onOutcome: (outcome: Outcome) => void): RunDependencies => ({
    ...worker,
    ...{ log, rendering: null, now: stage.now, sources: NO_SOURCES },
    host: watchHost(worker.host, run, watch),
    http: { ask: async () => ({ known: false, reason: 'nothing is asked here' }) },
    onOutcome: (_, outcome) => onOutcome(outcome),
    queue: () => ({
      async add(job) {
        if (run.isDead) throw new Error('the process is gone');
        add(job);
      },
      addLater: async () => undefined,
    }),
    dashboard: null,
  });
  const deliver = async (fate: Fate) => {
    const fresh = await stage.takeHooks();
    if (fate === 'late') return void undelivered.push(...fresh);
    if (fate === 'lost') return;
    const due = [...undelivered.splice(0), ...fresh];
    if (fate === 'doubled') undelivered.push(...fresh);
    for (const { event, payload } of fate === 'reversed' ? due.toReversed() : due)
      await take(event, { id: `delivery-${++deliveries}`, payload });
  };
  const note = async () => {
    for (const { run } of stalled) await noteFor(scene, run);
  };
  const execute = async (job: Job, fault: Fault | null) => {
    const run = makeRun(fault);
    let outcome: Outcome | null = null;
    const stalling = new Promise<'stalled'>((resolve) => {
      run.onStall = () => resolve('stalled');
    });
    const doing = runJob(
      dependenciesOf(run, (each) => {
        outcome = each;
      }),
      job,
    ).then(
      (look) => ({ look, error: null }),
      (error: unknown) => ({ look: null, error }),
    );
    const end = await Promise.race([doing, stalling]);
    const what = `${job.kind}${job.kind === 'command' ? ` ${job.comment}` : ''} wrote [${run.writes.join(' ')}]`;
    if (end === 'stalled') {
      story.push(`  ${what} and stalls; another worker takes over`);
      memories.isOverlapped = true;
      stalled.push({ run, done: doing });
      pending.unshift(job);
      worker = makeWorker();
      return note();
    }
    writes += run.writes.length;
    if (run.isDead) {
      story.push(`  ${what} and dies`);
      pending.unshift(job);
      worker = makeWorker();
      return;
    }
    story.push(`  ${what}`);
    if (end.error && memories.isOverlapped) return void pending.unshift(job);
    if (end.error) scene.accuse(`a job fails: ${end.error instanceof Error ? end.error.stack : end.error}`);
    if (end.look?.lookAgainMs != null) looks.push(stage.now() + end.look.lookAgainMs);
    await note();
    const isSoon = (end.look?.lookAgainMs ?? Number.POSITIVE_INFINITY) <= 5_000;
    if (outcome && run.writes.length === 0 && !isSoon) await checkAtRest(scene);
  };

  return {
    ...{ stage, pipeline, memories, scene, story, broken, deliver, note, forget, released: 0, said: null },
    async work(most, fate, fault) {
      let left = fault;
      for (let done = 0; pending.length > 0 && done < most && broken.length === 0; done++) {
        if (done >= MOST_JOBS) return scene.accuse('Sluice does not come to rest');
        await execute(pending.shift()!, left);
        left = null;
        await deliver(fate);
        await checkAlways(scene);
      }
    },
    sweep: () => add(reconcileJob(REPOSITORY, { lookAt: ['*'], commands: true })),
    restart() {
      worker = makeWorker();
    },
    async wake() {
      const [first] = stalled.splice(0, 1);
      if (!first) return;
      first.run.thaw();
      await first.done;
      story.push(`  the one that stalled goes on: [${first.run.writes.join(' ')}]`);
      await note();
    },
    pass(durationMs) {
      stage.pass(durationMs);
      const due = looks.filter((atMs) => atMs <= stage.now());
      looks.splice(0, looks.length, ...looks.filter((atMs) => atMs > stage.now()));
      if (due.length > 0) add(reconcileJob(REPOSITORY));
    },
    writes: () => writes,
    isStalled: () => stalled.length > 0,
  };
}

/** Files by the SHA of their text, which never changes: over HTTP each is asked for once. */
function withFilesBySha(reader: RepositoryReader): RepositoryReader {
  const treeAt = async (ref: string) => {
    if (ref === 'main') return (await reader.readDefaultTip())!.commit.treeSha;
    if (/^0+$/.test(ref)) return null;
    const sha = /^[0-9a-f]{40}$/.test(ref) ? ref : await reader.readBranch(ref);
    return sha === null ? null : (await reader.readCommit(sha)).treeSha;
  };
  return {
    ...reader,
    async readFile(path, ref) {
      const tree = await treeAt(ref);
      const entry = tree === null ? null : (await reader.readTree(tree)).find((each) => each.path === path);
      return entry ? { sha: entry.sha, text: await reader.readText(entry.sha) } : null;
    },
  };
}

/** Asks each question once: between two changes the answers stay the same. */
function remembering(reader: RepositoryReader): RepositoryReader {
  const answers = new Map<string, unknown>();
  const wrapped = Object.entries(reader).map(([method, value]) => [
    method,
    typeof value === 'function'
      ? (...args: unknown[]) => {
          const key = `${method} ${args.join(' ')}`;
          if (!answers.has(key)) answers.set(key, value.apply(reader, args));
          return answers.get(key);
        }
      : value,
  ]);
  return Object.fromEntries(wrapped) as RepositoryReader;
}

const RANK = { no: 0, maybe: 1, yes: 2 } as const;

/** While a worker stands still, what it has read goes on being true for it. */
async function noteFor({ pipeline, look }: Scene, run: Run): Promise<void> {
  const { reader, oracle } = await look();
  for (const { branch, headSha, number, isSluices } of await reader.listOpenPulls()) {
    const target = isSluices ? targetOf(pipeline, branch) : null;
    if (!target) continue;
    for (const condition of await oracle.judge(target, headSha, number)) {
      const key = keyOf(headSha, condition);
      if (RANK[condition.is] >= RANK[run.seen.get(key) ?? 'no']) run.seen.set(key, condition.is);
    }
  }
}
