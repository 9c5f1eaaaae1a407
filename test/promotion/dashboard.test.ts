import { type Dashboard, noteLook, type SeenView } from '../../src/promotion/dashboard/dashboard.ts';
import type { DashboardView } from '../../src/promotion/ports/dashboard.ts';
import type { Job } from '../../src/promotion/ports/jobs.ts';
import type { Outcome } from '../../src/promotion/reconcile.ts';
import { pipelineOf } from '../dashboard/support.ts';
import { makeMemoryDashboards } from '../queue/memory-dashboards.ts';

const NOW = Date.parse('2026-11-29T06:00:00Z');
const FLEET = 'acme/fleet';

function setUp() {
  let nowMs = NOW;
  const asked: { job: Job; delayMs: number }[] = [];
  const warnings: string[] = [];
  const dashboard: Dashboard = {
    ...makeMemoryDashboards(),
    render: () => '',
    seen: new Map<string, SeenView>(),
    quietMs: 15_000,
    everyMs: 60_000,
  };
  const dependencies = {
    now: () => nowMs,
    log: { info() {}, error() {}, warn: (_: object, message: string) => void warnings.push(message) },
    queue: () => ({
      addLater: async (job: Job, delayMs: number) => void asked.push({ job, delayMs }),
    }),
  };
  const look = (view: DashboardView, isCheck = false) =>
    noteLook(dashboard, dependencies, FLEET, { view: () => view } as Outcome, isCheck);
  const written = async (atMs = nowMs) => {
    const view = dashboard.seen.get(FLEET)!.view;
    await dashboard.store.save(FLEET, { issue: 3, view, texts: ['text'], atMs });
  };
  return {
    ...{ asked, warnings, dashboard, look, written },
    pass(durationMs: number) {
      nowMs += durationMs;
    },
  };
}

test('the first text waits a moment for what comes with it; what changes nothing asks for none', async () => {
  const { asked, look, written } = setUp();
  await look(pipelineOf());
  expect(asked).toMatchObject([{ job: { kind: 'dashboard', repository: FLEET }, delayMs: 15_000 }]);
  await written();
  await look(pipelineOf());
  expect(asked).toHaveLength(1);
  await look(pipelineOf(), true);
  expect(asked.at(-1)).toMatchObject({ job: { isCheck: true } });
});

test('however much changes, it is written once a minute', async () => {
  const { asked, look, written, pass } = setUp();
  await look(pipelineOf());
  await written();
  pass(1_000);
  await look(pipelineOf({ promotions: [] }));
  pass(50_000);
  await look(pipelineOf({ holdings: [] }));
  expect(asked.slice(1).map(({ delayMs }) => delayMs)).toEqual([59_000, 15_000]);
});

test('nothing is begun for a config that is broken or asks for none, and what is there is kept true', async () => {
  const { asked, look, written } = setUp();
  await look({ state: 'broken-config', problems: [] });
  await look({ state: 'off' });
  expect(asked).toEqual([]);
  await written();
  await look({ state: 'broken-config', problems: [] });
  expect(asked).toHaveLength(1);
});

test('a database that is away stops nothing', async () => {
  const { asked, look, warnings, dashboard } = setUp();
  dashboard.store.read = async () => {
    throw new Error('away');
  };
  await look(pipelineOf());
  expect([asked, warnings]).toEqual([[], ['the dashboard is not asked for; the next look does']]);
});
