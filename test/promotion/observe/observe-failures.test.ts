import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { observeBase } from '../../../src/promotion/observe/observe-base.ts';
import { observeFailures } from '../../../src/promotion/observe/observe-failures.ts';
import { observeLanded } from '../../../src/promotion/observe/observe-landed.ts';
import { observeTargets } from '../../../src/promotion/observe/observe-targets.ts';
import { makeReportReader } from '../../../src/promotion/observe/report-reader.ts';
import type { Report } from '../../../src/promotion/ports/health.ts';
import { reconcile } from '../../../src/promotion/reconcile.ts';
import { openMemoryStage } from '../../stages/memory-stage.ts';
import { REPOSITORY } from '../../stages/stage.ts';

const MINUTE_MS = 60_000;
const WATCHING = "\n    rollback: { health: { status: 'rollout/{env}/{app}', by: argo }, within: 30m }";
const PATH = (name: string) => `apps/checkout/${name}/kustomization.yaml`;
const overlay = (tag: string) => `images:\n  - name: checkout\n    newTag: ${tag}\n`;

/** v2 has just merged to prod. `said` is in minutes since then. */
async function play(
  said: readonly [number, Report['state'], by?: string][],
  afterMs: number,
  terms = WATCHING,
) {
  const text = `path: apps/{app}/{env}\nenvironments:\n  dev:\n  prod:\n    from: dev${terms}\n`;
  const stage = await openMemoryStage({
    files: { '.github/sluice.yml': text, [PATH('dev')]: overlay('v1'), [PATH('prod')]: overlay('v1') },
    roles: { ann: 'admin' },
  });
  const calls: string[] = [];
  const counted = (port: Awaited<ReturnType<ReturnType<typeof stage.makeHost>['open']>>) =>
    Object.fromEntries(
      Object.entries(port).map(([name, value]) => [
        name,
        typeof value !== 'function'
          ? value
          : (...args: never[]) => {
              calls.push(name);
              return (value as (...all: never[]) => unknown).apply(port, args);
            },
      ]),
    ) as typeof port;
  await stage.people.push('ann', 'main', { [PATH('dev')]: overlay('v2') }, 'Release v2');
  const dependencies = {
    host: stage.makeHost(),
    http: { ask: () => Promise.reject(new Error('not asked for')) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    reported: new Map(),
    rendering: null,
    now: stage.now,
  };
  const occasion = { lookAt: [], readTold: async () => [], ended: [], requests: new Map() };
  await reconcile(dependencies, REPOSITORY, occasion);
  const port = await stage.makeHost().open(REPOSITORY);
  const [pull] = await port.listOpenPulls();
  await stage.people.merge('ann', pull!.number, 'squash');
  const mergedMs = stage.now();
  const reports = said.map(([minutes, state, by = 'argo'], id): Report => {
    return { name: 'rollout/prod/checkout', by, state, id, atMs: mergedMs + minutes * MINUTE_MS };
  });
  stage.pass(afterMs);
  const reader = counted({ ...port, listStatusReports: async () => reports });
  const parsed = parseConfig(text, { path: 'sluice.yml' });
  const { settings } = parsed as Extract<typeof parsed, { ok: true }>;
  const base = (await observeBase(port))!;
  const targets = await observeTargets(port, base, settings);
  const landed = await observeLanded({ reader, base, settings, targets, nowMs: stage.now() });
  const context = { base, reports: makeReportReader(reader), nowMs: stage.now() };
  const { failed, isWhole } = await observeFailures(context, landed);
  expect(isWhole).toBe(true);
  return { failed, calls };
}

test.each<[string, readonly [number, Report['state'], string?][], number, boolean]>([
  ['failure in time', [[5, 'unhealthy']], 6, true],
  [
    'failure after it was healthy',
    [
      [1, 'healthy'],
      [5, 'unhealthy'],
    ],
    6,
    true,
  ],
  ['failure in time, seen late', [[29, 'unhealthy']], 80, true],
  ['failure in time, seen much too late', [[29, 'unhealthy']], 200, false],
  ['failure after that time', [[31, 'unhealthy']], 32, false],
  [
    'failure that went away',
    [
      [5, 'unhealthy'],
      [6, 'healthy'],
    ],
    7,
    false,
  ],
  ['nothing yet', [], 6, false],
  ['not done', [[1, 'pending']], 6, false],
  ['failure by somebody else', [[5, 'unhealthy', 'eve']], 6, false],
])('%s', async (_, said, afterMinutes, isFailed) => {
  const { failed } = await play(said, afterMinutes * MINUTE_MS);
  expect(failed.map(({ application, environment }) => `${application} ${environment}`)).toEqual(
    isFailed ? ['checkout prod'] : [],
  );
  if (isFailed)
    expect(failed[0]!.reason).toMatch(/^rollout\/prod\/checkout reported failure on [0-9a-f]{7}, /);
});

test('what is not watched costs no call, and where nothing merged lately it is one', async () => {
  expect((await play([[5, 'unhealthy']], MINUTE_MS, '')).calls).toEqual([]);
  expect((await play([[5, 'unhealthy']], 24 * 60 * MINUTE_MS)).calls).toEqual(['listMoves']);
  const { calls } = await play([[5, 'unhealthy']], 6 * MINUTE_MS);
  expect(calls.filter((name) => name !== 'readCommit')).toEqual([
    'listMoves',
    'listClosedPullsOf',
    'listStatusReports',
  ]);
});
