/** What the time between the wish to end and the end is used for. */
export interface Grace {
  /** Webhooks are still taken, until nobody sends them here any more. */
  lingerMs: number;
  /** Then running jobs may end. */
  workMs: number;
}

/** Load balancers hear of it within so long. */
const MOST_LINGERING_MS = 5_000;
/** At the end: connections, the database. */
const MOST_CLOSING_MS = 5_000;

/** Splits a grace period; GitHub does not deliver again what nobody takes, so a fifth goes to taking it. */
export function splitGrace(graceMs: number): Grace {
  const lingerMs = Math.min(MOST_LINGERING_MS, graceMs / 5);
  return { lingerMs, workMs: graceMs - lingerMs - Math.min(MOST_CLOSING_MS, graceMs / 5) };
}
