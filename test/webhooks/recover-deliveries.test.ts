import type { LoggedDelivery } from '../../src/promotion/ports/deliveries.ts';
import { makeRecovery } from '../../src/webhooks/recover-deliveries.ts';
import type { Told } from '../../src/webhooks/take-event.ts';

const NOW_MS = Date.parse('2026-03-10T12:00:00Z');
const MINUTE_MS = 60_000;

let lastId = 0;
function tried(guid: string, minutesAgo: number, more: Partial<LoggedDelivery> = {}): LoggedDelivery {
  const deliveredAtMs = NOW_MS - minutesAgo * MINUTE_MS;
  const event = 'repository_dispatch';
  return { id: String(++lastId), guid, event, action: 'built', deliveredAtMs, isFailed: true, ...more };
}

/** A log that serves pages of 100, newest first, and the events that are taken from it. */
function makeLog(tries: LoggedDelivery[]) {
  const taken: Told[] = [];
  const asked: string[] = [];
  const troubles: string[] = [];
  const broken = new Set<string>();
  const outage = { isOn: false };
  const memory = { isWhole: true };
  const say = (_fields: unknown, message: string) => troubles.push(message);
  const recover = makeRecovery({
    deliveries: {
      list: async (outcome, cursor) => {
        asked.push(outcome);
        if (outage.isOn) throw new Error('502');
        const listed = tries
          .filter(({ isFailed }) => isFailed === (outcome === 'failure'))
          .sort((a, b) => b.deliveredAtMs - a.deliveredAtMs);
        const from = Number(cursor ?? 0);
        const next = listed.length > from + 100 ? String(from + 100) : null;
        return { tries: listed.slice(from, from + 100), next };
      },
      readPayload: async (id) => {
        asked.push(`payload ${id}`);
        return { id };
      },
    },
    sources: {
      isForgetful: async () => !memory.isWhole,
      remember: async () => {
        memory.isWhole = true;
      },
    },
    take: async (_event, told) => {
      if (broken.has(told.id)) throw new Error('no database');
      taken.push(told);
    },
    log: { info: () => {}, warn: say, error: say },
    now: () => NOW_MS,
  });
  const guids = () => taken.splice(0).map(({ id }) => id);
  return { recover, tries, taken, guids, asked, troubles, broken, outage, memory };
}

test('what failed is taken once, oldest first, as sent when GitHub first tried', async () => {
  const { recover, taken, guids } = makeLog([tried('b', 5), tried('a', 9), tried('a', 4)]);
  await recover();
  expect(taken).toMatchObject([
    { id: 'a', toldAtMs: NOW_MS - 9 * MINUTE_MS },
    { id: 'b', toldAtMs: NOW_MS - 5 * MINUTE_MS },
  ]);
  guids();
  await recover();
  expect(guids()).toEqual([]);
});

test('when nothing failed it is one call', async () => {
  const { recover, asked } = makeLog([tried('a', 5, { isFailed: false })]);
  await recover();
  expect(asked).toEqual(['failure']);
});

test('what was delivered at another try, or is looked at by sweeps anyway, is left alone', async () => {
  const { recover, asked, guids } = makeLog([
    tried('a', 5),
    tried('a', 3, { isFailed: false }),
    tried('push', 2, { event: 'push', action: null }),
    tried('check', 2, { event: 'check_run', action: 'completed' }),
    tried('opened', 2, { event: 'pull_request', action: 'opened' }),
    tried('button', 1, { event: 'check_run', action: 'requested_action' }),
    tried('merged', 0, { event: 'pull_request', action: 'closed' }),
  ]);
  await recover();
  expect(guids()).toEqual(['button', 'merged']);
  expect(asked.filter((each) => each.startsWith('payload'))).toHaveLength(2);
});

test('only what is new is read, and what came into the log behind something newer too', async () => {
  const old = Array.from({ length: 450 }, (_, index) => tried(`old ${index}`, 60 + index));
  const { recover, tries, asked, guids } = makeLog([...old, tried('a', 20)]);
  await recover();
  guids();
  asked.length = 0;
  tries.push(tried('late', 25), tried('new', 1));
  await recover();
  expect(guids()).toEqual(['late', 'new']);
  expect(asked.filter((each) => each === 'failure')).toHaveLength(1);
});

test('of very many failures the newest are read first, and the others by the looks that follow', async () => {
  const pushes = Array.from({ length: 7_000 }, (_, index) =>
    tried(`push ${index}`, index / 100, { event: 'push' }),
  );
  const { recover, asked, guids, troubles } = makeLog([...pushes, tried('deep', 71), tried('new', 1)]);
  await recover();
  expect(guids()).toEqual(['new']);
  expect(asked.filter((each) => each === 'failure')).toHaveLength(50);
  expect(troubles).toEqual(['more deliveries failed than one look reads; the next sweep goes on']);
  await recover();
  expect(guids()).toEqual(['deep']);
});

test('what cannot be taken keeps nothing else, and is tried again by the next look', async () => {
  const { recover, guids, broken, troubles } = makeLog([tried('a', 5), tried('b', 4)]);
  broken.add('a');
  await recover();
  expect(guids()).toEqual(['b']);
  expect(troubles).toEqual(['a delivery could not be recovered yet']);
  broken.clear();
  await recover();
  expect(guids()).toEqual(['a']);
});

test('a log that cannot be read stops nothing, and is read from its newest part when it can be', async () => {
  const { recover, tries, asked, guids, troubles, outage } = makeLog([tried('a', 5)]);
  outage.isOn = true;
  await recover();
  await recover();
  expect(troubles).toEqual(Array(2).fill("GitHub's log of deliveries cannot be read; the next sweep does"));
  outage.isOn = false;
  tries.push(tried('b', 1));
  asked.length = 0;
  await recover();
  expect(guids()).toEqual(['a', 'b']);
  expect(asked.filter((each) => each === 'failure')).toHaveLength(1);
});

test('when the database was lost, dispatches that were delivered are taken again, and nothing else that was', async () => {
  const delivered = { isFailed: false };
  const { recover, guids, asked, memory } = makeLog([
    tried('failed', 9),
    tried('done', 5, delivered),
    tried('button', 4, { ...delivered, event: 'check_run', action: 'requested_action' }),
    tried('push', 3, { ...delivered, event: 'push', action: null }),
  ]);
  await recover();
  expect(guids()).toEqual(['failed']);
  memory.isWhole = false;
  await recover();
  expect(guids()).toEqual(['failed', 'done']);
  asked.length = 0;
  await recover();
  expect(guids()).toEqual([]);
  expect(asked).toEqual(['failure']);
});

test('what could not be taken after the database was lost is tried again', async () => {
  const { recover, guids, broken, memory } = makeLog([tried('a', 5, { isFailed: false })]);
  memory.isWhole = false;
  broken.add('a');
  await recover();
  expect([guids(), memory.isWhole]).toEqual([[], false]);
  broken.clear();
  await recover();
  expect([guids(), memory.isWhole]).toEqual([['a'], true]);
});
