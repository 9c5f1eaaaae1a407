import type { SandboxContext } from './context.ts';
import { deliver, type Parcel } from './deliveries.ts';
import { type DeliveryEffect, type Due, held } from './faults.ts';

/** The way to one App: one webhook after the other, the next when the last was answered. */
interface Lane {
  tail: Promise<void>;
  /** Those that let the next one go first. */
  waiting: Set<Parcel>;
}

export interface Lanes {
  /** Sends a webhook as soon as it is its turn, and as the faults on it want. */
  send(parcel: Parcel): void;
  /** Resolves when nothing is queued or in flight; what a fault holds back does not count. */
  idle(): Promise<void>;
}

export function createLanes(sandbox: () => SandboxContext): Lanes {
  const lanes = new Map<number, Lane>();

  function laneOf(appId: number): Lane {
    const lane = lanes.get(appId) ?? { tail: Promise.resolve(), waiting: new Set() };
    lanes.set(appId, lane);
    return lane;
  }

  function queue(lane: Lane, parcel: Parcel): void {
    lane.tail = lane.tail.then(() => deliver(sandbox(), parcel));
  }

  function send(parcel: Parcel): void {
    const has = (kind: DeliveryEffect['kind']) => parcel.due.some(({ effect }) => effect.kind === kind);
    if (has('drop')) return;
    const lane = laneOf(parcel.app.id);
    const holding = parcel.due.filter(holds);
    const swap = parcel.due.find(({ effect }) => effect.kind === 'reorder');
    if (swap) {
      lane.waiting.add(parcel);
      void swap.released.then(() => {
        if (lane.waiting.delete(parcel)) queue(lane, parcel);
      });
      return;
    }
    const go = () => {
      queue(lane, parcel);
      if (has('double')) queue(lane, parcel);
    };
    if (holding.length > 0) void Promise.all(holding.map(held)).then(go);
    else go();
    for (const one of lane.waiting) queue(lane, one);
    lane.waiting.clear();
  }

  async function idle(): Promise<void> {
    for (let seen: Promise<void>[] = []; ; ) {
      const current = [...lanes.values()].map((lane) => lane.tail);
      if (current.every((promise) => seen.includes(promise))) return;
      await Promise.all(current);
      seen = current;
    }
  }

  return { send, idle };
}

function holds({ effect }: Due<DeliveryEffect>): boolean {
  return effect.kind === 'delay' || (effect.kind === 'hang' && effect.when !== 'after');
}
