import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commitFile, HERE, propose, startTeam, type Team } from './collaboration-world.ts';
import { pathOf, visitorOf } from './pages-visitor.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterAll(() => team.stop());

const visitor = (login?: string) => visitorOf(team.sandbox, login);

test('a comment goes out as the person who was chosen, and is shown as Markdown', async () => {
  const pull = await propose(team.as.alice, { branch: 'comment', path: 'a.txt', content: 'a\n' });
  const answer = await visitor('bob').send(pathOf(pull), { do: 'comment', body: '**Good** so far' });
  expect(answer.status).toBe(303);
  const { data } = await team.as.alice.issues.listComments({ ...HERE, issue_number: pull.number });
  expect(data).toMatchObject([{ user: { login: 'bob' }, body: '**Good** so far' }]);
  expect(answer.headers.get('location')).toBe(`${pathOf(pull)}#issuecomment-${data[0]?.id}`);
  expect((await visitor().open(pathOf(pull))).text).toContain('<strong>Good</strong> so far');
});

test('what GitHub refuses is refused with its words, and the text that was written stays', async () => {
  const pull = await propose(team.as.alice, { branch: 'own', path: 'own.txt', content: 'a\n' });
  const own = await visitor('alice').send(pathOf(pull), {
    do: 'approve',
    body: 'My <own> work',
    sha: pull.head.sha,
  });
  expect(own.status).toBe(422);
  expect(own.text).toContain('Can not approve your own pull request');
  expect(own.text).toContain('My &lt;own&gt; work</textarea>');
  const stranger = await visitor('carol').send(pathOf(pull), { do: 'squash', sha: pull.head.sha });
  expect(stranger.status).toBe(403);
  expect(stranger.text).toContain('Must have write access to Repository.');
  const nobody = await visitor().send(pathOf(pull), { do: 'comment', body: 'hello' });
  expect(nobody.status).toBe(401);
});

test('only the head that was looked at is merged', async () => {
  const pull = await propose(team.as.alice, { branch: 'moves', path: 'm.txt', content: 'a\n' });
  await commitFile(team.as.alice, { branch: 'moves', path: 'm.txt', content: 'unseen\n' });
  const answer = await visitor('bob').send(pathOf(pull), { do: 'merge', sha: pull.head.sha });
  expect(answer.status).toBe(409);
  expect(answer.text).toContain('Head branch was modified. Review and try the merge again.');
});

test('protection stands in the way of the page and says why', async () => {
  await team.as.root.repos.updateBranchProtection({
    ...HERE,
    branch: 'main',
    required_status_checks: { strict: false, contexts: ['sluice/gates'] },
    enforce_admins: true,
    required_pull_request_reviews: { required_approving_review_count: 1 },
    restrictions: null,
  });
  const pull = await propose(team.as.alice, { branch: 'guarded', path: 'g.txt', content: 'a\n' });
  const reason = 'Required status check &quot;sluice/gates&quot; is expected.';
  expect((await visitor('bob').open(pathOf(pull))).text).toContain(reason);
  const answer = await visitor('bob').send(pathOf(pull), { do: 'squash', sha: pull.head.sha });
  expect(answer.status).toBe(405);
  expect(answer.text).toContain(reason);
  await team.as.root.repos.deleteBranchProtection({ ...HERE, branch: 'main' });
});

test('pull requests and issues close and open again', async () => {
  const pull = await propose(team.as.alice, { branch: 'shut', path: 's.txt', content: 'a\n' });
  const { data: issue } = await team.as.alice.issues.create({ ...HERE, title: 'A thing' });
  for (const [path, number] of [
    [pathOf(pull), pull.number],
    [pathOf(issue), issue.number],
  ] as const) {
    const state = async () => (await team.as.bob.issues.get({ ...HERE, issue_number: number })).data.state;
    await visitor('alice').send(path, { do: 'close' });
    expect(await state()).toBe('closed');
    await visitor('alice').send(path, { do: 'reopen' });
    expect(await state()).toBe('open');
  }
});

test('a form of another site does nothing', async () => {
  const pull = await propose(team.as.alice, { branch: 'foreign', path: 'f.txt', content: 'a\n' });
  const bob = visitor('bob');
  const sent = { do: 'comment', body: 'not from here' };
  const elsewhere: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: team.sandbox.url.replace(/\d+$/, '1'), 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of elsewhere) expect((await bob.send(pathOf(pull), sent, headers)).status).toBe(403);
  const { data } = await team.as.alice.issues.listComments({ ...HERE, issue_number: pull.number });
  expect(data).toEqual([]);
  const away = await bob.send('/-/person', { person: 'alice', back: '/.//evil.example/' });
  expect(away.headers.get('location')).toBe('/');
});

test('a name that only leads here is not answered', async () => {
  const answer = await team.sandbox.fetch('http://evil.example/acme/gitops');
  expect(answer.status).toBe(421);
  expect(await answer.text()).not.toContain('Open pull requests');
});

test('a private repository and its webhooks are shown only to people who may read it', async () => {
  await team.sandbox.addRepository({
    owner: 'acme',
    name: 'vault',
    private: true,
    files: { 'plan.md': 'hush\n' },
    collaborators: { bob: 'read' },
  });
  const { data: issue } = await team.as.root.issues.create({ ...HERE, title: 'seen by all' });
  await team.sandbox.idle();
  const shows = async (login: string | undefined, path: string, text: string) =>
    (await visitor(login).open(path)).text.includes(text);
  for (const [login, may] of [
    ['bob', true],
    ['carol', false],
    [undefined, false],
  ] as const) {
    expect((await visitor(login).open('/acme/vault')).status).toBe(may ? 200 : 404);
    expect(await shows(login, '/', 'acme/vault')).toBe(may);
    expect(await shows(login, '/-/deliveries', 'issues.opened')).toBe(true);
  }
  const added = team.sandbox.deliveries.find((one) => one.action === 'added');
  expect(added && JSON.stringify(added.payload)).toContain('acme/vault');
  expect((await visitor('bob').open(`/-/deliveries/${added?.id}`)).status).toBe(200);
  expect((await visitor('carol').open(`/-/deliveries/${added?.id}`)).status).toBe(404);
  expect((await visitor('carol').open(pathOf(issue))).status).toBe(200);
});

test('a webhook of the log is sent again with the id that it had', async () => {
  await team.as.alice.issues.create({ ...HERE, title: 'for the log' });
  await team.sandbox.idle();
  const first = team.sandbox.deliveries.at(-1);
  const path = `/-/deliveries/${first?.id}/attempts`;
  expect((await visitor().send(path, {})).status).toBe(401);
  expect((await visitor('alice').send(path, {})).status).toBe(303);
  await team.sandbox.idle();
  expect(team.sandbox.deliveries.at(-1)).toMatchObject({ guid: first?.guid, redelivery: true });
  expect((await visitor('alice').open('/-/deliveries')).text).toContain('(redelivery)');
});

test('a button of a check run asks its App, for people who may write', async () => {
  const pull = await propose(team.as.alice, { branch: 'button', path: 'b.txt', content: 'a\n' });
  const { data: run } = await team.as.bot.checks.create({
    ...HERE,
    name: 'sluice/gates',
    head_sha: pull.head.sha,
    details_url: 'https://example.org/run',
    output: { title: 'Waiting', summary: '| gate | result |\n| --- | --- |\n| soak | **waiting** |' },
    actions: [{ label: 'Look again', description: 'Evaluates the gates now', identifier: 'again' }],
  });
  expect((await visitor('bob').open(pathOf(pull))).text).not.toContain('>Look again</button>');
  await team.as.bot.checks.update({ ...HERE, check_run_id: run.id, conclusion: 'failure' });
  const page = await visitor('bob').open(pathOf(pull));
  expect(page.text).toContain('<td><strong>waiting</strong></td>');
  expect(page.text).toContain('>Look again</button>');
  const press = (login: string) =>
    visitor(login).send(`/acme/gitops/check-runs/${run.id}/actions`, {
      identifier: 'again',
      back: pathOf(pull),
    });
  expect((await press('carol')).status).toBe(403);
  expect((await press('bob')).headers.get('location')).toBe(pathOf(pull));
  await team.sandbox.idle();
  const last = team.sandbox.deliveries.at(-1);
  expect(last).toMatchObject({ event: 'check_run', action: 'requested_action' });
  expect(last?.payload).toMatchObject({
    requested_action: { identifier: 'again' },
    sender: { login: 'bob' },
  });
});
