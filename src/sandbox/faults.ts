/** Calls of the API that a fault is for; all that is left out matches everything. */
export interface CallPattern {
  method?: string;
  /** Path without query and without `/api/v3`. */
  path?: RegExp;
}

/** Webhooks that a fault is for. */
export interface DeliveryPattern {
  event?: string;
  action?: string;
}

/** Before: nothing was changed, or the App was not reached. After: it was, but the answer is lost. */
type When = 'before' | 'after';

type SharedEffect =
  | { kind: 'answer'; status: number; body?: unknown; headers?: Record<string, string> }
  | { kind: 'reset'; when: When }
  /** Until `release`. */
  | { kind: 'hang'; when?: When }
  /** Sends only so many bytes of the body, half of them by default. */
  | { kind: 'truncate'; keepBytes?: number }
  | { kind: 'delay'; durationMs: number }
  | { kind: 'delay'; until: Promise<unknown> }
  | { kind: 'run'; when: When; run: () => unknown };

export type CallEffect = SharedEffect;

/** `reorder` lets the next webhook to the same App go first. */
export type DeliveryEffect = SharedEffect | { kind: 'drop' } | { kind: 'double' } | { kind: 'reorder' };

interface Times {
  /** The first matching one that it happens to, counted from 1. */
  nth?: number;
  /** To how many it happens; one when `nth` is given, else all. */
  times?: number;
}

export type NewFault = Times &
  ({ call: CallPattern; effect: CallEffect } | { delivery: DeliveryPattern; effect: DeliveryEffect });

export interface Fault {
  /** How many calls or deliveries matched since it was added. */
  readonly matched: number;
  /** How often it happened. */
  readonly fired: number;
  /** Lets go what it holds back, and holds nothing back from now on. */
  release(): void;
  /** Ends it, and lets go what it holds back. */
  remove(): void;
}

/** An effect that is to happen now. */
export interface Due<Effect> {
  effect: Effect;
  released: Promise<void>;
}

export interface Faults {
  add(fault: NewFault): Fault;
  onCall(method: string, path: string): Due<CallEffect>[];
  onDelivery(event: string, action: string | null): Due<DeliveryEffect>[];
  /** Ends all. */
  clear(): void;
}

interface Entry {
  fault: NewFault;
  matched: number;
  fired: number;
  released: Promise<void>;
  release(): void;
}

/** What goes wrong on request: none at first. */
export function createFaults(): Faults {
  const entries = new Set<Entry>();

  function remove(entry: Entry): void {
    entries.delete(entry);
    entry.release();
  }

  return {
    add(fault) {
      const entry = newEntry(fault);
      entries.add(entry);
      return {
        get matched() {
          return entry.matched;
        },
        get fired() {
          return entry.fired;
        },
        release: entry.release,
        remove: () => remove(entry),
      };
    },
    onCall(method, path) {
      const due: Due<CallEffect>[] = [];
      for (const entry of entries) {
        const { fault } = entry;
        if (!('call' in fault) || !isCall(fault.call, method, path) || !isDue(entry)) continue;
        due.push({ effect: fault.effect, released: entry.released });
      }
      return due;
    },
    onDelivery(event, action) {
      const due: Due<DeliveryEffect>[] = [];
      for (const entry of entries) {
        const { fault } = entry;
        if (!('delivery' in fault) || !isDelivery(fault.delivery, event, action) || !isDue(entry)) continue;
        due.push({ effect: fault.effect, released: entry.released });
      }
      return due;
    },
    clear() {
      for (const entry of [...entries]) remove(entry);
    },
  };
}

function newEntry(fault: NewFault): Entry {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { fault, matched: 0, fired: 0, released, release };
}

/** Counts a match, and tells whether it is one of those that the fault happens to. */
function isDue(entry: Entry): boolean {
  const { nth = 1, times = entry.fault.nth === undefined ? Number.POSITIVE_INFINITY : 1 } = entry.fault;
  entry.matched++;
  const due = entry.matched >= nth && entry.matched < nth + times;
  if (due) entry.fired++;
  return due;
}

function isCall({ method, path }: CallPattern, actualMethod: string, actualPath: string): boolean {
  if (method !== undefined && method.toUpperCase() !== actualMethod) return false;
  // `search` starts at the beginning also for a pattern with the flag `g`.
  return path === undefined || actualPath.search(path) !== -1;
}

function isDelivery(pattern: DeliveryPattern, event: string, action: string | null): boolean {
  return (pattern.event ?? event) === event && (pattern.action ?? action) === action;
}

/** Waits as a `delay` or a `hang` asks. */
export async function held(due: Due<DeliveryEffect>): Promise<void> {
  const { effect, released } = due;
  if (effect.kind === 'hang') await released;
  if (effect.kind !== 'delay') return;
  const wanted =
    'until' in effect
      ? effect.until
      : new Promise<void>((resolve) => setTimeout(resolve, effect.durationMs).unref());
  await Promise.race([wanted, released]);
}
