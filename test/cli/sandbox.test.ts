import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import { runSandbox } from '../../src/cli/sandbox.ts';
import { start } from '../../src/cli/start.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let directory: string;
let running: Awaited<ReturnType<typeof run>> | null = null;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-test-'));
});
afterEach(async () => {
  await running?.stop();
  running = null;
  await rm(directory, { recursive: true, force: true });
});

/** Runs it as the command does, and resolves with what it printed when it is up. */
async function run(options: { port?: number; webhook?: string; limits?: boolean } = {}) {
  let interrupt = (): void => undefined;
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  const lines: string[] = [];
  let ready = (): void => undefined;
  const isUp = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const line = (text: string) => {
    lines.push(text);
    if (text.startsWith('Ctrl-C')) ready();
  };
  const webhook = 'http://127.0.0.1:3000/api/github/webhooks';
  const ended = runSandbox({ port: 0, webhook, limits: false, directory, ...options }, line, interrupted);
  await Promise.race([isUp, ended]);
  const stop = async () => {
    interrupt();
    await ended;
  };
  return { text: lines.join('\n'), stop };
}

function find(text: string, pattern: RegExp): string {
  const [, found] = pattern.exec(text) ?? [];
  if (!found) throw new Error(`nothing like ${pattern} in:\n${text}`);
  return found;
}

/** The environment of the line that starts Sluice. */
function environmentOf(text: string): Record<string, string> {
  const words = find(text, /^ +(APP_ID=.*) npm start$/m).split(' ');
  return Object.fromEntries(words.map((word) => word.split(/=(.*)/s) as [string, string]));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('it prints people whose tokens work, and a key that only its owner can read and that goes with it', async () => {
  running = await run();
  const { GITHUB_API_URL: baseUrl = '', PRIVATE_KEY_PATH: keyFile = '' } = environmentOf(running.text);
  const eve = new Octokit({
    baseUrl,
    auth: find(running.text, /eve +(ghp_\w+) +read on gitops/),
    log: quiet,
  });
  expect((await eve.users.getAuthenticated()).data.login).toBe('eve');
  const { data: pulls } = await eve.pulls.list({ owner: 'acme', repo: 'gitops' });
  expect(pulls).toEqual([]);
  expect((await fetch(find(running.text, /(http:\S+\/acme\/gitops)$/m))).status).toBe(200);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  expect(await readFile(keyFile, 'utf8')).toContain('PRIVATE KEY');
  const { port } = new URL(baseUrl);
  await expect(run({ port: Number(port) })).rejects.toThrow(`port ${port} is taken`);
  await running.stop();
  await expect(stat(keyFile)).rejects.toThrow('ENOENT');
});

test('with its line of environment Sluice starts on it, hears of a release and promotes it', async () => {
  running = await run({ webhook: `http://127.0.0.1:${await freePort()}/api/github/webhooks` });
  const environment = environmentOf(running.text);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-data-'));
  const served = await start({ ...environment, LOG_LEVEL: 'silent', SLUICE_DATA: folder }, 'all');
  try {
    const auth = find(running.text, /dan +(ghp_\w+)/);
    const dan = new Octokit({ baseUrl: environment.GITHUB_API_URL, auth, log: quiet });
    await dan.repos.createRelease({ owner: 'acme', repo: 'checkout', tag_name: 'v2.0.0' });
    const gitops = { owner: 'acme', repo: 'gitops', state: 'all' } as const;
    let titles: string[] = [];
    while (titles.length === 0) titles = (await dan.pulls.list(gitops)).data.map(({ title }) => title);
    expect(titles[0]).toContain('v2.0.0');
  } finally {
    await served.close();
    await rm(folder, { recursive: true });
  }
});

test.each([
  [false, 200],
  [true, 403],
])(
  'with limits: %s, the 61st request without a token in an hour is answered with %s',
  async (limits, status) => {
    running = await run({ limits });
    const url = `${environmentOf(running.text).GITHUB_API_URL}/repos/acme/gitops`;
    for (let count = 1; count <= 60; count++) expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url)).status).toBe(status);
  },
);
