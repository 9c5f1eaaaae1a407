/** What became of a command: targets whose look shall follow, and words for whoever gave it. */
export interface Taken {
  /** Each as `targetKey` has it. */
  targets: string[];
  answers: string[];
  isTaken: boolean;
  /** Repositories of applications whose builds are to be looked up anew; `*` for all. Absent: none. */
  lookAt?: string[];
  /** What is stopped has changed, and something may be due for it. Absent: no. */
  hasDecided?: boolean;
  /** Releases that were named for targets: whether they come, the look tells. Absent: none. */
  named?: NamedTarget[];
}

/** A release that somebody named for a target. */
export interface NamedTarget {
  application: string;
  to: string;
  /** Its label. */
  release: string;
  /** What is said when it comes. */
  told: string;
}

/** Nothing is done; the answer says why. */
export function refuse(answer: string): Taken {
  return { targets: [], answers: [answer], isTaken: false };
}

/** Nothing is changed; the answer is all there is to it. */
export function tell(answer: string): Taken {
  return { targets: [], answers: [answer], isTaken: true };
}
