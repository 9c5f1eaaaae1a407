import { stringify } from 'csv-stringify/sync';
import pino from 'pino';
import { describeDuration, parseDuration } from '../domain/duration.ts';
import { parseUntil } from '../domain/until.ts';
import { type Delivery, toDelivery } from '../history/delivery.ts';
import { figuresOf } from '../history/figures.ts';
import type { Figures } from '../history/figures-schema.ts';
import { type Filter, type HistoryStore, makeHistoryStore } from '../history/store.ts';
import type { Output } from './explain.ts';
import { type HistoryFormat, NOTHING } from './history.ts';
import { openForCommand } from './open-for-command.ts';
import { alignColumns, printable, toPrintableJson } from './printable.ts';

export interface FiguresOptions {
  format: HistoryFormat;
  /** `30d`, or a date. */
  since: string;
  /** The real clock when left out. */
  nowMs?: number;
}

const PAGE = 200;
/** Gates in the table below the table. */
const MOST_GATES = 5;

/** Prints the figures of what was promoted; reads the database alone. */
export async function printFigures(
  env: NodeJS.ProcessEnv,
  filter: Filter,
  { format, since, nowMs = Date.now() }: FiguresOptions,
  output: Output,
): Promise<void> {
  const sinceMs = parseSince(since, nowMs);
  const database = await openForCommand(env);
  try {
    const log = pino({ level: env.LOG_LEVEL ?? 'error' }, pino.destination(2));
    // A release is followed back through all environments.
    const known = await readAll(makeHistoryStore(database.sql, log), { ...filter, environment: null });
    const figures = figuresOf(known, { sinceMs, untilMs: nowMs }).filter(
      ({ environment }) => filter.environment === null || environment === filter.environment,
    );
    writeFigures(figures, format, output);
  } finally {
    await database.close();
  }
}

/** Prints figures in a form. */
export function writeFigures(figures: readonly Figures[], format: HistoryFormat, output: Output): void {
  if (format === 'json') for (const each of figures) output.line(toPrintableJson(each));
  else if (format === 'csv') printCsv(figures, output);
  else printTable(figures, output);
}

/** @throws with a person's message when it cannot be meant */
export function parseSince(text: string, nowMs: number): number {
  const durationMs = parseDuration(text);
  const date = durationMs === null ? parseUntil(text, nowMs) : null;
  if (date && !date.ok)
    throw new Error(
      `--since ${printable(text)}: write \`30d\`, \`12h\`, \`2026-01-31\` or \`2026-01-31T09:00Z\``,
    );
  const atMs = date ? date.atMs : nowMs - durationMs!;
  if (atMs < nowMs) return atMs;
  throw new Error(`--since ${printable(text)}: that is not in the past`);
}

async function readAll(store: HistoryStore, filter: Filter): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const records = await store.list(filter, { limit: PAGE, offset });
    all.push(...records.map(toDelivery));
    if (records.length < PAGE) return all;
  }
}

const HEADINGS = [
  'application',
  'environment',
  'deployments',
  'a week',
  'lead time',
  'of 9 in 10',
  'failed',
  'restored in',
  'waits most for',
];

function printTable(figures: readonly Figures[], output: Output): void {
  if (figures.length === 0) {
    output.error(NOTHING);
    return;
  }
  for (const line of alignColumns([HEADINGS, ...figures.map(toCells)])) output.line(line);
  const gates = figures
    .flatMap(({ application, environment, gates }) =>
      gates.map((each) => ({ application, environment, ...each })),
    )
    .filter(({ totalMs }) => totalMs > 0)
    .sort((one, other) => other.totalMs - one.totalMs)
    .slice(0, MOST_GATES);
  if (gates.length === 0) return;
  output.line('');
  output.line('Where releases wait:');
  for (const { application, environment, gate, waited, waitingCount, longestWaitingMs } of gates) {
    const passed =
      waited.count > 0 ? `${brief(waited.medianMs)} (median of ${waited.count})` : 'none passed yet';
    const now =
      waitingCount > 0 ? `; ${waitingCount} wait now, the longest for ${brief(longestWaitingMs)}` : '';
    output.line(printable(`${application} ${environment}: ${gate}: ${passed}${now}`));
  }
}

function toCells(figures: Figures): string[] {
  const { application, environment, deploymentCount, deploymentsPerWeek, leadTime, timeToRestore } = figures;
  const slowest = figures.gates.find(({ totalMs }) => totalMs > 0)?.gate ?? '-';
  const cells = [application, environment, String(deploymentCount), String(deploymentsPerWeek)];
  const times = [leadTime.medianMs, leadTime.p90Ms].map(brief);
  const failed = `${figures.failedCount} of ${deploymentCount}`;
  return [...cells, ...times, failed, brief(timeToRestore.medianMs), slowest].map(printable);
}

/** `1d 2h 5m`: seconds tell nothing beside hours. */
function brief(durationMs: number | null): string {
  if (durationMs === null) return '-';
  const unitMs = durationMs >= 3_600_000 ? 60_000 : 1_000;
  return describeDuration(Math.round(durationMs / unitMs) * unitMs);
}

const COLUMNS: Readonly<Record<string, (figures: Figures) => string | number | null>> = {
  repository: ({ repository }) => printable(repository),
  application: ({ application }) => printable(application),
  environment: ({ environment }) => printable(environment),
  since: ({ since }) => since,
  until: ({ until }) => until,
  deployment_count: ({ deploymentCount }) => deploymentCount,
  deployments_per_week: ({ deploymentsPerWeek }) => deploymentsPerWeek,
  rollback_count: ({ rollbackCount }) => rollbackCount,
  lead_time_count: ({ leadTime }) => leadTime.count,
  lead_time_median_ms: ({ leadTime }) => leadTime.medianMs,
  lead_time_p90_ms: ({ leadTime }) => leadTime.p90Ms,
  failed_count: ({ failedCount }) => failedCount,
  change_failure_rate: ({ changeFailureRate }) => changeFailureRate,
  time_to_restore_count: ({ timeToRestore }) => timeToRestore.count,
  time_to_restore_median_ms: ({ timeToRestore }) => timeToRestore.medianMs,
  time_to_restore_p90_ms: ({ timeToRestore }) => timeToRestore.p90Ms,
  slowest_gate: ({ gates }) => (gates[0] ? printable(gates[0].gate) : null),
  slowest_gate_count: ({ gates }) => gates[0]?.waited.count ?? null,
  slowest_gate_median_ms: ({ gates }) => gates[0]?.waited.medianMs ?? null,
  slowest_gate_p90_ms: ({ gates }) => gates[0]?.waited.p90Ms ?? null,
  slowest_gate_waiting_count: ({ gates }) => gates[0]?.waitingCount ?? null,
};

function printCsv(figures: readonly Figures[], output: Output): void {
  const rows = figures.map((each) => Object.values(COLUMNS).map((cell) => cell(each)));
  output.line(Object.keys(COLUMNS).join(','));
  for (const row of rows) output.line(stringify([row], { escape_formulas: true, eof: false }));
}
