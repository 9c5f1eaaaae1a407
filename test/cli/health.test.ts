import { afterEach, expect, test } from '@jest/globals';
import { makeHealth } from '../../src/cli/health.ts';
import { type Listening, listen } from '../../src/cli/listen.ts';

const log = { info() {}, warn() {}, error() {} };
let listening: Listening | null = null;

afterEach(() => listening?.close());

async function serve(check: () => Promise<void>) {
  const troubles: unknown[] = [];
  const health = makeHealth({ check, onTrouble: (error) => troubles.push(error) });
  listening = await listen({ port: 0, host: '127.0.0.1', log }, async (request, response) => {
    if (!(await health.answer(request, response))) response.writeHead(404).end();
  });
  const { port } = listening;
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return `${answer.status} ${(await answer.text()).trim()}`;
  };
  return { health, ask, troubles };
}

test('ready while the database answers, and alive all the time', async () => {
  const { ask } = await serve(async () => {});
  expect(await ask('/readyz')).toBe('200 ok');
  expect(await ask('/healthz?verbose')).toBe('200 ok');
  expect(await ask('/other')).toBe('404 ');
});

test('without its database it is not ready, and says so without details; it is alive all the same', async () => {
  const { ask, troubles } = await serve(() =>
    Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:5432')),
  );
  expect(await ask('/readyz')).toBe('503 not ready: the database does not answer');
  expect(await ask('/healthz')).toBe('200 ok');
  expect(troubles).toHaveLength(1);
});

test('however often it is asked, the database is not', async () => {
  let asked = 0;
  const { ask } = await serve(async () => {
    asked += 1;
    await new Promise((resolve) => setImmediate(resolve));
  });
  await Promise.all(Array.from({ length: 20 }, () => ask('/readyz')));
  expect(asked).toBeLessThan(20);
});

test('when it shuts down it is not ready, and alive until the end', async () => {
  const { health, ask } = await serve(async () => {});
  health.drain();
  expect(await ask('/readyz')).toBe('503 not ready: shutting down');
  expect(await ask('/healthz')).toBe('200 ok');
});
