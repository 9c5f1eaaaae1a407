import fc from 'fast-check';
import { type MessageEvent, messageSchema, toMessage } from '../../src/notify/message.ts';
import { toSlack } from '../../src/notify/to-slack.ts';

const eventOf = (more: Partial<MessageEvent> = {}): MessageEvent => ({
  key: 'k',
  repository: 'acme/fleet',
  event: 'waiting',
  at: '2026-03-01T12:00:00.000Z',
  application: 'checkout',
  environment: 'prod',
  from: ['staging'],
  release: 'v2',
  pull: { number: 7, url: 'https://github.example/acme/fleet/pull/7' },
  by: null,
  reason: 'approvals: 1 of 2',
  ...more,
});

test('a line for each event, with a link', () => {
  const { text } = toSlack([
    eventOf(),
    eventOf({ event: 'merged', by: 'ann', reason: null }),
    eventOf({ event: 'frozen', application: null, release: null, pull: null, by: 'sam', reason: 'audit' }),
  ]);
  expect(text.split('\n')).toEqual([
    '*checkout v2 to prod* waits for people (<https://github.example/acme/fleet/pull/7|acme/fleet#7>): approvals: 1 of 2',
    '*checkout v2 to prod* has merged by ann (<https://github.example/acme/fleet/pull/7|acme/fleet#7>)',
    '*prod* is frozen by sam (acme/fleet): audit',
  ]);
});

test('nothing calls a channel, or makes a link of its own', () => {
  const text = fc
    .array(fc.constantFrom('<!channel>', '@here', '<https://x|y>', '&', '|', '\n', 'a'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (application, reason) => {
      const told = toSlack([eventOf({ application, reason, pull: null })]).text;
      expect(told).not.toMatch(/<|@\w|\n/);
    }),
  );
});

test('the same events make the same message, as the schema says; a long reason is cut', () => {
  const message = toMessage([eventOf({ reason: 'x'.repeat(5_000) })], 0);
  expect(messageSchema.parse(message)).toEqual(message);
  expect(message.events[0]?.reason).toHaveLength(1_000);
  expect(toMessage([eventOf()], 1).id).toBe(message.id);
  expect(toMessage([eventOf({ key: 'other' })], 0).id).not.toBe(message.id);
});
