/** What a hold stops; at least one of the two is named. */
export interface HoldTarget {
  /** Null: every application. */
  application: string | null;
  /** Null: every environment. */
  environment: string | null;
}

/** A person's stop. One on a whole environment is a freeze. */
export interface Hold extends HoldTarget {
  /** When it ends by itself, in milliseconds since the epoch; null: when somebody ends it. */
  untilMs: number | null;
  /** One line, as the person wrote it. */
  reason: string;
  /** Login. */
  by: string;
  /** When it was taken, in milliseconds since the epoch. */
  atMs: number;
  /** Where the person said so. */
  url: string;
}

/** Whether a hold has not ended by itself: its last millisecond is the one before `untilMs`. */
export function isInForce({ untilMs }: Pick<Hold, 'untilMs'>, nowMs: number): boolean {
  return untilMs === null || nowMs < untilMs;
}

/** Whether all that `inner` stops is stopped by `outer` too. */
export function covers(outer: HoldTarget, inner: HoldTarget): boolean {
  const isWide = (own: string | null, other: string | null) => own === null || own === other;
  return isWide(outer.application, inner.application) && isWide(outer.environment, inner.environment);
}

export function isSameTarget(one: HoldTarget, other: HoldTarget): boolean {
  return one.application === other.application && one.environment === other.environment;
}

/** When the first of them ends by itself; null when none does. */
export function nextExpiryMs(holds: readonly Pick<Hold, 'untilMs'>[]): number | null {
  const ends = holds.flatMap(({ untilMs }) => untilMs ?? []);
  return ends.length > 0 ? Math.min(...ends) : null;
}

/** The holds with one more. A person has one hold on a target: a new one takes the place of the last. */
export function addHold(holds: readonly Hold[], added: Hold): Hold[] {
  return [...holds.filter((each) => !(each.by === added.by && isSameTarget(each, added))), added];
}
