import type { FoundJson, HttpFact } from '../../../src/domain/gates/facts.ts';
import { type Known, known, unknown } from '../../../src/domain/gates/gate.ts';
import { evaluateHttp, type HttpSpec, httpKey } from '../../../src/domain/gates/http.ts';
import { facts } from './support.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');

const spec: HttpSpec = {
  kind: 'http',
  url: 'https://status.acme.example/ready?token=hush',
  method: 'GET',
  status: [200],
  json: null,
  timeoutMs: 10_000,
  retries: 2,
  everyMs: 300_000,
  onMismatch: 'wait',
};
const withJson: HttpSpec = { ...spec, json: { path: 'state', equals: 'ok' } };

function judge(asked: HttpSpec, answer: Known<HttpFact>) {
  return evaluateHttp(asked, facts({ http: new Map([[httpKey(asked), answer]]) }), NOW);
}

const status = (code: number) => known<HttpFact>({ status: code, found: null });
const found = (value: FoundJson) => known<HttpFact>({ status: 200, found: value });
const scalar = (value: string | number | boolean | null) => found({ kind: 'scalar', value });

test('passes with the status, says so without the query, and looks again', () => {
  expect(judge(spec, status(200))).toEqual({
    gate: 'http status.acme.example',
    state: 'passed',
    reason: '`https://status.acme.example/ready` answered 200',
    lookAgainAtMs: NOW + 300_000,
    lookEveryMs: 300_000,
  });
  expect(judge({ ...spec, status: [200, 204] }, status(204)).state).toBe('passed');
});

test('waits for another answer, or fails when the config says so', () => {
  const reason = '`https://status.acme.example/ready` answered 503, not 200; Sluice asks again';
  expect(judge(spec, status(503))).toMatchObject({ state: 'waiting', reason, lookAgainAtMs: NOW + 300_000 });
  expect(judge({ ...spec, onMismatch: 'fail' }, status(503))).toMatchObject({ state: 'failed', reason });
  expect(judge(spec, status(404)).state).toBe('waiting');
  expect(judge({ ...spec, status: [404] }, status(404)).state).toBe('passed');
});

test.each([301, 302, 304, 307])('fails with %d: redirects are not followed', (code) => {
  expect(judge(spec, status(code))).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining(`answered ${code}, a redirect`),
  });
});

test('passes with what stands in the JSON, of the same type', () => {
  expect(judge(withJson, scalar('ok'))).toMatchObject({
    state: 'passed',
    reason: '`https://status.acme.example/ready` answered 200 with `"ok"` at `state`',
  });
  const one: HttpSpec = { ...spec, json: { path: 'state', equals: 1 } };
  expect(judge(one, scalar(1)).state).toBe('passed');
  for (const other of ['1', true, null]) expect(judge(one, scalar(other)).state).toBe('waiting');
  const nothing: HttpSpec = { ...spec, json: { path: 'state', equals: null } };
  expect(judge(nothing, scalar(null)).state).toBe('passed');
  expect(judge(nothing, found({ kind: 'nothing' })).state).toBe('waiting');
});

test.each([
  [found({ kind: 'scalar', value: 'degraded' }), '`"degraded"`'],
  [found({ kind: 'map' }), 'a map'],
  [found({ kind: 'list' }), 'a list'],
  [found({ kind: 'nothing' }), 'nothing'],
  [found({ kind: 'no-json' }), 'no JSON'],
  [status(200), 'nothing'],
])('says what it found instead: %j', (answer, text) => {
  const result = judge(withJson, answer);
  expect(result.state).toBe('waiting');
  expect(result.reason).toContain(text);
  expect(result.reason).toContain('not `"ok"`');
});

test('what a server answers cannot write Markdown, and is not shown at length', () => {
  const { reason } = judge(withJson, scalar(`\`![x](https://evil.example)\n<b>${'x'.repeat(1_000)}`));
  expect(reason.match(/`/g)).toHaveLength(8);
  expect(reason).not.toContain('\n');
  expect(reason.length).toBeLessThan(250);
});

test('no answer waits and looks again; what the operator does not allow waits for the operator', () => {
  const silent = { known: false, reason: 'did not answer', isPassing: true } as const;
  expect(judge({ ...spec, onMismatch: 'fail' }, silent)).toEqual({
    gate: 'http status.acme.example',
    state: 'waiting',
    reason: 'did not answer',
    lookAgainAtMs: NOW + 300_000,
    lookEveryMs: 300_000,
  });
  const refused = judge(spec, unknown('the operator must add it'));
  expect(refused).toEqual({
    gate: 'http status.acme.example',
    state: 'waiting',
    reason: 'the operator must add it',
  });
});

test('waits for an answer that nobody asked for', () => {
  expect(evaluateHttp(spec, facts(), NOW).state).toBe('waiting');
  const other = { ...spec, method: 'POST' } as const;
  const asked = facts({ http: new Map([[httpKey(spec), status(200)]]) });
  expect(evaluateHttp(other, asked, NOW).state).toBe('waiting');
});
