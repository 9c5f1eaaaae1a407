import { octokitForApp, refusal } from './core-clients.ts';
import { startWorld } from './core-world.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

const AT = { owner: 'acme', repo: 'gitops' };
const HIDDEN = { owner: 'acme', repo: 'hidden' };
let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.stop());

test('an App knows itself and where it is installed', async () => {
  const { app, bot } = world.as;
  expect((await app.rest.apps.getAuthenticated()).data).toMatchObject({ id: world.app.id, slug: 'sluice' });
  const { data: found } = await app.rest.apps.getRepoInstallation(AT);
  expect(found).toMatchObject({
    id: world.installation.id,
    account: { login: 'acme', type: 'Organization' },
  });
  const { data: visible } = await bot.rest.apps.listReposAccessibleToInstallation();
  expect(visible.repositories.map((item) => item.full_name)).toEqual(['acme/gitops', 'acme/hidden']);
});

test('an installation tells the App, with a signature', async () => {
  await world.sandbox.idle();
  const bodies = world.hooks.received.map(({ headers, body }) => [
    headers['x-github-event'],
    JSON.parse(body),
  ]);
  expect(bodies[0]).toMatchObject([
    'installation',
    { action: 'created', repositories: [{ full_name: 'acme/gitops' }, { full_name: 'acme/hidden' }] },
  ]);
});

test('credentials that are wrong or old are refused', async () => {
  const { sandbox, app, clock } = world;
  const other = sandbox.addApp({ slug: 'other', permissions: {}, events: [] });
  const forged = octokitForApp(sandbox, { ...app, privateKeyPem: other.privateKeyPem });
  expect(await refusal(forged.rest.apps.getAuthenticated())).toEqual({
    status: 401,
    message: 'A JSON web token could not be decoded',
  });
  const wrong = await fetch(`${sandbox.url}/user`, { headers: { authorization: 'token ghp_wrong' } });
  expect([wrong.status, await wrong.json()]).toMatchObject([
    401,
    { message: 'Bad credentials', status: '401' },
  ]);
  expect((await refusal(world.as.nobody.rest.users.getAuthenticated())).status).toBe(401);

  const { data } = await world.as.app.rest.apps.createInstallationAccessToken({
    installation_id: world.installation.id,
  });
  expect(data.expires_at).toBe('2026-03-01T13:00:00Z');
  const read = () =>
    fetch(`${sandbox.url}/repos/acme/hidden`, { headers: { authorization: `Bearer ${data.token}` } });
  expect((await read()).status).toBe(200);
  clock.now += 60 * 60 * 1000;
  expect((await read()).status).toBe(401);
  clock.now -= 60 * 60 * 1000;
});

test('a private repository is not there for whoever has no role', async () => {
  const notFound = { status: 404, message: 'Not Found' };
  expect(await refusal(world.as.mallory.rest.repos.get(HIDDEN))).toEqual(notFound);
  expect(await refusal(world.as.nobody.rest.repos.get(HIDDEN))).toEqual(notFound);
  expect(await refusal(world.as.alice.rest.repos.get({ ...HIDDEN, repo: 'none' }))).toEqual(notFound);
  expect((await world.as.alice.rest.repos.get(HIDDEN)).data.permissions).toMatchObject({
    push: true,
    admin: false,
  });
});

test('a token does only what it was granted', async () => {
  const { app, sandbox } = world;
  const auth = octokitForApp(sandbox, app);
  const grant = { installation_id: world.installation.id, permissions: { members: 'read' as const } };
  const { data } = await auth.rest.apps.createInstallationAccessToken({ ...grant, repositories: ['gitops'] });
  const get = async (path: string) => {
    const answer = await fetch(sandbox.url + path, { headers: { authorization: `Bearer ${data.token}` } });
    return [answer.status, ((await answer.json()) as { message?: string }).message];
  };
  expect(await get('/repos/acme/gitops')).toEqual([200, undefined]);
  expect(await get('/repos/acme/gitops/git/ref/heads/main')).toEqual([
    403,
    'Resource not accessible by integration',
  ]);
  expect(await get('/repos/acme/hidden')).toEqual([404, 'Not Found']);
  const more = { ...grant, permissions: { administration: 'write' as const } };
  expect((await refusal(auth.rest.apps.createInstallationAccessToken(more))).status).toBe(422);
});

test('a reader of a public repository reads and does not write', async () => {
  const { mallory, nobody, bot } = world.as;
  const { data } = await bot.rest.git.getRef({ ...AT, ref: 'heads/main' });
  const branch = { ...AT, ref: 'refs/heads/mine', sha: data.object.sha };
  expect((await mallory.rest.git.getRef({ ...AT, ref: 'heads/main' })).status).toBe(200);
  expect((await refusal(mallory.rest.git.createRef(branch))).status).toBe(403);
  expect((await refusal(nobody.rest.git.createRef(branch))).status).toBe(401);
});

test('permissions name the role, teams included', async () => {
  const level = async (username: string) => {
    const { data } = await world.as.bot.rest.repos.getCollaboratorPermissionLevel({ ...AT, username });
    return [data.permission, data.role_name];
  };
  expect(await level('alice')).toEqual(['write', 'write']);
  expect(await level('bob')).toEqual(['write', 'maintain']);
  expect(await level('mallory')).toEqual(['read', 'read']);
  const member = { org: 'acme', team_slug: 'platform' };
  const { data } = await world.as.bot.rest.teams.getMembershipForUserInOrg({ ...member, username: 'bob' });
  expect(data.state).toBe('active');
  const outside = world.as.bot.rest.teams.getMembershipForUserInOrg({ ...member, username: 'alice' });
  expect((await refusal(outside)).status).toBe(404);
});

test('contents are read at a ref, written by SHA, and a stale write is refused', async () => {
  const { alice } = world.as;
  const file = { ...AT, path: 'envs/dev/app.yaml' };
  const { data } = await alice.rest.repos.getContent({ ...file, ref: 'main' });
  if (Array.isArray(data) || data.type !== 'file') throw new Error('not a file');
  expect(Buffer.from(data.content, 'base64').toString()).toBe('image: a:1\n');
  const content = Buffer.from('image: a:9\n').toString('base64');
  const write = { ...file, message: 'Nine', content };
  expect((await refusal(alice.rest.repos.createOrUpdateFileContents(write))).status).toBe(422);
  const written = await alice.rest.repos.createOrUpdateFileContents({ ...write, sha: data.sha });
  expect(written.data.commit.author?.name).toBe('alice');
  const stale = alice.rest.repos.createOrUpdateFileContents({ ...write, sha: data.sha });
  expect((await refusal(stale)).status).toBe(409);
  const raw = await alice.rest.repos.getContent({ ...file, mediaType: { format: 'raw' } });
  expect(raw.data).toBe('image: a:9\n');
  const folder = await alice.rest.repos.getContent({ ...AT, path: 'envs' });
  expect(folder.data).toMatchObject([
    { name: 'dev', type: 'dir' },
    { name: 'prod', type: 'dir' },
  ]);
  const { data: history } = await alice.rest.repos.listCommits({
    ...AT,
    path: 'envs/dev/app.yaml',
    per_page: 1,
  });
  expect(history.map((commit) => commit.commit.message)).toEqual(['Nine']);
  expect((await alice.paginate(alice.rest.repos.listCommits, { ...AT, per_page: 1 })).length).toBe(2);
});

test('both roots answer, what is unchanged costs nothing, and every call is in the log', async () => {
  const { sandbox } = world;
  const first = await fetch(`${sandbox.url}/api/v3/repos/acme/gitops`);
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(`${sandbox.url}/repos/acme/gitops`, { headers: { 'if-none-match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const missing = await fetch(`${sandbox.url}/repos/acme/none/branches?page=2`);
  expect(await missing.json()).toMatchObject({ message: 'Not Found', status: '404' });
  const log = sandbox.calls.slice(-3).map(({ method, path, status, actor }) => [method, path, status, actor]);
  expect(log).toEqual([
    ['GET', '/repos/acme/gitops', 200, 'anonymous'],
    ['GET', '/repos/acme/gitops', 304, 'anonymous'],
    ['GET', '/repos/acme/none/branches?page=2', 404, 'anonymous'],
  ]);
});
