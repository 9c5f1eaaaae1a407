export interface RepeatOptions {
  /** From the end of a run to the begin of the next, about. */
  everyMs: number;
  run: () => Promise<void>;
  onError: (error: unknown) => void;
  /** The first run comes now, not after the interval; false when left out. */
  isImmediate?: boolean;
  /** From 0 to 1. */
  random?: () => number;
}

/** Processes that start at the same time, as in a rollout, go apart by as much of the interval to either side. */
const JITTER = 0.1;

/** Runs something again and again, never twice at the same time; a run that fails is followed by the next all the same. */
export function repeat({ everyMs, run, onError, isImmediate = false, random = Math.random }: RepeatOptions): {
  stop(): void;
} {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const plan = () => {
    if (isStopped) return;
    timer = setTimeout(() => void runOnce(), everyMs * (1 + JITTER * (2 * random() - 1)));
    timer.unref();
  };
  const runOnce = async () => {
    try {
      await run();
    } catch (error) {
      if (!isStopped) onError(error);
    }
    plan();
  };

  if (isImmediate) void runOnce();
  else plan();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
