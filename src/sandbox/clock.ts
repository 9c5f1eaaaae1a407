/** The one clock of a local GitHub: all its dates, expiries and windows go by it. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Sets the time, and stops the clock there. */
  set(nowMs: number): void;
  /** Moves the time forward; a clock that runs goes on running. */
  advance(durationMs: number): void;
}

/** A clock that follows its source (the real time by default) until it is set. */
export function createClock(source: () => number = Date.now): Clock {
  let stoppedAtMs: number | null = null;
  let aheadMs = 0;
  return {
    now: () => stoppedAtMs ?? source() + aheadMs,
    set(nowMs) {
      stoppedAtMs = nowMs;
    },
    advance(durationMs) {
      if (stoppedAtMs === null) aheadMs += durationMs;
      else stoppedAtMs += durationMs;
    },
  };
}
