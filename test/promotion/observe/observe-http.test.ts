import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import { known } from '../../../src/domain/gates/gate.ts';
import { evaluateHttp, type HttpSpec } from '../../../src/domain/gates/http.ts';
import { askOnce } from '../../../src/promotion/observe/ask-once.ts';
import type { FactsInput } from '../../../src/promotion/observe/facts-input.ts';
import { observeHttp } from '../../../src/promotion/observe/observe-http.ts';
import type { HttpAnswer, HttpProber, HttpQuestion } from '../../../src/promotion/ports/http.ts';
import { facts } from '../../domain/gates/support.ts';
import { baseOf } from '../support.ts';

const gate: HttpSpec = {
  kind: 'http',
  url: 'https://status.acme.example/ready',
  method: 'GET',
  status: [200],
  json: { path: 'state', equals: 'ok' },
  timeoutMs: 10_000,
  retries: 2,
  everyMs: 300_000,
  onMismatch: 'wait',
};

function answering(answer: Partial<HttpAnswer> | null): HttpProber & { asked: HttpQuestion[] } {
  const asked: HttpQuestion[] = [];
  return {
    asked,
    async ask(question) {
      asked.push(question);
      if (answer === null) return { known: false, reason: 'it did not answer', isPassing: true };
      return known({ status: 200, text: '{"state":"ok"}', unreadable: null, ...answer });
    },
  };
}

async function observing(http: HttpProber, gates: GateSpec[], application = 'checkout') {
  const input = {
    http,
    gates,
    base: baseOf([]),
    due: null,
    location: { application, environment: 'prod' },
  } as unknown as FactsInput;
  return facts(await observeHttp(input, null));
}

const stateOf = async (answer: Partial<HttpAnswer> | null) =>
  evaluateHttp(gate, await observing(answering(answer), [gate]), 0);

test.each([
  [{}, 'passed', '"ok"'],
  [{ text: '{"state":"no"}' }, 'waiting', '"no"'],
  [{ text: '{"state":' }, 'waiting', 'no JSON'],
  [{ text: '' }, 'waiting', 'no JSON'],
  [{ text: '{"state":["ok"]}' }, 'waiting', 'a list'],
  [{ text: '{"state":{}}' }, 'waiting', 'a map'],
  [{ text: '{"__proto__":{"state":"ok"}}' }, 'waiting', 'nothing'],
  [{ text: null, unreadable: 'more than 64 KiB' }, 'waiting', 'more than 64 KiB'],
  [{ status: 500 }, 'waiting', 'answered 500'],
  [null, 'waiting', 'it did not answer'],
])('%j makes the gate %s', async (answer, state, text) => {
  const result = await stateOf(answer);
  expect(result).toMatchObject({ state, reason: expect.stringContaining(text), lookAgainAtMs: 300_000 });
});

test('asks nothing when no gate asks', async () => {
  const prober = answering({});
  await observing(prober, [{ kind: 'manual' }]);
  expect(prober.asked).toEqual([]);
});

test('equal questions are asked once in a look, and again in the next one', async () => {
  const prober = answering({});
  const look = askOnce(prober);
  await Promise.all(['a', 'b', 'c'].map((application) => observing(look, [gate], application)));
  await observing(look, [{ ...gate, everyMs: 60_000, onMismatch: 'fail' }]);
  expect(prober.asked).toHaveLength(1);
  await observing(askOnce(prober), [gate]);
  expect(prober.asked).toHaveLength(2);
});

test('what is sent differs for each promotion, and is sent for each', async () => {
  const prober = answering({});
  const look = askOnce(prober);
  const post: HttpSpec = { ...gate, method: 'POST' };
  for (const application of ['a', 'b']) await observing(look, [post], application);
  const sent = prober.asked.map(({ body }) => JSON.parse(body ?? '') as { application: string });
  expect(sent.map(({ application }) => application)).toEqual(['a', 'b']);
});

test('a server that does not answer holds up a look once only', async () => {
  const prober = answering(null);
  const look = askOnce(prober);
  for (const path of ['/a', '/b']) {
    const asked = { ...gate, url: `https://status.acme.example${path}` };
    const result = evaluateHttp(asked, await observing(look, [asked]), 0);
    expect(result.state).toBe('waiting');
  }
  expect(prober.asked).toHaveLength(1);
  await observing(look, [{ ...gate, url: 'https://other.acme.example/' }]);
  expect(prober.asked).toHaveLength(2);
});
