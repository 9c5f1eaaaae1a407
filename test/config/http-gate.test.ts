import { parseConfig } from '../../src/config/parse-config.ts';

function parse(gate: unknown) {
  const gates = JSON.stringify([{ http: gate }]);
  return parseConfig(
    `path: apps/{app}/{env}\nenvironments:\n  dev:\n  prod: { from: dev, gates: ${gates} }\n`,
  );
}

function gateOf(written: unknown) {
  const config = parse(written);
  if (!config.ok) throw new Error(config.problems.map(({ message }) => message).join('\n'));
  return config.settings.environments[1]!.gates[0];
}

function problemOf(written: unknown): string {
  const config = parse(written);
  if (config.ok) throw new Error('the config is right');
  return config.problems.map(({ message }) => message).join('\n');
}

test('a URL alone is a GET that expects 200', () => {
  expect(gateOf('https://Status.Example.com')).toEqual({
    kind: 'http',
    url: 'https://status.example.com/',
    method: 'GET',
    status: [200],
    json: null,
    timeoutMs: 10_000,
    retries: 2,
    everyMs: 300_000,
    onMismatch: 'wait',
  });
});

test('everything can be said', () => {
  expect(
    gateOf({
      url: 'https://change.example.com/v1',
      method: 'POST',
      expect: { status: [204, 200], json: { path: 'a.b[0]', equals: false } },
      timeout: '3s',
      retries: 0,
      every: '1h',
      'on-mismatch': 'fail',
    }),
  ).toMatchObject({
    method: 'POST',
    status: [200, 204],
    json: { path: 'a.b[0]', equals: false },
    timeoutMs: 3_000,
    retries: 0,
    everyMs: 3_600_000,
    onMismatch: 'fail',
  });
});

const url = 'https://status.example.com';

test.each([
  ['ftp://status.example.com', 'write a whole URL'],
  ['status.example.com', 'write a whole URL'],
  ['https:status.example.com', 'write a whole URL'],
  ['https://', 'write a whole URL'],
  ['https://user:word@status.example.com', 'no user and no password'],
  ['https://user@status.example.com', 'no user and no password'],
  ['https://@status.example.com', 'no user and no password'],
  ['https://status.example.com\\@evil.example', 'no spaces and no \\'],
  ['https://status.example.com/a b', 'no spaces'],
  ['https://status.example.com/#top', 'after the #'],
  ['https://status.example.com./', 'the dot at the end'],
  ['https://status.example.com:99999', 'is no URL'],
  [{}, 'url'],
  [{ url, expects: {} }, 'unknown key "expects"'],
  [{ url, expect: { status: 302 } }, 'redirects are not followed'],
  [{ url, expect: { status: 500 } }, '499'],
  [{ url, expect: { status: [] } }, 'empty'],
  [{ url, expect: { json: { path: 'a..b', equals: 1 } } }, 'is no path'],
  [{ url, expect: { json: { path: 'a' } } }, 'the key `equals:` is missing'],
  [{ url, expect: { json: { path: 'a', equals: {} } } }, 'write a text, a number, true, false or null'],
  [{ url, timeout: '2m' }, 'from 1s to 30s'],
  [{ url, every: '10s' }, 'from 1m to 1d'],
  [{ url, retries: 9 }, '5'],
  [{ url, method: 'DELETE' }, 'GET'],
  [{ url, 'on-mismatch': 'pass' }, 'wait'],
])('%j is refused', (written, message) => {
  expect(problemOf(written)).toContain(message);
});
