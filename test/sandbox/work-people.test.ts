import { HERE, received, startTeam, type Team } from './collaboration-world.ts';
import { octokitForApp, octokitForToken, refusal } from './core-clients.ts';

const ORG = { org: 'acme' };
const SRE = { ...ORG, team_slug: 'sre' };
const INACCESSIBLE = { status: 403, message: 'Resource not accessible by integration' };
let team: Team;
let olga: ReturnType<typeof octokitForToken>;
beforeAll(async () => {
  team = await startTeam();
  team.sluice.events.push('member', 'membership');
  const owner = team.sandbox.addUser('olga');
  const acme = team.sandbox.state.organizations.get('acme');
  acme?.members.add('olga');
  acme?.owners?.add('olga');
  olga = octokitForToken(team.sandbox, owner.token);
});
afterAll(() => team.stop());
beforeEach(async () => {
  await team.sandbox.idle();
  team.hooks.received.length = 0;
});

async function arrived(event: string) {
  const all = await received(team.sandbox, team.hooks);
  return all.filter((one) => one.event === event).map((one) => one.payload);
}

test('an administrator adds collaborators, changes their role and removes them', async () => {
  const { root, alice } = team.as;
  team.sandbox.addUser('guest');
  const guest = { ...HERE, username: 'guest' };
  expect((await refusal(alice.repos.addCollaborator(guest))).status).toBe(403);
  await root.repos.addCollaborator({ ...guest, permission: 'triage' });
  await root.repos.addCollaborator({ ...guest, permission: 'push' });
  const outside = { ...HERE, affiliation: 'outside' as const };
  const { data } = await root.repos.listCollaborators(outside);
  expect(data.find((one) => one.login === 'guest')).toMatchObject({
    role_name: 'write',
    permissions: { push: true, admin: false },
  });
  const admins = await root.repos.listCollaborators({ ...HERE, permission: 'admin' });
  expect(admins.data.map((one) => one.login).sort()).toEqual(['olga', 'root']);
  const { data: issue } = await alice.issues.create({ ...HERE, title: 'For a guest', assignees: ['guest'] });
  await root.repos.removeCollaborator(guest);
  expect((await refusal(root.repos.checkCollaborator(guest))).status).toBe(404);
  const { data: left } = await alice.issues.get({ ...HERE, issue_number: issue.number });
  expect([issue.assignees?.length, left.assignees?.length]).toEqual([1, 0]);
  const changes = await arrived('member');
  expect(changes.map((payload) => [payload.action, (payload.member as { login: string }).login])).toEqual([
    ['added', 'guest'],
    ['edited', 'guest'],
    ['removed', 'guest'],
  ]);
});

test('teams tell their repositories and people, to members and to Apps that may read them', async () => {
  const { bot, carol, dave } = team.as;
  expect((await bot.teams.list(ORG)).data.map((one) => one.slug)).toEqual(['sre']);
  expect((await refusal(carol.teams.list(ORG))).status).toBe(404);
  const { data: repositories } = await dave.teams.listReposInOrg(SRE);
  expect(repositories).toMatchObject([{ full_name: 'acme/gitops', role_name: 'write' }]);
  const at = { ...SRE, ...HERE };
  expect((await bot.teams.checkPermissionsForRepoInOrg(at)).status).toBe(204);
  const elsewhere = bot.teams.checkPermissionsForRepoInOrg({ ...at, repo: 'none' });
  expect((await refusal(elsewhere)).status).toBe(404);
  const { sandbox } = team;
  const blind = sandbox.addApp({ slug: 'blind', permissions: { contents: 'read' }, events: [] });
  const blindBot = octokitForApp(sandbox, blind, sandbox.install(blind.id, 'acme').id);
  expect(await refusal(blindBot.teams.list(ORG))).toEqual(INACCESSIBLE);
});

test('an owner puts people into a team, and the organisation lists its members', async () => {
  const { bot, dave } = team.as;
  const member = { ...SRE, username: 'carol' };
  expect((await refusal(dave.teams.addOrUpdateMembershipForUserInOrg(member))).status).toBe(403);
  await olga.teams.addOrUpdateMembershipForUserInOrg(member);
  const { data } = await bot.teams.listMembersInOrg(SRE);
  expect(data.map((one) => one.login)).toEqual(['dave', 'carol']);
  expect((await bot.orgs.listMembers({ ...ORG, role: 'admin' })).data.map((one) => one.login)).toEqual([
    'olga',
  ]);
  expect((await bot.orgs.checkMembershipForUser({ ...ORG, username: 'carol' })).status).toBe(204);
  const membership = await olga.orgs.getMembershipForUser({ ...ORG, username: 'olga' });
  expect(membership.data).toMatchObject({ role: 'admin', state: 'active', organization: { login: 'acme' } });
  await olga.teams.removeMembershipForUserInOrg(member);
  const gone = bot.teams.getMembershipForUserInOrg(member);
  expect((await refusal(gone)).status).toBe(404);
  expect((await arrived('membership')).map((payload) => payload.action)).toEqual(['added', 'removed']);
});

test('a suspended installation is listed, and gets nothing else until it goes on', async () => {
  const { sandbox, sluice, hooks } = team;
  const { alice, bot } = team.as;
  const app = octokitForApp(sandbox, sluice);
  const { data: found } = await app.apps.getRepoInstallation(HERE);
  const installation = { installation_id: found.id };
  await app.apps.suspendInstallation(installation);
  const { data: listed } = await app.apps.listInstallations();
  expect(listed).toMatchObject([{ id: found.id, suspended_at: '2026-03-01T12:00:00Z' }]);
  expect((await refusal(bot.repos.get(HERE))).status).toBe(403);
  expect((await refusal(app.apps.createInstallationAccessToken(installation))).status).toBe(403);
  await alice.issues.create({ ...HERE, title: 'Unheard' });
  await app.apps.unsuspendInstallation(installation);
  expect((await bot.repos.get(HERE)).status).toBe(200);
  await alice.issues.create({ ...HERE, title: 'Heard' });
  await sandbox.idle();
  const names = hooks.received.map(({ headers, body }) => {
    const { action } = JSON.parse(body) as { action: string };
    return `${headers['x-github-event']}.${action}`;
  });
  expect(names).toEqual(['installation.suspend', 'installation.unsuspend', 'issues.opened']);
  const other = octokitForApp(sandbox, team.other);
  expect((await refusal(other.apps.suspendInstallation(installation))).status).toBe(404);
});

test('an App on selected repositories sees those, and hears of each that comes or goes', async () => {
  const { sandbox, hooks } = team;
  const chosen = sandbox.addApp({
    slug: 'chosen',
    permissions: { contents: 'read' },
    events: ['push'],
    webhookUrl: hooks.url,
    webhookSecret: 'only between the two of us',
  });
  const second = await sandbox.addRepository({ owner: 'acme', name: 'second', files: { a: 'b' } });
  const installation = sandbox.install(chosen.id, 'acme', ['gitops']);
  const bot = octokitForApp(sandbox, chosen, installation.id);
  const visible = async () =>
    (await bot.apps.listReposAccessibleToInstallation()).data.repositories.map((one) => one.name);
  expect(await visible()).toEqual(['gitops']);
  const app = octokitForApp(sandbox, chosen);
  expect(
    (await app.apps.getInstallation({ installation_id: installation.id })).data.repository_selection,
  ).toBe('selected');
  expect((await refusal(app.apps.getRepoInstallation({ owner: 'acme', repo: 'second' }))).status).toBe(404);
  const tooMuch = { installation_id: installation.id, repositories: ['second'] };
  expect((await refusal(app.apps.createInstallationAccessToken(tooMuch))).status).toBe(422);
  const addition = { installation_id: installation.id, repository_id: second.id };
  const add = (who: typeof olga) => who.apps.addRepoToInstallationForAuthenticatedUser(addition);
  expect((await refusal(add(team.as.alice))).status).toBe(403);
  await sandbox.idle();
  hooks.received.length = 0;
  await add(olga);
  expect(await visible()).toEqual(['gitops', 'second']);
  await olga.apps.removeRepoFromInstallationForAuthenticatedUser(addition);
  expect(await visible()).toEqual(['gitops']);
  await sandbox.idle();
  const told = hooks.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(told).toMatchObject([
    { action: 'added', repository_selection: 'selected', repositories_added: [{ name: 'second' }] },
    { action: 'removed', repositories_removed: [{ name: 'second' }], sender: { login: 'olga' } },
  ]);
});

test('an App that is taken off an account is told, and its token is void', async () => {
  const { sandbox, hooks } = team;
  const leaving = sandbox.addApp({
    slug: 'leaving',
    permissions: { contents: 'read' },
    events: [],
    webhookUrl: hooks.url,
    webhookSecret: 'only between the two of us',
  });
  const { id } = sandbox.install(leaving.id, 'acme');
  const app = octokitForApp(sandbox, leaving);
  const { data } = await app.apps.createInstallationAccessToken({ installation_id: id });
  const bot = octokitForToken(sandbox, data.token);
  expect((await bot.repos.get(HERE)).status).toBe(200);
  await app.apps.deleteInstallation({ installation_id: id });
  expect((await refusal(bot.repos.get(HERE))).status).toBe(401);
  expect((await refusal(app.apps.getRepoInstallation(HERE))).status).toBe(404);
  expect((await arrived('installation')).map((payload) => payload.action)).toEqual(['created', 'deleted']);
});
