import { HERE, received, startTeam, type Team } from './collaboration-world.ts';
import { refusal } from './core-clients.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
  team.sluice.events.push('label');
});
afterAll(() => team.stop());
beforeEach(async () => {
  await team.sandbox.idle();
  team.hooks.received.length = 0;
});

async function names(kind: RegExp) {
  const all = await received(team.sandbox, team.hooks);
  return all.map(({ event, payload }) => `${event}.${payload.action}`).filter((name) => kind.test(name));
}

async function open(title: string) {
  const { data } = await team.as.alice.issues.create({ ...HERE, title });
  return { ...data, at: { ...HERE, issue_number: data.number } };
}

test('at most three issues are pinned, over GraphQL alone', async () => {
  const { alice, carol } = team.as;
  const issues = [await open('1'), await open('2'), await open('3'), await open('4')];
  const pin = 'mutation($id: ID!) { pinIssue(input: {issueId: $id}) { issue { number isPinned } } }';
  const unpin = 'mutation($id: ID!) { unpinIssue(input: {issueId: $id}) { issue { isPinned } } }';
  const [first, , , fourth] = issues;
  await expect(carol.graphql(pin, { id: first?.node_id })).rejects.toThrow();
  for (const { node_id: id, number } of issues.slice(0, 3))
    expect(await alice.graphql(pin, { id })).toEqual({ pinIssue: { issue: { number, isPinned: true } } });
  await expect(alice.graphql(pin, { id: fourth?.node_id })).rejects.toThrow('Maximum 3 pinned issues');
  await alice.graphql(unpin, { id: first?.node_id });
  await alice.graphql(pin, { id: fourth?.node_id });
  const query =
    '{ repository(owner: "acme", name: "gitops") { pinnedIssues { nodes { issue { title } } } } }';
  expect(await alice.graphql(query)).toEqual({
    repository: { pinnedIssues: { nodes: ['2', '3', '4'].map((title) => ({ issue: { title } })) } },
  });
  expect(await names(/pinned/)).toEqual([
    ...['issues.pinned', 'issues.pinned', 'issues.pinned', 'issues.unpinned', 'issues.pinned'],
  ]);
});

test('a locked conversation is for those with write access', async () => {
  const { alice, carol } = team.as;
  const { at } = await open('Heated');
  expect((await refusal(carol.issues.lock(at))).status).toBe(403);
  await alice.issues.lock({ ...at, lock_reason: 'too heated' });
  expect((await alice.issues.get(at)).data).toMatchObject({ locked: true, active_lock_reason: 'too heated' });
  expect(await refusal(carol.issues.createComment({ ...at, body: 'but' }))).toEqual({
    status: 403,
    message: 'Unable to create comment because issue is locked.',
  });
  expect((await alice.issues.createComment({ ...at, body: 'Enough.' })).status).toBe(201);
  await alice.issues.unlock(at);
  expect((await carol.issues.createComment({ ...at, body: 'Sorry.' })).status).toBe(201);
  expect(await names(/lock/)).toEqual(['issues.locked', 'issues.unlocked']);
});

test('one reacts once with each sign, and takes it back alone', async () => {
  const { alice, bob } = team.as;
  const { at } = await open('Liked');
  const { data: mine } = await alice.reactions.createForIssue({ ...at, content: 'heart' });
  expect((await alice.reactions.createForIssue({ ...at, content: 'heart' })).status).toBe(200);
  await bob.reactions.createForIssue({ ...at, content: 'heart' });
  expect((await alice.issues.get(at)).data.reactions).toMatchObject({ heart: 2, total_count: 2 });
  const removal = { ...at, reaction_id: mine.id };
  expect((await refusal(bob.reactions.deleteForIssue(removal))).status).toBe(403);
  await alice.reactions.deleteForIssue(removal);
  expect((await alice.reactions.listForIssue(at)).data.map((one) => one.user?.login)).toEqual(['bob']);
  const { data: comment } = await alice.issues.createComment({ ...at, body: 'Thanks' });
  const onComment = { ...HERE, comment_id: comment.id };
  const { data: rocket } = await bob.reactions.createForIssueComment({ ...onComment, content: 'rocket' });
  await bob.reactions.deleteForIssueComment({ ...onComment, reaction_id: rocket.id });
  expect((await bob.reactions.listForIssueComment(onComment)).data).toEqual([]);
});

test('labels are renamed wherever they are, and gone wherever they were', async () => {
  const { alice, carol } = team.as;
  const { at } = await open('Labelled');
  await alice.issues.createLabel({ ...HERE, name: 'hold', color: 'ff0000' });
  await alice.issues.createLabel({ ...HERE, name: 'other' });
  await alice.issues.setLabels({ ...at, labels: ['hold', 'other'] });
  const rename = { ...HERE, name: 'hold', new_name: 'on hold', description: 'Do not promote' };
  expect((await refusal(carol.issues.updateLabel(rename))).status).toBe(403);
  expect((await refusal(alice.issues.updateLabel({ ...rename, new_name: 'Other' }))).status).toBe(422);
  await alice.issues.updateLabel(rename);
  const now = async () => (await alice.issues.listLabelsOnIssue(at)).data.map((one) => one.name);
  expect(await now()).toEqual(['on hold', 'other']);
  await alice.issues.deleteLabel({ ...HERE, name: 'on hold' });
  expect(await now()).toEqual(['other']);
  expect((await refusal(alice.issues.getLabel({ ...HERE, name: 'on hold' }))).status).toBe(404);
  await alice.issues.removeAllLabels(at);
  expect(await now()).toEqual([]);
  const changes = await names(/^label/);
  expect(changes).toEqual(['label.created', 'label.created', 'label.edited', 'label.deleted']);
});

test('who may not see the repository is not assigned, and the history tells the rest', async () => {
  const { alice, carol } = team.as;
  const { at } = await open('Assigned');
  const added = await alice.issues.addAssignees({ ...at, assignees: ['bob', 'carol'] });
  expect(added.data.assignees?.map((one) => one.login)).toEqual(['bob']);
  expect((await carol.issues.addAssignees({ ...at, assignees: ['dave'] })).data.assignees).toHaveLength(1);
  expect((await refusal(alice.issues.checkUserCanBeAssigned({ ...HERE, assignee: 'carol' }))).status).toBe(
    404,
  );
  await alice.issues.removeAssignees({ ...at, assignees: ['bob'] });
  await alice.issues.createComment({ ...at, body: 'Nobody, then' });
  await alice.issues.update({ ...at, title: 'Unassigned' });
  await alice.issues.addLabels({ ...at, labels: ['idle'] });
  await alice.issues.update({ ...at, state: 'closed' });
  expect(await names(/assigned/)).toEqual(['issues.assigned', 'issues.unassigned']);
  const events = (await alice.issues.listEvents(at)).data;
  expect(events.map((one) => one.event)).toEqual(['assigned', 'unassigned', 'renamed', 'labeled', 'closed']);
  const timeline = (await alice.issues.listEventsForTimeline(at)).data;
  expect(timeline.map((one) => one.event)).toEqual([
    ...['assigned', 'unassigned', 'commented', 'renamed', 'labeled', 'closed'],
  ]);
});
