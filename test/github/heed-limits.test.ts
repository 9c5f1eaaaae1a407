import nock from 'nock';
import { makeLimitWatch } from '../../src/github/heed-limits.ts';
import { PatientOctokit } from '../../src/github/patient-octokit.ts';
import type { RestError } from '../../src/promotion/ports/rest.ts';

const RESET_S = 1_700_003_600;
let nowMs: number;
let isUrgent: boolean;
let told: [string, number][];

beforeEach(() => {
  nock.disableNetConnect();
  nowMs = (RESET_S - 3_600) * 1_000;
  isUrgent = false;
  told = [];
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const heedLimits = () =>
  makeLimitWatch({
    isUrgent: () => isUrgent,
    now: () => nowMs,
    onRemaining: (...each) => told.push(each),
  });

/** A client of an installation, as another job of the same process has one of its own. */
function clientOf(heed: ReturnType<typeof heedLimits>, installationId = 1) {
  const client = new PatientOctokit({ auth: { token: 'ghs_test' } });
  heed(client as never, installationId);
  return client;
}

function answer(status: number, remaining: number, more: Record<string, string> = {}) {
  nock('https://api.github.com')
    .get('/repos/Acme/fleet')
    .reply(
      status,
      { message: status === 200 ? '' : 'You have exceeded a secondary rate limit' },
      {
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-reset': String(RESET_S),
        'x-ratelimit-resource': 'core',
        ...more,
      },
    );
}

const ask = (client: ReturnType<typeof clientOf>) =>
  client.rest.repos.get({ owner: 'Acme', repo: 'fleet' }).then(
    ({ status }) => status,
    (error: RestError) => error.rest ?? 'refused',
  );

test('a tenth of the hour is kept for commands, and the next hour begins anew', async () => {
  const heed = heedLimits();
  answer(200, 501);
  expect(await ask(clientOf(heed))).toBe(200);
  answer(200, 500);
  expect(await ask(clientOf(heed))).toBe(200);
  const rest = { untilMs: RESET_S * 1_000, sparesUrgent: true, limit: 'primary' };
  expect(await ask(clientOf(heed))).toEqual(rest);
  isUrgent = true;
  answer(200, 499);
  expect(await ask(clientOf(heed))).toBe(200);
  isUrgent = false;
  nowMs = RESET_S * 1_000;
  answer(200, 4_999);
  expect(await ask(clientOf(heed))).toBe(200);
  expect(told).toEqual([
    ['acme', 501],
    ['acme', 500],
    ['acme', 499],
    ['acme', 4_999],
  ]);
});

test('while GitHub wants to be left alone nothing is sent, commands neither; others are not concerned', async () => {
  const heed = heedLimits();
  answer(403, 4_000, { 'retry-after': '60' });
  expect(await ask(clientOf(heed))).toBe('refused');
  isUrgent = true;
  const rest = { untilMs: nowMs + 60_000, sparesUrgent: false, limit: 'secondary' };
  expect(await ask(clientOf(heed))).toEqual(rest);
  answer(200, 4_000);
  expect(await ask(clientOf(heed, 2))).toBe(200);
  nowMs += 60_000;
  answer(200, 4_000);
  expect(await ask(clientOf(heed))).toBe(200);
});
