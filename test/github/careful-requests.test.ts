import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ProbotOctokit } from 'probot';
import { carefulRequests } from '../../src/github/careful-requests.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let close = () => {};
afterEach(() => close());

/** A client of somebody who answers as the test wants, with Octokit's retries on and without their delays. */
async function clientOf(answer: RequestListener, longestMs?: number) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const Octokit = ProbotOctokit.plugin(carefulRequests(longestMs) as never);
  return new Octokit({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log: quiet as never,
    throttle: { enabled: false },
    retry: { retryAfterBaseValue: 0 },
  });
}

const repo = { owner: 'acme', repo: 'fleet' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

describe('an answer that did not arrive whole is an error, never an empty list', () => {
  const whole = JSON.stringify([{ number: 1, title: 'one' }]);
  test.each<[string, RequestListener]>([
    [
      'the connection ends in the middle',
      (_, response) => {
        response.writeHead(200, { ...JSON_TYPE, 'content-length': whole.length });
        response.write(whole.slice(0, 10), () => response.destroy());
      },
    ],
    [
      'somebody in between ends it properly',
      (_, response) => response.writeHead(200, JSON_TYPE).end(whole.slice(0, 10)),
    ],
    ['nothing of it arrives', (_, response) => response.writeHead(200, JSON_TYPE).end()],
    [
      'it is a page for people',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Be right back'),
    ],
  ])('%s', async (_, answer) => {
    const client = await clientOf(answer);
    await expect(client.paginate(client.rest.pulls.list, repo)).rejects.toThrow('did not arrive whole');
  });
});

test('a conflict is an error, never an empty list, but where the repository is empty', async () => {
  let message = 'Conflict';
  const client = await clientOf((_, response) =>
    response.writeHead(409, JSON_TYPE).end(JSON.stringify({ message })),
  );
  const list = () => client.paginate(client.rest.checks.listForRef, { ...repo, ref: 'main' });
  await expect(list()).rejects.toThrow('with a conflict: Conflict');
  message = 'Git Repository is empty.';
  expect(await list()).toEqual([]);
});

test('a request ends although nobody answers', async () => {
  const client = await clientOf(() => {}, 50);
  await expect(client.rest.pulls.merge({ ...repo, pull_number: 1 })).rejects.toThrow(
    'GitHub did not answer within 0.05 s',
  );
});

test('what reads is tried again, what writes is not: GitHub may have done it', async () => {
  const seen: string[] = [];
  const client = await clientOf((request, response) => {
    seen.push(request.method!);
    response.writeHead(502).end();
  });
  await expect(client.rest.issues.createComment({ ...repo, issue_number: 1, body: 'x' })).rejects.toThrow();
  await expect(client.rest.pulls.list(repo)).rejects.toThrow();
  expect(seen).toEqual(['POST', 'GET', 'GET', 'GET', 'GET']);
});
