import { Octokit } from '@octokit/rest';
import { commitFile, HERE, propose, type Team } from './collaboration-world.ts';
import { octokitForToken } from './core-clients.ts';
import { graphProblem, listen, ruleset, startProtectedTeam, unprotect } from './protection-world.ts';

let team: Team;
beforeAll(async () => {
  team = await startProtectedTeam();
});
afterAll(() => team.stop());

test('a query gives what it names: aliases, fragments before and after, variables with defaults', async () => {
  const { alice } = team.as;
  const pull = await propose(alice, {
    branch: 'graph',
    path: 'graph.txt',
    content: 'graph\n',
    title: 'A "title"',
  });
  const answer = await alice.graphql(
    `# what stands where
    query Ask($owner: String!, $repo: String = "gitops", $number: Int!) {
      here: repository(owner: $owner, name: $repo) {
        nameWithOwner
        pullRequest(number: $number) { ...Standing ... on PullRequest { title author { login __typename } } }
      }
      viewer { login }
    }
    fragment Standing on PullRequest { id number state mergeable mergeStateStatus isInMergeQueue mergeQueueEntry { id } }`,
    { owner: 'acme', number: pull.number },
  );
  expect(answer).toEqual({
    here: {
      nameWithOwner: 'acme/gitops',
      pullRequest: {
        id: pull.node_id,
        number: pull.number,
        state: 'OPEN',
        mergeable: 'MERGEABLE',
        mergeStateStatus: 'CLEAN',
        isInMergeQueue: false,
        mergeQueueEntry: null,
        title: 'A "title"',
        author: { login: 'alice', __typename: 'User' },
      },
    },
    viewer: { login: 'alice' },
  });
  const node = await alice.graphql('query($id: ID!) { node(id: $id) { ... on PullRequest { number } } }', {
    id: pull.node_id,
  });
  expect(node).toEqual({ node: { number: pull.number } });
});

test('it is also where GitHub Enterprise has it, beside REST under /api/v3', async () => {
  const [token = ''] = team.sandbox.state.users.get('bob')?.tokens ?? [];
  const client = new Octokit({ baseUrl: `${team.sandbox.url}/api/v3`, auth: token });
  expect(await client.graphql('{ viewer { login } }')).toEqual({ viewer: { login: 'bob' } });
});

test('what it does not know, cannot read or may not show is an error that says so', async () => {
  const { alice, carol } = team.as;
  expect(await graphProblem(alice.graphql('{ viewer { shoeSize } }'))).toBe(
    "Field 'shoeSize' doesn't exist on type 'User'",
  );
  expect(await graphProblem(alice.graphql('{ everything }'))).toBe(
    "Field 'everything' doesn't exist on type 'Query'",
  );
  expect(await graphProblem(alice.graphql('{ viewer { login '))).toBe('Unexpected end of document');
  expect(await graphProblem(alice.graphql('{ viewer { ...Missing } }'))).toContain('Missing');
  await team.sandbox.addRepository({
    owner: 'acme',
    name: 'secret',
    private: true,
    files: { 'a.txt': 'a\n' },
  });
  const secret = '{ repository(owner: "acme", name: "secret") { id } }';
  expect(await graphProblem(carol.graphql(secret))).toBe(
    "Could not resolve to a Repository with the name 'acme/secret'.",
  );
  const nobody = octokitForToken(team.sandbox);
  await expect(nobody.graphql('{ viewer { login } }')).rejects.toMatchObject({ status: 401 });
});

test('a document with a mistake anywhere is refused before anything of it is done', async () => {
  const { alice } = team.as;
  const pull = await propose(alice, { branch: 'untouched', path: 'untouched.txt', content: 'u\n' });
  const draft = (payload: string) => `mutation($id: ID!) {
    convertPullRequestToDraft(input: {pullRequestId: $id}) { ${payload} } }`;
  expect(await graphProblem(alice.graphql(draft('pullRequest { shoeSize }'), { id: pull.node_id }))).toBe(
    "Field 'shoeSize' doesn't exist on type 'PullRequest'",
  );
  await expect(alice.graphql(draft('clientMutationId'), {})).rejects.toThrow('$id');
  const unknownInput = 'mutation { convertPullRequestToDraft(input: {pull: "1"}) { clientMutationId } }';
  await expect(alice.graphql(unknownInput)).rejects.toThrow('pullRequestId');
  expect((await alice.pulls.get({ ...HERE, pull_number: pull.number })).data.draft).toBe(false);
});

const UPDATE = `mutation($repositoryId: ID!, $refUpdates: [RefUpdate!]!) {
  updateRefs(input: {repositoryId: $repositoryId, refUpdates: $refUpdates}) { clientMutationId } }`;
const NOWHERE = '0'.repeat(40);

/** Moves refs as a lease: each only from where it is said to be. */
async function moveRefs(
  who: Octokit,
  ...updates: { name: string; beforeOid?: string; afterOid: string; force?: boolean }[]
): Promise<void> {
  const { data } = await who.repos.get(HERE);
  const refUpdates = updates.map((update) => ({ ...update, name: `refs/heads/${update.name}` }));
  await who.graphql(UPDATE, { repositoryId: data.node_id, refUpdates });
}

async function tips(prefix: string): Promise<Record<string, string>> {
  const { data } = await team.as.alice.git.listMatchingRefs({ ...HERE, ref: `heads/${prefix}` });
  return Object.fromEntries(data.map(({ ref, object }) => [ref.replace('refs/heads/', ''), object.sha]));
}

test('refs are made, moved and deleted together, each only from where it is said to be', async () => {
  const { alice, bot, carol } = team.as;
  const one = await commitFile(alice, { branch: 'lease/a', path: 'a.txt', content: '1\n' });
  const two = await commitFile(alice, { branch: 'lease/a', path: 'a.txt', content: '2\n' });
  await moveRefs(bot, { name: 'lease/b', beforeOid: NOWHERE, afterOid: one });
  expect(await tips('lease/')).toEqual({ 'lease/a': two, 'lease/b': one });

  const moved = { name: 'lease/b', beforeOid: one, afterOid: two };
  const stale = { name: 'lease/a', beforeOid: one, afterOid: NOWHERE };
  expect(await graphProblem(moveRefs(bot, moved, stale))).toContain(`refs/heads/lease/a is at ${two}`);
  const taken = { name: 'lease/a', beforeOid: NOWHERE, afterOid: two };
  expect(await graphProblem(moveRefs(bot, moved, taken))).toContain(`refs/heads/lease/a is at ${two}`);
  const back = { name: 'lease/a', beforeOid: two, afterOid: one };
  expect(await graphProblem(moveRefs(bot, moved, back))).toBe('Update is not a fast forward');
  expect(await graphProblem(moveRefs(carol, moved))).toContain('write access');
  expect(await tips('lease/')).toEqual({ 'lease/a': two, 'lease/b': one });

  const heard = await listen(team);
  const created = { name: 'lease/c', afterOid: one };
  await moveRefs(bot, { ...back, force: true }, moved, created);
  expect(await tips('lease/')).toEqual({ 'lease/a': one, 'lease/b': two, 'lease/c': one });
  expect((await heard('push')).map(({ payload }) => [payload.ref, payload.forced])).toEqual([
    ['refs/heads/lease/a', true],
    ['refs/heads/lease/b', false],
    ['refs/heads/lease/c', false],
  ]);
  const gone = ['a', 'b', 'c'].map((name) => ({ name: `lease/${name}`, afterOid: NOWHERE }));
  await moveRefs(bot, ...gone);
  expect(await tips('lease/')).toEqual({});
});

test('refs that are moved together are protected as all others are', async () => {
  const { alice, bot } = team.as;
  const made = await commitFile(alice, { branch: 'around', path: 'around.txt', content: '1\n' });
  const before = await tips('main');
  await ruleset(team, [{ type: 'update' }]);
  const moves = [
    { name: 'beside', afterOid: made },
    { name: 'main', afterOid: made },
  ];
  expect(await graphProblem(moveRefs(bot, ...moves))).toContain('Cannot update this protected ref');
  unprotect(team);
  expect({ ...(await tips('main')), ...(await tips('beside')) }).toEqual(before);
  await moveRefs(bot, ...moves);
  expect(await tips('main')).toEqual({ main: made });
});

test('a pull request is turned into a draft by who can write, and by nobody else', async () => {
  const { alice, bot, carol } = team.as;
  const pull = await propose(alice, { branch: 'drafted', path: 'drafted.txt', content: 'd\n' });
  const draft = `mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id, clientMutationId: "7"}) {
    clientMutationId pullRequest { isDraft } } }`;
  expect(await graphProblem(carol.graphql(draft, { id: pull.node_id }))).toContain('write access');
  expect(await bot.graphql(draft, { id: pull.node_id })).toEqual({
    convertPullRequestToDraft: { clientMutationId: '7', pullRequest: { isDraft: true } },
  });
  expect((await alice.pulls.get({ ...HERE, pull_number: pull.number })).data.draft).toBe(true);
});

test("closed pull requests are found by their branch, a fork's too, the newest first", async () => {
  const { alice, carol } = team.as;
  const numbers: number[] = [];
  for (const content of ['1\n', '2\n', '3\n']) {
    const pull = await propose(alice, { branch: 'ended', path: 'ended.txt', content });
    await alice.pulls.update({ ...HERE, pull_number: pull.number, state: 'closed' });
    numbers.push(pull.number);
  }
  await carol.repos.createFork(HERE);
  const { data: theirs } = await carol.pulls.create({
    ...HERE,
    title: 'T',
    head: 'carol:ended',
    base: 'main',
  });
  await carol.pulls.update({ ...HERE, pull_number: theirs.number, state: 'closed' });
  const ask = (first: string) =>
    alice.graphql(`{ repository(owner: "acme", name: "gitops") {
      pullRequests(${first} headRefName: "ended", states: [CLOSED, MERGED], orderBy: {field: CREATED_AT, direction: DESC}) {
        totalCount pageInfo { hasNextPage } nodes { number isCrossRepository labels(first: 9) { nodes { name } } }
      } } }`);
  const shown = (number: number, isCrossRepository: boolean) => ({
    number,
    isCrossRepository,
    labels: { nodes: [] },
  });
  expect(await ask('first: 2,')).toEqual({
    repository: {
      pullRequests: {
        totalCount: 4,
        pageInfo: { hasNextPage: true },
        nodes: [shown(theirs.number, true), shown(numbers[2]!, false)],
      },
    },
  });
  expect(await graphProblem(ask(''))).toContain('first');
});
