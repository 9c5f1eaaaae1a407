import pino from 'pino';
import { makeObjectCache } from '../../src/github/cache.ts';
import type { Client } from '../../src/github/client.ts';
import { makeClosedReader } from '../../src/github/read-closed-pulls.ts';
import { makeCollaborationReader } from '../../src/github/read-collaboration.ts';
import { commitFile, HERE, startTeam, type Team } from '../sandbox/collaboration-world.ts';
import { octokitForToken } from '../sandbox/core-clients.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterEach(() => team.sandbox.faults.clear());
afterAll(() => team.stop());

const BRANCHES = ['sluice/a/prod', 'sluice/b/prod', 'sluice/c/prod'];

/** What the App reads of closed pull requests, one by one and all together. */
function readers() {
  const client = team.as.bot as unknown as Client;
  const identity = { id: team.sluice.id, botLogin: 'sluice[bot]' };
  const context = { client, identity, owner: 'acme', name: 'gitops', cache: makeObjectCache() };
  const whole = { ...context, defaultBranch: 'main', onDefaultBranch: () => {} };
  const { listClosedPulls } = makeCollaborationReader(whole);
  return {
    together: makeClosedReader(whole, listClosedPulls, pino({ level: 'silent' })),
    oneByOne: async () =>
      new Map(
        await Promise.all(BRANCHES.map(async (each) => [each, await listClosedPulls(each, 10)] as const)),
      ),
  };
}

type Person = Team['as']['alice'];

async function openAndEnd(who: Person, branch: string, end: 'close' | 'merge', body = '') {
  await commitFile(team.as.alice, { branch, path: `${branch}.txt`, content: `${Math.random()}\n` });
  const { data } = await who.pulls.create({ ...HERE, title: branch, body, head: branch, base: 'main' });
  await who.issues.addLabels({ ...HERE, issue_number: data.number, labels: ['promotion'] });
  const at = { ...HERE, pull_number: data.number };
  if (end === 'merge') await team.as.alice.pulls.merge(at);
  else await team.as.alice.pulls.update({ ...at, state: 'closed' });
}

const queries = (from: number) =>
  team.sandbox.calls.slice(from).map(({ method, path }) => `${method} ${path.split('?')[0]}`);

test('several branches take one query, which tells what one request for each does', async () => {
  const { bot, alice, root } = team.as;
  const sluice = octokitForToken(team.sandbox, team.sandbox.addUser('sluice').token);
  await root.repos.addCollaborator({ ...HERE, username: 'sluice', permission: 'push' });
  await openAndEnd(bot, BRANCHES[0]!, 'close', 'what "it" says\n');
  await openAndEnd(bot, BRANCHES[0]!, 'merge');
  // A person may be called as the App's bot is in GraphQL.
  await openAndEnd(sluice, BRANCHES[1]!, 'close');
  await openAndEnd(alice, BRANCHES[1]!, 'close');
  const { together, oneByOne } = readers();
  const expected = await oneByOne();
  const before = team.sandbox.calls.length;
  const found = await together(BRANCHES);
  expect(queries(before)).toEqual(['POST /graphql']);
  // The commit that would merge it, which REST shows of one that never was merged, is nobody's concern.
  const plain = (pulls: ReadonlyMap<string, { isMerged: boolean; mergeCommitSha: string | null }[]>) =>
    [...pulls].map(([branch, list]) => [
      branch,
      list.map((pull) => ({ ...pull, mergeCommitSha: pull.isMerged ? pull.mergeCommitSha : null })),
    ]);
  expect(plain(found)).toEqual(plain(expected));
  const isOurs = [...found].map(([, pulls]) => pulls.map(({ isSluices }) => isSluices));
  expect(isOurs).toEqual([[true, true], [false, false], []]);
});

test('those of forks hide none of the repository', async () => {
  const { carol } = team.as;
  await openAndEnd(team.as.bot, BRANCHES[2]!, 'close');
  await carol.repos.createFork(HERE);
  for (let count = 0; count < 11; count++) {
    const path = 'theirs.txt';
    await commitFile(carol, { owner: 'carol', branch: BRANCHES[2]!, path, content: `${count}\n` });
    const head = `carol:${BRANCHES[2]}`;
    const { data } = await carol.pulls.create({ ...HERE, title: 'T', head, base: 'main' });
    await carol.pulls.update({ ...HERE, pull_number: data.number, state: 'closed' });
  }
  const { together, oneByOne } = readers();
  const found = await together(BRANCHES);
  expect(found.get(BRANCHES[2]!)).toHaveLength(1);
  expect(found.get(BRANCHES[2]!)).toEqual((await oneByOne()).get(BRANCHES[2]!));
});

test.each([
  ['GraphQL is away', { status: 502, body: 'Bad Gateway' }],
  ['GraphQL answers with a mistake', { status: 200, body: { data: null, errors: [{ message: 'x' }] } }],
  ['GraphQL leaves something out', { status: 200, body: { data: { repository: {} } } }],
])('where %s, each branch is asked for by itself', async (_what, { status, body }) => {
  const { together, oneByOne } = readers();
  const expected = await oneByOne();
  const answer = { kind: 'answer', status, body, headers: { 'content-type': 'application/json' } } as const;
  team.sandbox.faults.add({ call: { method: 'POST', path: /graphql/ }, effect: answer });
  const before = team.sandbox.calls.length;
  expect(await together(BRANCHES)).toEqual(expected);
  expect(queries(before)).toEqual(['POST /graphql', ...BRANCHES.map(() => 'GET /repos/acme/gitops/pulls')]);
});

test('where GitHub asks to be left alone, nothing else is asked', async () => {
  const body = { message: 'You have exceeded a secondary rate limit' };
  const effect = { kind: 'answer', status: 403, body, headers: { 'retry-after': '60' } } as const;
  team.sandbox.faults.add({ call: { method: 'POST', path: /graphql/ }, effect });
  const before = team.sandbox.calls.length;
  await expect(readers().together(BRANCHES)).rejects.toMatchObject({ status: 403 });
  expect(queries(before)).toEqual(['POST /graphql']);
});
