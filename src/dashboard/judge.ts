import type { ShownPromotion } from '../promotion/ports/dashboard.ts';

/** What a promotion comes to for whoever looks at the dashboard; the first need a person most. */
export const VERDICTS = ['failed', 'ready', 'people', 'held', 'waiting', 'moving'] as const;

export type Verdict = (typeof VERDICTS)[number];

/** Gates that nothing but a person's word passes. */
const OF_PEOPLE: ReadonlySet<string> = new Set(['approvals', 'manual']);

/** Names of gates begin with their kind: `checks on source`. */
const kindOf = ({ gate }: { gate: string }) => gate.split(' ', 1)[0] ?? gate;

export function judge({ gates, pull, isMergedBySluice }: ShownPromotion): Verdict {
  if (gates.some(({ state }) => state === 'failed')) return 'failed';
  if (gates.length === 0) return isMergedBySluice || pull === null ? 'moving' : 'ready';
  if (gates.some((gate) => kindOf(gate) === 'hold')) return 'held';
  return gates.every((gate) => OF_PEOPLE.has(kindOf(gate))) ? 'people' : 'waiting';
}

export const SIGNS: Record<Verdict, string> = {
  failed: '❌',
  ready: '✅',
  people: '🙋',
  held: '⏸️',
  waiting: '⏳',
  moving: '🔄',
};

export const MEANINGS: Record<Verdict, string> = {
  failed: 'failed',
  ready: 'ready to be merged by somebody',
  people: 'waiting for somebody',
  held: 'held',
  waiting: 'waiting',
  moving: 'on the way',
};

export function rankOf(promotion: ShownPromotion): number {
  return VERDICTS.indexOf(judge(promotion));
}
