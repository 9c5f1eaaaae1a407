import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import type { GateFacts } from '../../../src/domain/gates/facts.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { healthKey } from '../../../src/domain/gates/health.ts';
import { type HttpSpec, httpKey } from '../../../src/domain/gates/http.ts';
import { traceFacts } from '../../../src/domain/gates/trace-facts.ts';
import { SHA_1, SHA_2 } from '../support.ts';
import { facts, OLD_HEAD, review, reviewed } from './support.ts';

const AT_MS = Date.parse('2026-11-23T12:00:00Z');
const AT = '2026-11-23T12:00:00.000Z';

const trace = (spec: GateSpec, more: Partial<GateFacts> = {}) => traceFacts(spec, facts(more), AT_MS);

const APPROVALS: GateSpec = {
  kind: 'approvals',
  rule: { kind: 'count', count: 1, from: [{ kind: 'role', role: 'write' }] },
  allowAuthor: false,
  allowRequester: false,
};

test('of reviews: whose, on which head, when, and whether it counts and why not', () => {
  const given = reviewed(review('alice', { atMs: AT_MS }), review('bob', { sha: OLD_HEAD }), review('dan'));
  expect(trace(APPROVALS, { ...given, authors: known(['dan']) })).toEqual([
    { reviewer: 'alice', state: 'approved', head: SHA_1, at: AT, counts: true },
    {
      reviewer: 'bob',
      state: 'approved',
      head: OLD_HEAD,
      counts: false,
      why: expect.stringContaining('not to the current head'),
    },
    { reviewer: 'dan', state: 'approved', head: SHA_1, counts: false, why: expect.any(String) },
  ]);
});

test('of checks: those that the gate names, with the commit that they stand on', () => {
  const check = (name: string) => ({ name, app: 'ci', conclusion: 'success' });
  const spec = (on: 'source' | 'promotion'): GateSpec => ({
    kind: 'checks',
    on,
    checks: [
      { name: 'build*', app: null },
      { name: 'build', app: 'ci' },
    ],
    accept: [],
  });
  const headChecks = known([check('build'), check('lint')]);
  expect(trace(spec('promotion'), { headChecks })).toEqual([{ ...check('build'), on: SHA_1 }]);
  const sourceChecks = known([[{ ...check('build/x'), sha: SHA_2 }]]);
  expect(trace(spec('source'), { sourceChecks })).toEqual([{ ...check('build/x'), on: SHA_2 }]);
});

test('of times: when a release landed, or since when it is healthy, and on which commit', () => {
  const soak = { kind: 'soak', durationMs: 1, since: 'merged' } as const;
  const landed = { environment: 'dev', landedMs: AT_MS, isAtLatest: true };
  expect(trace(soak, { landings: known([landed]) })).toEqual([
    { environment: 'dev', landed: AT, orEarlier: true },
  ]);
  const lost = { environment: 'dev', landedMs: null, isAtLatest: false };
  expect(trace(soak, { landings: known([lost]), firstSeenMs: AT_MS })).toEqual([
    { environment: 'dev', firstSeen: AT },
  ]);
  const source = { kind: 'status', name: 'argocd', by: null } as const;
  const fact = { environment: 'dev', name: 'argocd', state: 'healthy', sinceMs: AT_MS, sha: SHA_2 } as const;
  const health = new Map([[healthKey(source), known([fact])]]);
  const said = [{ environment: 'dev', name: 'argocd', state: 'healthy', since: AT, on: SHA_2 }];
  expect(trace({ kind: 'health', source, durationMs: 0 }, { health })).toEqual(said);
  expect(trace({ ...soak, since: 'healthy' }, { health })).toEqual([said]);
});

test('of a URL: its status; neither its query nor what it answered', () => {
  const spec: HttpSpec = {
    kind: 'http',
    url: 'https://status.example/v1?token=hush',
    method: 'GET',
    status: [200],
    json: { path: 'key', equals: 'x' },
    timeoutMs: 1,
    retries: 0,
    everyMs: 1,
    onMismatch: 'wait',
  };
  const answer = known({ status: 200, found: { kind: 'scalar', value: 'secret' } as const });
  expect(trace(spec, { http: new Map([[httpKey(spec), answer]]) })).toEqual({
    url: 'https://status.example/v1',
    answer: { status: 200 },
  });
});

test('of a policy: what each rule comes to', () => {
  const rule = (name: string, expression: string) => ({ name, expression, message: null });
  const spec: GateSpec = {
    kind: 'policy',
    pass: [rule('final', 'release.label == "v9"')],
    deny: [rule('other', 'to == "dev"')],
  };
  expect(trace(spec)).toEqual([
    { deny: '"other"', state: 'passed' },
    { pass: '"final"', state: 'failed' },
  ]);
});

test('of pull requests: the labels that are asked for, and which approvals count', () => {
  const spec: GateSpec = {
    kind: 'pull-request',
    labels: ['reviewed'],
    withoutLabels: [],
    reviews: 1,
    allow: [],
  };
  const pull = {
    number: 4,
    labels: ['Reviewed', 'bug'],
    headSha: SHA_1,
    reviews: [review('alice', { atMs: AT_MS }), review('bob', { sha: OLD_HEAD })],
    authors: known([]),
    writers: ['alice', 'bob'],
  };
  expect(
    trace(spec, { changes: known({ pulls: [pull], pushes: [SHA_2], builds: [null], gaps: [] }) }),
  ).toEqual({
    pulls: [
      {
        number: 4,
        head: SHA_1,
        labels: ['Reviewed'],
        approvals: [
          { reviewer: 'alice', head: SHA_1, at: AT, counts: true },
          { reviewer: 'bob', head: OLD_HEAD, counts: false },
        ],
      },
    ],
    pushes: [SHA_2],
    builds: [null],
    gaps: [],
  });
});

test('of people and applications: who asked, and what the others hold', () => {
  const request = { requester: 'dan', url: 'https://github.example/1', atMs: AT_MS };
  expect(trace({ kind: 'manual' }, { requests: known([request]) })).toEqual([
    { by: 'dan', url: 'https://github.example/1', at: AT },
  ]);
  const after: GateSpec = {
    kind: 'after',
    dependencies: [
      { application: 'cart', version: null },
      { application: 'gone', version: null },
      { application: 'till', version: '>=1' },
    ],
  };
  const fact = { versions: ['v1'], lag: null };
  const dependencies = new Map([
    ['cart', fact],
    ['till', fact],
  ]);
  expect(trace(after, { dependencies })).toEqual([
    { application: 'cart', lag: null },
    { application: 'gone', found: false },
    { application: 'till', versions: ['v1'] },
  ]);
});

test('what is not known stands there with the reason', () => {
  const reviews = unknown('the reviews could not be read');
  expect(trace(APPROVALS, { reviews })).toEqual({ unknown: 'the reviews could not be read' });
});
