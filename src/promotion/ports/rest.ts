/** Less is to be asked of GitHub for an installation for a while. */
export interface Rest {
  /** Milliseconds since the epoch. */
  untilMs: number;
  /** What people wait for goes on, since something was kept back for it; everything else waits. */
  sparesUrgent: boolean;
  /** Which limit: the requests of an hour, "slow down", or how much is created. */
  limit: 'primary' | 'secondary' | 'creations';
}

/** Nothing was sent: it would have been too much. */
export type RestError = Error & { rest: Rest };

export function makeRestError(message: string, rest: Rest): RestError {
  return Object.assign(new Error(message), { rest });
}
