import { expect, test } from '@jest/globals';
import { type HealthReport, summarizeHealth } from '../../src/domain/health-report.ts';
import { SHA_1, SHA_2 } from './support.ts';

function report(atMs: number, state: HealthReport['state'], more: Partial<HealthReport> = {}): HealthReport {
  return { id: 1, name: 'argocd', by: null, sha: SHA_1, state, atMs, ...more };
}

test('the latest report counts, whatever commit it stands on', () => {
  const reports = [
    report(1, 'healthy', { sha: SHA_2 }),
    report(3, 'unhealthy', { sha: SHA_2 }),
    report(2, 'healthy'),
  ];
  expect(summarizeHealth(reports)).toEqual({ state: 'unhealthy', sinceMs: 3, sha: SHA_2 });
});

test('it lasts since the first of the unbroken row, over several commits', () => {
  const reports = [
    report(1, 'healthy'),
    report(2, 'unhealthy'),
    report(3, 'healthy'),
    report(4, 'healthy', { sha: SHA_2 }),
  ];
  expect(summarizeHealth(reports)).toEqual({ state: 'healthy', sinceMs: 3, sha: SHA_2 });
});

test('something on its way breaks the row', () => {
  expect(summarizeHealth([report(1, 'healthy'), report(2, 'pending'), report(3, 'healthy')]).sinceMs).toBe(3);
});

test('of two in the same second the one that GitHub took later counts', () => {
  const both = [report(1, 'healthy', { id: 7 }), report(1, 'unhealthy', { id: 8 })];
  expect(summarizeHealth(both).state).toBe('unhealthy');
  expect(summarizeHealth(both.toReversed()).state).toBe('unhealthy');
});

test('with several names the worst counts, and of the healthy ones the youngest', () => {
  const other = { name: 'flux' };
  expect(summarizeHealth([report(1, 'healthy'), report(5, 'healthy', other)]).sinceMs).toBe(5);
  expect(summarizeHealth([report(9, 'healthy'), report(5, 'pending', other)]).state).toBe('pending');
  expect(summarizeHealth([report(9, 'pending'), report(5, 'unhealthy', other)]).state).toBe('unhealthy');
});

test('nothing is missing', () => {
  expect(summarizeHealth([])).toEqual({ state: 'missing', sinceMs: null, sha: null });
});
