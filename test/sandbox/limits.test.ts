import { ProbotOctokit } from 'probot';
import { GITHUB_LIMITS } from '../../src/sandbox/limits.ts';
import { octokitForApp, octokitForToken, refusal } from './core-clients.ts';
import { startWorld } from './core-world.ts';

const AT = { owner: 'acme', repo: 'gitops' };
let world: Awaited<ReturnType<typeof startWorld>>;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const rateOf = (headers: Record<string, unknown>) =>
  ['limit', 'remaining', 'used'].map((name) => Number(headers[`x-ratelimit-${name}`]));

test('headers count the requests of each caller, and the window ends after an hour', async () => {
  const { alice, bob } = world.as;
  Object.assign(world.sandbox.limits, GITHUB_LIMITS);
  const first = await alice.rest.repos.get(AT);
  expect(rateOf(first.headers)).toEqual([5000, 4999, 1]);
  expect(first.headers['x-ratelimit-resource']).toBe('core');
  expect(Number(first.headers['x-ratelimit-reset'])).toBe(world.sandbox.context.now() / 1000 + 3600);
  expect(rateOf((await alice.rest.repos.get(AT)).headers)).toEqual([5000, 4998, 2]);
  expect(rateOf((await bob.rest.repos.get(AT)).headers)).toEqual([5000, 4999, 1]);
  world.sandbox.clock.advance(3_600_000);
  expect(rateOf((await alice.rest.repos.get(AT)).headers)).toEqual([5000, 4999, 1]);
});

test('a spent budget refuses until the window ends; asking for it is free', async () => {
  const { bot } = world.as;
  world.sandbox.limits.primaryPerHour = 2;
  await bot.rest.repos.get(AT);
  await bot.rest.repos.get(AT);
  const error = await bot.rest.repos.get(AT).catch((reason) => reason);
  expect(error).toMatchObject({
    status: 403,
    message: expect.stringContaining(`API rate limit exceeded for installation ID ${world.installation.id}.`),
    response: { headers: { 'x-ratelimit-remaining': '0' } },
  });
  const { data } = await bot.rest.rateLimit.get();
  expect(data.rate).toMatchObject({ limit: 2, used: 2, remaining: 0 });
  world.sandbox.limits.refusalStatus = 429;
  expect((await refusal(bot.rest.repos.get(AT))).status).toBe(429);
  world.sandbox.clock.advance(3_600_000);
  // The token has run out with the window.
  const fresh = octokitForApp(world.sandbox, world.app, world.installation.id);
  expect((await fresh.rest.repos.get(AT)).status).toBe(200);
});

test('what has not changed costs nothing', async () => {
  const { alice } = world.as;
  const { headers } = await alice.rest.repos.get(AT);
  expect(headers.etag).toMatch(/^W\/"/);
  const again = await alice.rest.repos
    .get({ ...AT, headers: { 'if-none-match': headers.etag } })
    .catch((reason) => reason);
  expect(again.status).toBe(304);
  expect(rateOf(again.response.headers)[2]).toBe(1);
});

test('one thing tells when it was modified, and is not sent again to who has seen that', async () => {
  const { alice, bob } = world.as;
  const { data: issue } = await alice.rest.issues.create({ ...AT, title: 'A question' });
  const seen = await alice.rest.issues.get({ ...AT, issue_number: issue.number });
  const modified = seen.headers['last-modified'] ?? '';
  expect(Date.parse(modified)).toBe(Date.parse(issue.updated_at));
  const ask = (who: typeof alice) =>
    who.rest.issues.get({ ...AT, issue_number: issue.number, headers: { 'if-modified-since': modified } });
  expect((await ask(bob).catch((reason) => reason)).status).toBe(304);
  world.clock.now += 5000;
  await alice.rest.issues.update({ ...AT, issue_number: issue.number, title: 'Another question' });
  expect((await ask(bob)).data.title).toBe('Another question');
});

test('too many points a minute are refused in words that the throttling plugin knows', async () => {
  world.sandbox.limits.pointsPerMinute = 6;
  const waits: number[] = [];
  const throttled = new ProbotOctokit({
    auth: { token: world.alice.token },
    baseUrl: world.sandbox.url,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    retry: { enabled: false },
    throttle: {
      onSecondaryRateLimit: (retryAfter: number) => void waits.push(retryAfter),
      onRateLimit: () => undefined,
    },
  });
  await throttled.rest.issues.create({ ...AT, title: 'Five points' });
  await throttled.rest.repos.get(AT);
  world.clock.now += 20_000;
  const error = await throttled.rest.repos.get(AT).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ status: 403 });
  expect(waits).toEqual([40]);
  world.clock.now += 40_000;
  expect((await throttled.rest.repos.get(AT)).status).toBe(200);
});

test('content is limited by the minute and by the hour', async () => {
  const { alice } = world.as;
  Object.assign(world.sandbox.limits, { contentPerMinute: 2, contentPerHour: 3 });
  const create = () => alice.rest.issues.create({ ...AT, title: 'Content' });
  const retryAfter = async () => {
    const error = await create().catch((reason) => reason);
    expect(error.message).toContain('secondary rate limit');
    return Number(error.response.headers['retry-after']);
  };
  await create();
  await create();
  expect(await retryAfter()).toBe(60);
  expect((await alice.rest.issues.listForRepo(AT)).data).toHaveLength(2);
  world.sandbox.clock.advance(60_000);
  await create();
  expect(await retryAfter()).toBe(3540);
});

test('too many requests at once are refused', async () => {
  const { alice } = world.as;
  world.sandbox.limits.concurrent = 1;
  const started = new Promise<void>((resolve) => {
    const effect = { kind: 'run', when: 'before', run: resolve } as const;
    world.sandbox.faults.add({ delivery: { event: 'create' }, effect });
  });
  // Its answer waits for the push hook, which waits for this test.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  world.sandbox.context.onRefChanged.push(() => held);
  const main = await alice.rest.git.getRef({ ...AT, ref: 'heads/main' });
  const slow = alice.rest.git.createRef({ ...AT, ref: 'refs/heads/slow', sha: main.data.object.sha });
  await started;
  expect((await refusal(alice.rest.repos.get(AT))).message).toContain('secondary rate limit');
  expect((await world.as.bob.rest.repos.get(AT)).status).toBe(200);
  release();
  await slow;
  expect((await alice.rest.repos.get(AT)).status).toBe(200);
});

test('nothing is refused unless a limit is set', async () => {
  const nobody = octokitForToken(world.sandbox);
  for (let call = 0; call < 70; call++) await nobody.rest.repos.get(AT);
  const { headers } = await nobody.rest.repos.get(AT);
  expect(Number(headers['x-ratelimit-remaining'])).toBeGreaterThan(0);
});
