import nock from 'nock';
import { PatientOctokit } from '../../src/github/patient-octokit.ts';
import { restOf } from '../../src/github/rate-limit.ts';
import { makeRestError } from '../../src/promotion/ports/rest.ts';

const NOW_MS = 1_700_000_000_000;
const RESET_S = NOW_MS / 1_000 + 900;

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

/** What one call fails of when GitHub answers so; a second call would find nobody. */
async function errorOf(status: number, message: string, headers: Record<string, string>): Promise<unknown> {
  nock('https://api.github.com').get('/meta').reply(status, { message }, headers);
  const octokit = new PatientOctokit({ auth: { token: 'ghs_test' } });
  return octokit.rest.meta.get().catch((error: unknown) => error);
}

test.each([
  [
    'a secondary limit',
    403,
    'You have exceeded a secondary rate limit',
    { 'retry-after': '60' },
    NOW_MS + 60_000,
  ],
  [
    'the primary limit',
    403,
    'API rate limit exceeded',
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(RESET_S) },
    RESET_S * 1_000,
  ],
  ['too many requests without a time', 429, 'Too many', {}, NOW_MS + 60_000],
])(
  '%s is handed on at once, with the time at which GitHub wants to hear again',
  async (_, status, message, headers, untilMs) => {
    const error = await errorOf(status, message, headers);
    expect(restOf(error, NOW_MS)?.untilMs).toBe(untilMs);
  },
);

test('what is forbidden for good asks nobody to wait', async () => {
  expect(restOf(await errorOf(403, 'Resource not accessible by integration', {}), NOW_MS)).toBeNull();
  expect(restOf(new Error('rate limit'), NOW_MS)).toBeNull();
});

test('of several failures the latest time counts', async () => {
  const soon = await errorOf(429, 'Too many', { 'retry-after': '5' });
  const later = await errorOf(429, 'Too many', { 'retry-after': '50' });
  expect(restOf(new AggregateError([soon, new Error('x'), later]), NOW_MS)?.untilMs).toBe(NOW_MS + 50_000);
});

test('of a reserve that is kept and a limit that is reached, the limit stops everything', () => {
  const ours = makeRestError('kept', { untilMs: NOW_MS + 9_000, sparesUrgent: true, limit: 'creations' });
  const theirs = makeRestError('spent', { untilMs: NOW_MS + 5_000, sparesUrgent: false, limit: 'primary' });
  expect(restOf(new AggregateError([ours, theirs]), NOW_MS)).toEqual(theirs.rest);
  expect(restOf(new AggregateError([ours]), NOW_MS)).toEqual(ours.rest);
});
