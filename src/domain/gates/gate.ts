/** `passed` alone lets a promotion go on; `overridden` does too, by a person's word. */
export type GateState = 'passed' | 'waiting' | 'failed' | 'overridden';

export interface GateResult {
  /** Kind of the gate, with what tells two of a kind apart: `checks on source`. */
  gate: string;
  state: GateState;
  /** Markdown for people: what it waits for, and who can do what about it. */
  reason: string;
  /**
   * Since when it has been in that state, at the latest: milliseconds since the epoch, by a time that GitHub recorded.
   * Absent: no time that is known can be trusted.
   */
  sinceMs?: number;
  /** When time alone can change the result: milliseconds since the epoch. Absent: it cannot. */
  lookAgainAtMs?: number;
  /** It is looked at again and again this far apart: `lookAgainAtMs` is then another one at each look. */
  lookEveryMs?: number;
}

/** A fact that may be unknown; a gate that needs an unknown fact waits and says why. */
export type Known<Fact> =
  | { known: true; value: Fact }
  | {
      known: false;
      reason: string;
      /** It may be known the next time: GitHub did not answer as it should. */
      isPassing?: boolean;
    };

export function known<Fact>(value: Fact): Known<Fact> {
  return { known: true, value };
}

export function unknown(reason: string): { known: false; reason: string } {
  return { known: false, reason };
}

/** The state of all gates together: `failed` when one failed, else `waiting` when one waits, else `passed`. */
export function combineGates(results: readonly GateResult[]): 'passed' | 'waiting' | 'failed' {
  if (results.some(({ state }) => state === 'failed')) return 'failed';
  return results.every(({ state }) => state === 'passed' || state === 'overridden') ? 'passed' : 'waiting';
}
