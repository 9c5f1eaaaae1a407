import { readFileSync } from 'node:fs';
import type { Kysely } from 'kysely';
import type { MetricSet, Metrics } from '../metrics/make-metrics.ts';
import type { Log } from '../promotion/ports/log.ts';
import { type GateStore, makeGateStore } from '../queue/gate-store.ts';
import { measureQueue } from '../queue/measure-queue.ts';
import type { Health } from './health.ts';
import { type Listening, listen } from './listen.ts';
import { within } from './within.ts';

export interface MetricsServer {
  /** 0 takes any free one. */
  port: number;
  host: string;
  database: Kysely<unknown>;
  set: MetricSet;
  health: Health;
  log: Log;
}

const MOST_MEASURING_MS = 3_000;

/** Answers `/metrics` on a port of its own: what it tells is for whoever operates Sluice. */
export async function serveMetrics({
  port,
  host,
  database,
  set,
  health,
  log,
}: MetricsServer): Promise<Listening> {
  const gates = makeGateStore(database);
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  set.metrics.build.set({ version, node: process.version }, 1);
  return listen({ port, host, log }, async (request, response) => {
    if (await health.answer(request, response)) return;
    if (request.url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404, { connection: 'close' }).end();
      return;
    }
    await measure(database, gates, set.metrics, log);
    response.writeHead(200, { 'content-type': set.contentType }).end(await set.text());
  });
}

/** What the database says. When it does not, its numbers are missing rather than old. */
async function measure(
  database: Kysely<unknown>,
  gates: GateStore,
  metrics: Metrics,
  log: Log,
): Promise<void> {
  const { queue, oldestWaiting, pausedOwners, gatesWaiting, databaseBytes, databaseUp } = metrics;
  for (const gauge of [queue, oldestWaiting, pausedOwners, gatesWaiting, databaseBytes]) gauge.reset();
  try {
    const nowMs = Date.now();
    const [measured, counts] = await within(
      MOST_MEASURING_MS,
      Promise.all([measureQueue(database, nowMs), gates.sum(nowMs)]),
    );
    for (const [state, count] of Object.entries(measured.jobs)) queue.set({ state }, count);
    for (const [spares, count] of Object.entries(measured.pausedOwners)) pausedOwners.set({ spares }, count);
    for (const { gate, state, count } of counts) gatesWaiting.set({ gate, state }, count);
    oldestWaiting.set(measured.oldestWaitingS);
    databaseBytes.set(measured.databaseBytes);
    databaseUp.set(1);
  } catch (error) {
    databaseUp.set(0);
    for (const gauge of [oldestWaiting, databaseBytes]) gauge.remove();
    log.warn({ err: error }, 'the database cannot be measured');
  }
}
