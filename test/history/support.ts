import type { PromotionRecord } from '../../src/history/record.ts';
import { sha } from '../promotion/support.ts';

export function recordOf(more: Partial<PromotionRecord> = {}): PromotionRecord {
  return {
    repository: 'acme/fleet',
    pull: 7,
    application: 'checkout',
    environment: 'prod',
    kind: 'promotion',
    from: ['staging'],
    group: null,
    url: 'https://github.example/acme/fleet/pull/7',
    branch: 'sluice/checkout/prod',
    release: 'v2',
    fingerprint: '0123456789abcdef',
    changes: null,
    origin: null,
    source: null,
    authors: [],
    requestedBy: [],
    releases: [],
    headSha: sha('head'),
    openedAt: '2026-03-01T12:00:00.000Z',
    approvals: null,
    gates: null,
    outcome: 'open',
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    closedAt: null,
    closedBy: null,
    ...more,
  };
}
