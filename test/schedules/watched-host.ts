import type { GitHost } from '../../src/promotion/ports/host.ts';
import type { Is } from './oracle.ts';

/** What goes wrong in the middle of a job, at the call of that number, counted among all or among those that write. */
export interface Fault {
  kind: 'dies-before' | 'dies-after' | 'stalls';
  at: number;
  among: 'calls' | 'writes';
}

/** One worker doing one job. */
export interface Run {
  fault: Fault | null;
  calls: number;
  /** What it has written, by method. */
  writes: string[];
  /** How often it began to read anew: at its start, and before each merge. */
  opened: number;
  /** Commits that it has made. */
  made: Set<string>;
  /** Its process is gone: nothing that it still does has any effect. */
  isDead: boolean;
  /** Waits here while it is stalled. */
  frozen: Promise<void> | null;
  /** Lets it go on. */
  thaw: () => void;
  onStall: () => void;
  /** It was stalled while others went on. */
  isOverlapped: boolean;
  /** The best that each condition of a head has been since it last began to read, while it was stalled. */
  seen: Map<string, Is>;
}

export function makeRun(fault: Fault | null): Run {
  const nothing = () => undefined;
  return {
    ...{ fault, calls: 0, writes: [], isDead: false, frozen: null, thaw: nothing, onStall: nothing },
    ...{ isOverlapped: false, opened: 0, made: new Set(), seen: new Map() },
  };
}

/** Somebody who looks over the App's shoulder at what it writes. */
export interface Watch {
  before(run: Run, method: string, args: readonly unknown[]): Promise<void>;
  after(run: Run, method: string, args: readonly unknown[], result: unknown): Promise<void>;
}

const WRITES: ReadonlySet<string> = new Set([
  ...['createCommit', 'createBranch', 'advanceBranch', 'deleteBranch', 'openPull', 'updatePull', 'addLabels'],
  ...['requestReviewers', 'comment', 'updateComment', 'react', 'reportCheck', 'mergePull'],
]);

class Death extends Error {}

/** The ports of a worker, each call of which may be its last. */
export function watchHost(host: GitHost, run: Run, watch: Watch): GitHost {
  const call: Call = async (method, args, act) => {
    const isWrite = WRITES.has(method);
    run.calls += 1;
    const count = run.fault?.among === 'writes' ? run.writes.length + 1 : run.calls;
    const isHit = run.fault?.at === count && (run.fault.among === 'calls' || isWrite);
    const fault = isHit ? run.fault : null;
    if (fault?.kind === 'dies-before') run.isDead = true;
    if (fault?.kind === 'stalls') freeze(run);
    while (run.frozen) await run.frozen;
    if (run.isDead) throw new Death();
    if (!isWrite) return act();
    run.writes.push(method);
    await watch.before(run, method, args);
    const result = await act();
    await watch.after(run, method, args, result);
    if (fault?.kind === 'dies-after') {
      run.isDead = true;
      throw new Death();
    }
    return result;
  };
  const watched = new Map<object, object>();
  return {
    ...host,
    async open(repository) {
      run.opened += 1;
      run.seen.clear();
      const opened = await host.open(repository);
      const known = watched.get(opened) ?? wrap(opened, call);
      watched.set(opened, known);
      return known as typeof opened;
    },
  };
}

type Call = (method: string, args: readonly unknown[], act: () => Promise<unknown>) => Promise<unknown>;

function wrap(opened: object, call: Call): object {
  const wrapped = Object.entries(opened).map(([method, value]) => [
    method,
    typeof value === 'function'
      ? (...args: unknown[]) => call(method, args, () => value.apply(opened, args))
      : value,
  ]);
  return Object.fromEntries(wrapped);
}

function freeze(run: Run): void {
  run.fault = null;
  run.isOverlapped = true;
  run.frozen = new Promise((resolve) => {
    run.thaw = () => {
      run.frozen = null;
      resolve();
    };
  });
  run.onStall();
}
