import { makeBox } from '../../src/promotion/dashboard/box-id.ts';
import type {
  DashboardInput,
  DashboardPast,
  DashboardView,
  ShownPromotion,
} from '../../src/promotion/ports/dashboard.ts';

export type Pipeline = Extract<DashboardView, { state: 'pipeline' }>;

const NO_PAST: DashboardPast = { ended: [], arrived: new Map() };

/** dev -> staging -> prod, with one application that is on its way to prod. */
export function pipelineOf(more: Partial<Pipeline> = {}): Pipeline {
  return {
    state: 'pipeline',
    environments: [
      { name: 'dev', from: [], takesBuilds: true },
      { name: 'staging', from: ['dev'], takesBuilds: false },
      { name: 'prod', from: ['staging'], takesBuilds: false },
    ],
    holdings: [
      { application: 'checkout', environment: 'dev', release: 'v1.5.0' },
      { application: 'checkout', environment: 'staging', release: 'v1.5.0' },
      { application: 'checkout', environment: 'prod', release: 'v1.4.2' },
      { application: 'cart', environment: 'dev', release: 'v2.0.0' },
      { application: 'cart', environment: 'staging', release: 'v2.0.0' },
      { application: 'cart', environment: 'prod', release: 'v2.0.0' },
    ],
    promotions: [promotionOf()],
    notPromoted: [],
    boxes: [],
    ...more,
  };
}

export function promotionOf(more: Partial<ShownPromotion> = {}): ShownPromotion {
  return {
    application: 'checkout',
    from: ['staging'],
    to: 'prod',
    release: 'v1.5.0',
    pull: 12,
    isMergedBySluice: false,
    gates: [{ gate: 'manual', state: 'waiting', reason: 'comment `/promote` on this pull request' }],
    ...more,
  };
}

export function inputOf(view: DashboardView, more: Partial<DashboardInput> = {}): DashboardInput {
  return { view, holds: [], past: NO_PAST, ...more };
}

const ENVIRONMENTS = ['dev', 'qa', 'perf', 'staging', 'prod-eu', 'prod-us'];
const FROM: Record<string, string[]> = {
  qa: ['dev'],
  perf: ['dev'],
  staging: ['qa', 'perf'],
  'prod-eu': ['staging'],
  'prod-us': ['staging'],
};

/** So many applications in six environments: `busy` of them differ between environments, and each of these is under way. */
export function largeInput(count: number, busy: number): DashboardInput {
  const names = Array.from(
    { length: count },
    (_, index) => `payments-service-${String(index).padStart(3, '0')}`,
  );
  const release = (index: number, ahead: boolean) => `v${1 + (index % 4)}.${index % 20}.${ahead ? 1 : 0}`;
  const holdings = names.flatMap((application, index) =>
    ENVIRONMENTS.map((environment, at) => ({
      application,
      environment,
      release: release(index, index < busy && at < 2 + (index % 3)),
    })),
  );
  const promotions = names.slice(0, busy).flatMap((application, index): ShownPromotion[] => {
    const at = 2 + (index % 3);
    const to = ENVIRONMENTS[at]!;
    const what = { application, from: FROM[to]!, to, release: release(index, true), pull: 1_000 + index };
    const gates: ShownPromotion['gates'][] = [
      [
        {
          gate: 'checks',
          state: 'failed',
          reason: '`ci/smoke` ended with failure on the head of this pull request',
        },
      ],
      [],
      [{ gate: 'approvals', state: 'waiting', reason: '1 of 2 approvals by `acme/sre`; missing: one more' }],
      [
        {
          gate: 'soak',
          state: 'waiting',
          reason: 'in staging since Mon 2026-11-23 10:00 UTC; 24h are over Tue 2026-11-24 10:00 UTC',
        },
      ],
      [
        {
          gate: 'manual',
          state: 'waiting',
          reason: 'comment `/promote` on this pull request to let it go on',
        },
      ],
    ];
    return [{ ...what, isMergedBySluice: false, gates: gates[index % gates.length]! }];
  });
  return {
    view: {
      state: 'pipeline',
      environments: ENVIRONMENTS.map((name) => ({
        name,
        from: FROM[name] ?? [],
        takesBuilds: name === 'dev',
      })),
      holdings,
      promotions,
      notPromoted: names.slice(0, Math.floor(busy / 5)).map((application) => ({
        application,
        from: ['staging'],
        to: 'prod-us',
        reason: `v3 was closed in #77; a newer release or \`/promote ${application} to prod-us\` opens it again`,
      })),
      boxes: promotions
        .filter(({ gates }) => gates[0]?.gate === 'manual')
        .map(({ application, to, release: label, pull }) =>
          makeBox({ kind: 'promote', application, to, release: label, fingerprint: label, pull }),
        ),
    },
    holds: [
      holdOf({
        application: null,
        environment: 'prod-us',
        reason: 'the sale',
        untilMs: Date.parse('2026-12-01T09:00:00Z'),
      }),
      holdOf({ application: names[0]!, environment: 'prod-eu', reason: 'errors since this morning' }),
    ],
    past: {
      ended: names.slice(0, 10).map((application, index) => ({
        application,
        to: 'staging',
        release: release(index, false),
        pull: 900 - index,
        outcome: 'merged' as const,
        at: `2026-11-${String(28 - index).padStart(2, '0')}T10:00:00Z`,
        by: 'sluice[bot]',
      })),
      arrived: new Map(
        holdings
          .filter(({ environment }) => environment !== 'dev')
          .map(({ application, environment, release: label }, index) => [
            `${application}@${environment}`,
            { release: label, at: `2026-11-${String(1 + (index % 28)).padStart(2, '0')}T10:00:00Z` },
          ]),
      ),
    },
  };
}

export function holdOf(more: Partial<Extract<DashboardInput['holds'], readonly unknown[]>[number]>) {
  return {
    application: null,
    environment: 'prod',
    untilMs: null,
    reason: 'the sale',
    by: 'ann',
    atMs: Date.parse('2026-11-28T08:00:00Z'),
    url: 'https://github.example/acme/gitops/issues/1#issuecomment-1',
    ...more,
  };
}
