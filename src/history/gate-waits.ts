import { carriedSinceMs, type Delivery } from './delivery.ts';
import type { GateWaits } from './figures-schema.ts';
import { spreadOf } from './spread.ts';

interface Counted {
  waitedMs: number[];
  waitingMs: number[];
  lastToPassCount: number;
  unknownCount: number;
}

/** The gates of these promotions, those first for which most time was waited. */
export function countGateWaits(deliveries: readonly Delivery[], nowMs: number): GateWaits[] {
  const counted = new Map<string, Counted>();
  const of = (gate: string) => {
    const known = counted.get(gate) ?? { waitedMs: [], waitingMs: [], lastToPassCount: 0, unknownCount: 0 };
    counted.set(gate, known);
    return known;
  };
  for (const delivery of deliveries) {
    const sinceMs = carriedSinceMs(delivery);
    for (const { gate, state, since } of delivery.gates ?? []) {
      if (state === 'passed' || state === 'overridden') {
        if (since === undefined) of(gate).unknownCount++;
        else of(gate).waitedMs.push(Math.max(0, Date.parse(since) - sinceMs));
      } else if (delivery.outcome === 'open') of(gate).waitingMs.push(Math.max(0, nowMs - sinceMs));
    }
    const last = delivery.outcome === 'merged' ? findLast(delivery, sinceMs) : null;
    if (last !== null) of(last).lastToPassCount++;
  }
  return [...counted]
    .map(([gate, each]) => toWaits(gate, each))
    .sort((a, b) => b.totalMs - a.totalMs || (a.gate < b.gate ? -1 : 1));
}

/** The gate that passed last; null when all had passed before the pull request was there. */
function findLast({ gates }: Delivery, sinceMs: number): string | null {
  let last: { gate: string; atMs: number } | null = null;
  for (const { gate, since } of gates ?? []) {
    const atMs = since === undefined ? 0 : Date.parse(since);
    if (atMs > Math.max(sinceMs, last?.atMs ?? 0)) last = { gate, atMs };
  }
  return last?.gate ?? null;
}

function toWaits(gate: string, { waitedMs, waitingMs, lastToPassCount, unknownCount }: Counted): GateWaits {
  const sum = [...waitedMs, ...waitingMs].reduce((total, each) => total + each, 0);
  return {
    gate,
    waited: spreadOf(waitedMs),
    lastToPassCount,
    waitingCount: waitingMs.length,
    longestWaitingMs: waitingMs.length > 0 ? waitingMs.reduce((most, each) => Math.max(most, each)) : null,
    totalMs: sum,
    unknownCount,
  };
}
