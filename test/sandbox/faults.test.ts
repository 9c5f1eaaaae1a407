import { Octokit } from '@octokit/rest';
import { git, refusal, temporaryDirectory } from './core-clients.ts';
import { startWorld } from './core-world.ts';

const AT = { owner: 'acme', repo: 'gitops' };
let world: Awaited<ReturnType<typeof startWorld>>;

beforeEach(async () => {
  world = await startWorld();
  await world.sandbox.idle();
});

afterEach(() => world.stop());

async function makeBranch(name: string) {
  const main = await world.as.bot.rest.git.getRef({ ...AT, ref: 'heads/main' });
  await world.as.bot.rest.git.createRef({ ...AT, ref: `refs/heads/${name}`, sha: main.data.object.sha });
}

const titles = async () =>
  (await world.as.alice.rest.issues.listForRepo(AT)).data.map((issue) => issue.title);

const events = () => world.hooks.received.map(({ headers }) => headers['x-github-event']);
const create = (title: string) => world.as.alice.rest.issues.create({ ...AT, title });

test('the second matching call is answered by the fault, and only that', async () => {
  const fault = world.sandbox.faults.add({
    call: { method: 'POST', path: /\/issues$/ },
    nth: 2,
    effect: { kind: 'answer', status: 502, body: { message: 'Bad Gateway' } },
  });
  await create('first');
  expect(await refusal(create('second'))).toEqual({ status: 502, message: 'Bad Gateway' });
  await create('third');
  expect(await titles()).toEqual(['third', 'first']);
  expect([fault.matched, fault.fired]).toEqual([3, 1]);
  expect(world.sandbox.calls.filter((call) => call.status === 502)).toHaveLength(1);
});

test('a fault without a count happens until it is removed', async () => {
  const effect = { kind: 'answer', status: 503 } as const;
  const fault = world.sandbox.faults.add({ call: { path: /\/issues$/ }, effect });
  expect((await refusal(create('one'))).status).toBe(503);
  expect((await refusal(create('two'))).status).toBe(503);
  fault.remove();
  await create('three');
  expect(await titles()).toEqual(['three']);
});

test.each(['http', 'no socket'])(
  'a reset before the change changes nothing, one after it loses the answer (%s)',
  async (way) => {
    const { sandbox, alice } = world;
    const request = way === 'http' ? {} : { fetch: sandbox.fetch };
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const client = new Octokit({ baseUrl: sandbox.url, auth: alice.token, request, log });
    // What Octokit makes of a connection that broke.
    const lost = { status: 500, response: undefined };
    const call = { method: 'POST', path: /\/issues$/ };
    sandbox.faults.add({ call, nth: 1, effect: { kind: 'reset', when: 'before' } });
    sandbox.faults.add({ call, nth: 2, effect: { kind: 'reset', when: 'after' } });
    await expect(client.rest.issues.create({ ...AT, title: 'never made' })).rejects.toMatchObject(lost);
    expect(await titles()).toEqual([]);
    await expect(client.rest.issues.create({ ...AT, title: 'made' })).rejects.toMatchObject(lost);
    expect(await titles()).toEqual(['made']);
  },
);

test.each(['http', 'no socket'])('a truncated answer does not arrive as a whole (%s)', async (way) => {
  const { sandbox } = world;
  sandbox.faults.add({ call: { path: /gitops$/ }, nth: 1, effect: { kind: 'truncate', keepBytes: 10 } });
  const ask = way === 'http' ? fetch : sandbox.fetch;
  const answer = await ask(`${sandbox.url}/repos/acme/gitops`);
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});

test('a call hangs until it is released', async () => {
  const fault = world.sandbox.faults.add({ call: { path: /\/issues$/ }, nth: 1, effect: { kind: 'hang' } });
  let answered = false;
  const hanging = create('late').then(() => {
    answered = true;
  });
  await create('meanwhile');
  expect([answered, await titles()]).toEqual([false, ['meanwhile']]);
  fault.release();
  await hanging;
  expect(await titles()).toEqual(['late', 'meanwhile']);
});

test('a call is delayed by a condition', async () => {
  let arrive = () => {};
  const until = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  world.sandbox.faults.add({
    call: { method: 'POST', path: /\/issues$/ },
    nth: 1,
    effect: { kind: 'delay', until },
  });
  const late = create('late');
  await create('early');
  arrive();
  await late;
  expect(await titles()).toEqual(['late', 'early']);
});

test('code runs at a call, before and after the change', async () => {
  const seen: string[][] = [];
  const run = async () => void seen.push(await titles());
  const call = { method: 'POST', path: /\/issues$/ };
  world.sandbox.faults.add({ call, effect: { kind: 'run', when: 'before', run } });
  world.sandbox.faults.add({ call, effect: { kind: 'run', when: 'after', run } });
  await create('one');
  expect(seen).toEqual([[], ['one']]);
});

test('a webhook is dropped, doubled, or let pass by the next one', async () => {
  const { faults } = world.sandbox;
  world.hooks.received.length = 0;
  const dropped = faults.add({ delivery: { event: 'push' }, nth: 1, effect: { kind: 'drop' } });
  await makeBranch('one');
  await world.sandbox.idle();
  expect([events(), dropped.fired]).toEqual([['create'], 1]);

  world.hooks.received.length = 0;
  faults.add({ delivery: { event: 'push' }, nth: 1, effect: { kind: 'double' } });
  await makeBranch('two');
  await world.sandbox.idle();
  expect(events()).toEqual(['create', 'push', 'push']);
  const [, first, second] = world.hooks.received.map(({ headers }) => headers['x-github-delivery']);
  expect(first).toBe(second);

  world.hooks.received.length = 0;
  faults.add({ delivery: { event: 'create' }, nth: 1, effect: { kind: 'reorder' } });
  await makeBranch('three');
  await world.sandbox.idle();
  expect(events()).toEqual(['push', 'create']);
});

test('a webhook is held back, and others pass it', async () => {
  world.hooks.received.length = 0;
  const fault = world.sandbox.faults.add({ delivery: { event: 'create' }, nth: 1, effect: { kind: 'hang' } });
  await makeBranch('one');
  await world.sandbox.idle();
  expect(events()).toEqual(['push']);
  const arrived = new Promise<void>((run) => {
    world.sandbox.faults.add({ delivery: {}, nth: 1, effect: { kind: 'run', when: 'after', run } });
  });
  fault.release();
  await makeBranch('two');
  await arrived;
  await world.sandbox.idle();
  expect(events().filter((event) => event === 'create')).toHaveLength(2);
});

test('GitHub takes a webhook for lost although the App got it, or never reaches the App', async () => {
  const { faults } = world.sandbox;
  world.hooks.received.length = 0;
  faults.add({ delivery: { event: 'create' }, effect: { kind: 'reset', when: 'before' } });
  faults.add({ delivery: { event: 'push' }, effect: { kind: 'reset', when: 'after' } });
  await makeBranch('one');
  await world.sandbox.idle();
  expect(events()).toEqual(['push']);
  expect(world.sandbox.deliveries.slice(-2).map((one) => one.statusCode)).toEqual([502, 502]);
});

test('git goes on while a fault is on the API', async () => {
  world.sandbox.faults.add({ call: {}, effect: { kind: 'answer', status: 500 } });
  const directory = await temporaryDirectory();
  await git(directory.path, 'clone', world.sandbox.cloneUrl(world.repository, world.alice.token), 'copy');
  await directory.remove();
  expect((await refusal(world.as.alice.rest.repos.get(AT))).status).toBe(500);
});
