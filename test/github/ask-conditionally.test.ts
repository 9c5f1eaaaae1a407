import { askConditionally, makeKeptAnswers } from '../../src/github/ask-conditionally.ts';
import { QuickOctokit } from './support.ts';

interface Told {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A client of somebody, what GitHub answers one request after the other, and what it was asked. */
function start(answers: Told[]) {
  const kept = makeKeptAnswers();
  const asked: { url: string; tag: string | null }[] = [];
  const fetch = async (url: string, init: { headers: Record<string, string> }) => {
    asked.push({ url, tag: init.headers['if-none-match'] ?? null });
    const { status = 200, body, headers = {} } = answers.shift() ?? { status: 500, body: {} };
    const text = body === undefined ? null : JSON.stringify(body);
    return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } });
  };
  const clientOf = (who: string) => {
    const client = new QuickOctokit({ request: { fetch } });
    askConditionally(client, kept, who);
    return client;
  };
  return { clientOf, tags: () => asked.map(({ tag }) => tag) };
}

const repo = { owner: 'acme', repo: 'gitops' };
const list = { ...repo, state: 'open', per_page: 2 } as const;

test('what has not changed is given as it was, whatever was made of it, page by page', async () => {
  const page2 = '<https://api.github.com/repositories/1/pulls?per_page=2&page=2>; rel="next"';
  const { clientOf, tags } = start([
    { body: [{ number: 1 }, { number: 2 }], headers: { etag: 'W/"a"', link: page2 } },
    { body: [{ number: 3 }], headers: { etag: 'W/"b"' } },
    { status: 304 },
    { body: [{ number: 4 }], headers: { etag: 'W/"c"' } },
  ]);
  const read = async () => {
    const client = clientOf('1');
    const pulls = await client.paginate(client.rest.pulls.list, list);
    const numbers = pulls.map(({ number }) => number);
    for (const pull of pulls) pull.number = 0;
    return numbers;
  };
  expect(await read()).toEqual([1, 2, 3]);
  expect(await read()).toEqual([1, 2, 4]);
  expect(tags()).toEqual([null, null, 'W/"a"', 'W/"b"']);
});

test('a full page without one behind it is read again, since a further page would not show in it', async () => {
  const full = { body: [{ number: 1 }, { number: 2 }], headers: { etag: 'W/"a"' } };
  const { clientOf, tags } = start([full, full]);
  for (let times = 0; times < 2; times++) await clientOf('1').rest.pulls.list(list);
  expect(tags()).toEqual([null, null]);
});

test('nobody is told what somebody else has read', async () => {
  const { clientOf, tags } = start([
    { body: [], headers: { etag: 'W/"a"' } },
    { status: 404, body: {} },
  ]);
  await clientOf('1').rest.pulls.list(list);
  await expect(clientOf('2').rest.pulls.list(list)).rejects.toMatchObject({ status: 404 });
  expect(tags()).toEqual([null, null]);
});

test('an error stays one, and what was read before is not taken for the answer', async () => {
  const { clientOf } = start([
    { body: [{ number: 1 }], headers: { etag: 'W/"a"' } },
    { status: 502, body: { message: 'Bad Gateway' } },
    { status: 200, body: [{ number: 2 }] },
    { status: 200, body: [{ number: 3 }] },
  ]);
  const numbers = async () => (await clientOf('1').rest.pulls.list(list)).data.map(({ number }) => number);
  expect(await numbers()).toEqual([1]);
  await expect(numbers()).rejects.toMatchObject({ status: 502 });
  expect(await numbers()).toEqual([2]);
  expect(await numbers()).toEqual([3]);
});

test('a 304 that nobody asked for is asked again', async () => {
  const { clientOf, tags } = start([{ status: 304 }, { body: [{ number: 1 }] }]);
  const { data } = await clientOf('1').rest.pulls.list(list);
  expect(data.map(({ number }) => number)).toEqual([1]);
  expect(tags()).toEqual([null, null]);
});
