import { sign } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { octokitForToken, refusal } from './core-clients.ts';
import { startWorld } from './core-world.ts';

const AT = { owner: 'acme', repo: 'gitops' };

test('one clock dates commits, answers and the call log, and lets tokens run out', async () => {
  const world = await startWorld();
  const { sandbox, as, app, installation } = world;
  sandbox.clock.set(Date.parse('2030-05-06T07:08:09Z'));
  const answer = await as.alice.rest.repos.createOrUpdateFileContents({
    ...AT,
    path: 'new.txt',
    message: 'New',
    content: '',
  });
  expect(answer.data.commit.committer?.date).toBe('2030-05-06T07:08:09Z');
  expect(answer.headers.date).toBe('Mon, 06 May 2030 07:08:09 GMT');
  expect(sandbox.calls.at(-1)?.at).toBe('2030-05-06T07:08:09.000Z');
  const { data } = await as.app.rest.apps.createInstallationAccessToken({ installation_id: installation.id });
  const holder = octokitForToken(sandbox, data.token);
  sandbox.clock.advance(3_599_000);
  expect((await holder.rest.repos.get(AT)).status).toBe(200);
  sandbox.clock.advance(1000);
  expect((await refusal(holder.rest.repos.get(AT))).status).toBe(401);
  const nowSeconds = sandbox.context.now() / 1000;
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const claims = { iss: app.id, iat: nowSeconds, exp: nowSeconds + 600 };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const token = `${signed}.${sign('RSA-SHA256', Buffer.from(signed), app.privateKeyPem).toString('base64url')}`;
  const headers = { authorization: `Bearer ${token}` };
  expect(await (await fetch(`${sandbox.url}/app`, { headers })).json()).toMatchObject({ slug: app.slug });
  sandbox.clock.advance(11 * 60_000);
  expect((await fetch(`${sandbox.url}/app`, { headers })).status).toBe(401);
  await world.stop();
});

test('Octokit works without a socket, and its calls are in the log', async () => {
  const sandbox = await startSandbox({ port: null });
  const { token } = sandbox.addUser('alice');
  await sandbox.addRepository({ owner: 'alice', name: 'gitops', files: { 'a.txt': 'a' } });
  const { fetch } = sandbox;
  const octokit = new Octokit({ baseUrl: sandbox.url, auth: token, request: { fetch } });
  for (const title of ['one', 'two', 'three']) {
    await octokit.rest.issues.create({ owner: 'alice', repo: 'gitops', title });
  }
  const at = { owner: 'alice', repo: 'gitops', per_page: 1 };
  const all = await octokit.paginate(octokit.rest.issues.listForRepo, at);
  expect(all.map((issue) => issue.title)).toEqual(['three', 'two', 'one']);
  expect(sandbox.calls.map((call) => [call.method, call.status, call.actor])).toEqual([
    ...Array(3).fill(['POST', 201, 'alice']),
    ...Array(3).fill(['GET', 200, 'alice']),
  ]);
  await sandbox.stop();
});

test('ten local GitHubs run side by side and know nothing of each other', async () => {
  const names = Array.from({ length: 10 }, (_, at) => `repo-${at}`);
  const worlds = await Promise.all(
    names.map(async (name) => {
      const sandbox = await startSandbox();
      const { token } = sandbox.addUser('alice');
      await sandbox.addRepository({ owner: 'alice', name, files: { 'name.txt': name } });
      return { name, sandbox, octokit: octokitForToken(sandbox, token) };
    }),
  );
  const seen = await Promise.all(
    worlds.map(async ({ name, octokit }) => {
      const at = { owner: 'alice', repo: name };
      const raw = { mediaType: { format: 'raw' } };
      const { data: content } = await octokit.rest.repos.getContent({ ...at, path: 'name.txt', ...raw });
      const { data: issue } = await octokit.rest.issues.create({ ...at, title: name });
      const other = name === 'repo-0' ? 'repo-1' : 'repo-0';
      const { status } = await refusal(octokit.rest.repos.get({ owner: 'alice', repo: other }));
      return [content, issue.number, status];
    }),
  );
  await Promise.all(worlds.map(({ sandbox }) => sandbox.stop()));
  expect(seen).toEqual(names.map((name) => [name, 1, 404]));
});
