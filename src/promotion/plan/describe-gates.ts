import { describeDuration } from '../../domain/duration.ts';
import type { GateResult, GateState } from '../../domain/gates/gate.ts';
import { capBody, cell, table } from '../markdown.ts';

const SIGNS: Record<GateState, string> = { passed: '✅', overridden: '☑️', waiting: '⏳', failed: '❌' };

interface Column {
  name: string;
  text(result: GateResult): string;
  /** Left out when it would be empty all the way down. */
  isOptional?: true;
}

const COLUMNS: readonly Column[] = [
  { name: 'gate', text: ({ gate }) => cell(gate) },
  { name: 'state', text: ({ state }) => `${SIGNS[state]} ${state}` },
  { name: 'why', text: ({ reason }) => cell(reason) },
  {
    name: 'since',
    text: ({ sinceMs }) => (sinceMs === undefined ? '' : minuteOf(sinceMs)),
    isOptional: true,
  },
  { name: 'next look', text: nextLook, isOptional: true },
];

/**
 * The gates as a table, the next look of all of them, and what people can do. Nothing in it changes while nothing
 * happens: a time that is another one at each look stands as how often it comes.
 */
export function describeGates(gates: readonly GateResult[], note: string | null): string {
  if (gates.length === 0) return 'This environment has no gates.';
  const columns = COLUMNS.filter(
    ({ text, isOptional }) => !isOptional || gates.some((gate) => text(gate) !== ''),
  );
  const rows = gates.map((gate) => columns.map(({ text }) => text(gate)));
  const header = columns.map(({ name }) => name);
  const feet = [describeNextLook(gates), note].filter((line) => line !== null);
  return [capBody(table(header, rows)), ...feet].join('\n\n');
}

function nextLook({ lookAgainAtMs, lookEveryMs }: GateResult): string {
  if (lookEveryMs !== undefined) return `every ${describeDuration(lookEveryMs)}`;
  return lookAgainAtMs === undefined ? '' : minuteOf(lookAgainAtMs);
}

function describeNextLook(gates: readonly GateResult[]): string | null {
  const times = gates.flatMap(({ lookAgainAtMs, lookEveryMs }) =>
    lookEveryMs === undefined ? (lookAgainAtMs ?? []) : [],
  );
  const everyMs = gates.flatMap(({ lookEveryMs }) => lookEveryMs ?? []);
  const parts = [
    ...(times.length > 0 ? [`at ${minuteOf(Math.min(...times))}`] : []),
    ...(everyMs.length > 0 ? [`every ${describeDuration(Math.min(...everyMs))}`] : []),
  ];
  return parts.length === 0
    ? null
    : `Sluice looks again ${parts.join(', and ')}, and whenever something happens here.`;
}

/** `2026-11-24T10:00Z`: the same for everybody who is on call. */
function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}
