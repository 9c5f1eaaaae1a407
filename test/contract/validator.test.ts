import { expect, test } from '@jest/globals';
import type { Exchange } from '../../src/sandbox/observe.ts';
import { makeValidator } from './validator.ts';

// The rest of the suite is only as good as this: a validator that finds nothing would let everything pass.
const validator = makeValidator();

function exchange(
  method: string,
  path: string,
  { query = '', request, status = 200, answer }: Partial<Record<'query', string>> & Given = {},
): Exchange {
  return {
    method,
    path,
    query: new URLSearchParams(query),
    requestBody: request === undefined ? '' : JSON.stringify(request),
    status,
    responseHeaders: new Headers({ 'content-type': 'application/json; charset=utf-8' }),
    responseBody: answer === undefined ? '' : JSON.stringify(answer),
  };
}

interface Given {
  request?: unknown;
  status?: number;
  answer?: unknown;
}

const HEADERS = Object.fromEntries(
  [
    ...['user-agent', 'x-github-event', 'x-github-delivery', 'x-github-hook-id'],
    ...['x-github-hook-installation-target-id', 'x-github-hook-installation-target-type'],
  ].map((name) => [name, '1']),
);
const MERGED = { sha: '1'.repeat(40), merged: true, message: 'Pull Request successfully merged' };
const MERGE = '/repos/acme/gitops/pulls/1/merge';
const check = (...given: Parameters<typeof exchange>) => validator.checkExchange(exchange(...given));

test('what GitHub would say passes', () => {
  expect(check('PUT', MERGE, { request: { merge_method: 'squash' }, answer: MERGED })).toEqual([]);
  expect(check('GET', '/repos/acme/gitops/git/matching-refs/heads/a/b', { answer: [] })).toEqual([]);
});

test('an answer without a field, or with another type, is told with its operation and place', () => {
  expect(check('PUT', MERGE, { answer: { sha: 1, merged: true } })).toEqual([
    'pulls/merge (PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge) response 200/sha: must be string',
    'pulls/merge (PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge) response 200: missing message',
  ]);
});

test('a status that the operation does not have is told; an error that any may have is not', () => {
  expect(check('PUT', MERGE, { status: 201, answer: MERGED }).join()).toMatch(
    /response 201: not one of 200,/,
  );
  expect(check('PUT', MERGE, { status: 429, answer: { message: 'slow down' } })).toEqual([]);
});

test('a query parameter that GitHub does not know is told, and one with a value that it would not take', () => {
  const pulls = '/repos/acme/gitops/pulls';
  expect(check('GET', pulls, { query: 'stat=open', answer: [] }).join()).toMatch(/no parameter "stat"/);
  expect(check('GET', pulls, { query: 'state=opened', answer: [] }).join()).toMatch(
    /query state: must be one of/,
  );
});

test('a property of a request that GitHub would ignore is told, deep down and when it was refused too', () => {
  const run = { name: 'x', head_sha: '1', output: { title: 'a', summary: 'b', detail: 'c' }, extra: 1 };
  const told = check('POST', '/repos/acme/gitops/check-runs', { request: run, status: 422, answer: {} });
  expect(told.join('\n')).toMatch(/request\/output: unknown property "detail"/);
  expect(told.join('\n')).toMatch(/request: unknown property "extra"/);
});

test('a request that GitHub would refuse is told unless it was refused', () => {
  const given = { request: { title: 'x' } };
  const made = check('POST', '/repos/acme/gitops/issues/1/comments', { ...given, status: 201, answer: {} });
  expect(made.join('\n')).toMatch(/request: missing body/);
  const refused = check('POST', '/repos/acme/gitops/issues/1/comments', {
    request: {},
    status: 422,
    answer: { message: 'Invalid request.', documentation_url: 'https://docs.github.com/rest' },
  });
  expect(refused).toEqual([]);
});

test('a call that GitHub does not have is told', () => {
  expect(check('GET', '/repos/acme/gitops/promotions')).toEqual([
    'GET /repos/acme/gitops/promotions: GitHub has no such operation',
  ]);
});

test('a webhook without a field, and one that GitHub does not send, is told', () => {
  const sent = (event: string, payload: unknown) =>
    validator.checkDelivery({ event, headers: HEADERS, body: JSON.stringify(payload) });
  expect(sent('installation', { action: 'suspend' })).toEqual([
    'webhook installation.suspend payload: missing installation, sender',
  ]);
  const { 'x-github-delivery': _, ...headers } = HEADERS;
  const body = JSON.stringify({ action: 'suspend' });
  expect(validator.checkDelivery({ event: 'installation', headers, body })).toContain(
    'webhook installation.suspend headers: missing X-GitHub-Delivery',
  );
  expect(sent('issues', { action: 'promoted' })).toEqual([
    'webhook issues.promoted: GitHub sends no such event',
  ]);
});
