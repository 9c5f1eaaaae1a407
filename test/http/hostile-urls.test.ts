import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { guardedConnector } from '../../src/http/guarded-connector.ts';
import { makeHttpProber } from '../../src/http/http-prober.ts';
import { get, type Listener, listen, options } from './support.ts';

type Lookup = NonNullable<Parameters<typeof guardedConnector>[1]>;

const quiet = { info() {}, warn() {}, error() {} };
let inside: Listener;

beforeAll(async () => {
  inside = await listen((_, response) => response.end('{"secret":"of the inside"}'), '127.0.0.1');
});

afterAll(() => inside.stop());

/** Names resolve to what the test says, one answer after the other. */
function resolving(...answers: string[][]): Lookup {
  let asked = 0;
  const lookup = (_: string, __: object, callback: (error: null, found: LookupAddress[]) => void) => {
    const found = answers[Math.min(asked++, answers.length - 1)]!;
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return lookup as unknown as Lookup;
}

test.each([
  'http://127.0.0.1',
  'http://127.1',
  'http://0x7f.1',
  'http://2130706433',
  'http://0177.0.0.1',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://[::1]',
  'http://[::7f00:1]',
  'http://[64:ff9b::7f00:1]',
  'http://0.0.0.0',
  'http://[::]',
  'http://localhost',
  'http://①②⑦.⓪.⓪.①',
])('%s reaches nothing, even when the operator lists its host', async (origin) => {
  const url = new URL(`${origin}:${inside.port}/`);
  const prober = makeHttpProber(options(`${url.hostname}:${inside.port}`), quiet);
  const before = inside.connections();
  const answer = await prober.ask(get(url.href, { timeoutMs: 1_000 }));
  expect(answer).toMatchObject({
    known: false,
    reason: expect.stringContaining('has an address that is not public'),
  });
  expect(inside.connections()).toBe(before);
});

test.each([
  'http://localhost.',
  'http://127.0.0.1',
  'http://good.example.evil.example',
  'http://evilgood.example',
  'http://good.example',
  'http://a.good.example.',
  'http://user:word@a.good.example',
  'ftp://a.good.example',
  'file:///etc/passwd',
])('%s is not asked: the operator lists *.good.example', async (origin) => {
  const prober = makeHttpProber(options(`*.good.example:${inside.port}`), quiet, resolving(['127.0.0.1']));
  const url = origin.startsWith('file') ? origin : `${origin}:${inside.port}/`;
  expect(await prober.ask(get(url))).toMatchObject({ known: false, reason: expect.any(String) });
  expect(inside.connections()).toBe(0);
});

test.each([
  ['127.0.0.1'],
  ['10.0.0.1'],
  ['172.16.0.1'],
  ['192.168.1.1'],
  ['169.254.169.254'],
  ['100.64.0.1'],
  ['168.63.129.16'],
  ['224.0.0.1'],
  ['255.255.255.255'],
  ['0.0.0.0'],
  ['192.0.2.1'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['::127.0.0.1'],
  ['fc00::1'],
  ['fe80::1'],
  ['fec0::1'],
  ['ff02::1'],
  ['64:ff9b::a00:1'],
  ['2002:7f00:1::'],
  ['2001:0:7f00:1::'],
  ['8.8.8.8', '127.0.0.1'],
])('a name with the address %s is not called', async (...addresses) => {
  const prober = makeHttpProber(options(`inside.example:${inside.port}`), quiet, resolving(addresses));
  const answer = await prober.ask(get(`http://inside.example:${inside.port}/`, { retries: 3 }));
  expect(answer).toMatchObject({ known: false, reason: expect.stringContaining('not public') });
  expect(inside.connections()).toBe(0);
});

test('a name that changes its address between two tries does not get past: each connection is judged', async () => {
  const before = inside.connections();
  const prober = makeHttpProber(
    options(`rebind.example:${inside.port}`, { SLUICE_HTTP_ALLOWED_ADDRESSES: '127.0.0.2' }),
    quiet,
    resolving(['127.0.0.2'], ['127.0.0.1']),
  );
  // Nobody listens on 127.0.0.2, so the second try resolves the name again.
  const answer = await prober.ask(get(`http://rebind.example:${inside.port}/`, { retries: 1 }));
  expect(answer).toMatchObject({ known: false, reason: expect.stringContaining('not public') });
  expect(inside.connections()).toBe(before);
});

test('a redirect to the inside is not followed', async () => {
  const outside = await listen((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
  );
  const before = inside.connections();
  const allowed = { SLUICE_HTTP_ALLOWED_ADDRESSES: '127.0.0.1' };
  const prober = makeHttpProber(options(`127.0.0.1:${outside.port}`, allowed), quiet);
  const answer = await prober.ask(get(`http://127.0.0.1:${outside.port}/`));
  expect(answer).toMatchObject({ known: true, value: { status: 307 } });
  expect(inside.connections()).toBe(before);
  await outside.stop();
});

test('no mutation of a URL in the config gets past the list of hosts or the addresses', async () => {
  const before = inside.connections();
  const prober = makeHttpProber(options(`status.example:${inside.port}`), quiet, resolving(['127.0.0.1']));
  const part = fc.constantFrom(
    'status.example',
    '127.0.0.1',
    '@',
    '#',
    '?',
    '/',
    '\\',
    '.',
    ':',
    '%2e',
    '%40',
    '[::1]',
    'localhost',
    '0x7f.1',
    '。',
    'user:word',
    '\t',
    `:${inside.port}`,
  );
  const urls = fc
    .array(part, { minLength: 1, maxLength: 6 })
    .map((parts) => `http://${parts.join('')}:${inside.port}/`);
  await fc.assert(
    fc.asyncProperty(urls, async (url) => {
      const gates = JSON.stringify([{ http: url }]);
      const config = parseConfig(
        `path: apps/{app}/{env}\nenvironments:\n  dev:\n  prod: { from: dev, gates: ${gates} }\n`,
      );
      if (!config.ok) return;
      const [gate] = config.settings.environments[1]!.gates;
      if (gate?.kind !== 'http') throw new Error('no http gate');
      expect((await prober.ask(get(gate.url))).known).toBe(false);
    }),
    { numRuns: 1_000 },
  );
  expect(inside.connections()).toBe(before);
});
