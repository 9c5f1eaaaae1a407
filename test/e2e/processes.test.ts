import { Octokit } from '@octokit/rest';
import { runSandbox } from '../../src/cli/sandbox.ts';
import { type Role, start } from '../../src/cli/start.ts';
import { findFreePort } from '../database/find-free-port.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';
import { until } from '../queue/worker.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** A local GitHub, with what Sluice's environment must say to use it. */
async function startGitHub(port: number) {
  let text = '';
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const running = runSandbox(
    { port: 0, limits: false, webhook: `http://127.0.0.1:${port}/api/github/webhooks` },
    (line) => {
      text += `${line}\n`;
    },
    stopped,
  );
  await until(() => text.includes('APP_ID='));
  const env = Object.fromEntries([...text.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  return {
    env,
    dan: new Octokit({ baseUrl: env.GITHUB_API_URL, auth: /dan +(ghp_\w+)/.exec(text)?.[1], log: quiet }),
    async stop() {
      stop();
      await running;
    },
  };
}

test('one process takes webhooks in, two others do the work, and each promotion is opened once', async () => {
  const port = await findFreePort();
  const github = await startGitHub(port);
  const env = {
    ...github.env,
    DATABASE_URL: await postgres.createDatabase('processes'),
    LOG_LEVEL: 'silent',
  };
  const run = async (role: Role, at: number) => start({ ...env, PORT: String(at), HOST: '127.0.0.1' }, role);
  const processes = [await run('web', port), await run('worker', await findFreePort())];
  processes.push(await run('worker', await findFreePort()));
  try {
    await github.dan.repos.createRelease({ owner: 'acme', repo: 'checkout', tag_name: 'v2.0.0' });
    const gitops = { owner: 'acme', repo: 'gitops', state: 'all' } as const;
    await until(async () => (await github.dan.pulls.list(gitops)).data.length > 0);
    await Promise.all(processes.map(({ sluice }) => sluice.idle()));
    const { data: pulls } = await github.dan.pulls.list(gitops);
    const titles = pulls.map(({ title }) => title);
    expect(titles).toContain('Promote checkout v2.0.0 to dev');
    expect(new Set(titles).size).toBe(titles.length);
  } finally {
    for (const process of processes) await process.close();
    await github.stop();
  }
});

test.each(['web', 'worker'] as const)(
  '`sluice %s` refuses to start without a server to share',
  async (role) => {
    const env = { APP_ID: '1', PRIVATE_KEY: 'x', WEBHOOK_SECRET: 's', LOG_LEVEL: 'silent' as const };
    await expect(start(env, role)).rejects.toThrow('set DATABASE_URL');
  },
);
