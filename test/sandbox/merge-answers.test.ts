import { commitFile, HERE, propose, type Team } from './collaboration-world.ts';
import { refusal } from './core-clients.ts';
import { startProtectedTeam } from './protection-world.ts';

let team: Team;
beforeAll(async () => {
  team = await startProtectedTeam();
});
afterAll(() => team.stop());

const at = (pull: { number: number }) => ({ ...HERE, pull_number: pull.number });
const change = (branch: string, title?: string) =>
  propose(team.as.alice, { branch, path: `${branch}.txt`, content: `${branch}\n`, title });

/** What the commit of a merge says, and who made it. */
async function commitOf(sha: string) {
  const { data } = await team.as.bob.repos.getCommit({ ...HERE, ref: sha });
  const { message, verification } = data.commit;
  const people = [data.author?.login, data.committer?.login];
  return { message, people, verified: verification?.verified, reason: verification?.reason };
}

test('each method has the author, the committer and the signature that GitHub gives it', async () => {
  const { bob, bot } = team.as;
  const merged = await bob.pulls.merge(at(await change('by-merge')));
  expect(await commitOf(merged.data.sha)).toMatchObject({ people: ['bob', 'web-flow'], verified: true });
  const squashed = await bob.pulls.merge({ ...at(await change('by-squash')), merge_method: 'squash' });
  expect(await commitOf(squashed.data.sha)).toMatchObject({ people: ['alice', 'web-flow'], verified: true });
  const rebased = await bob.pulls.merge({ ...at(await change('by-rebase')), merge_method: 'rebase' });
  expect(await commitOf(rebased.data.sha)).toMatchObject({
    people: ['alice', 'bob'],
    verified: false,
    reason: 'unsigned',
  });
  const byApp = await bot.pulls.merge(at(await change('by-app')));
  expect(await commitOf(byApp.data.sha)).toMatchObject({
    people: ['sluice[bot]', 'web-flow'],
    verified: true,
  });
});

test('the message is what was asked for, else what the settings of the repository say', async () => {
  const { alice, bob, root } = team.as;
  const asked = { commit_title: 'Ship it', commit_message: 'Because.' };
  for (const merge_method of ['merge', 'squash'] as const) {
    const { data } = await bob.pulls.merge({
      ...at(await change(`asked-${merge_method}`)),
      merge_method,
      ...asked,
    });
    expect((await commitOf(data.sha)).message).toBe('Ship it\n\nBecause.');
  }
  await commitFile(alice, { branch: 'several', path: 'first.txt', content: '1\n' });
  const several = await change('several', 'Several things');
  const { data: default_ } = await bob.pulls.merge({ ...at(several), merge_method: 'squash' });
  expect((await commitOf(default_.sha)).message).toBe(
    `Several things (#${several.number})\n\n* Change first.txt\n\n* Change several.txt`,
  );
  const { data: settings } = await root.repos.update({
    ...HERE,
    squash_merge_commit_title: 'PR_TITLE',
    squash_merge_commit_message: 'PR_BODY',
    merge_commit_title: 'PR_TITLE',
    merge_commit_message: 'BLANK',
  });
  expect(settings.squash_merge_commit_title).toBe('PR_TITLE');
  const squash = await change('settings-squash', 'The title');
  await alice.pulls.update({ ...at(squash), body: 'The body' });
  const { data: one } = await bob.pulls.merge({ ...at(squash), merge_method: 'squash' });
  expect((await commitOf(one.sha)).message).toBe(`The title (#${squash.number})\n\nThe body`);
  const merge = await change('settings-merge', 'Its title');
  const { data: two } = await bob.pulls.merge(at(merge));
  expect((await commitOf(two.sha)).message).toBe(`Its title (#${merge.number})`);
});

test('the settings of a repository say which methods there are, and one must be', async () => {
  const { alice, bob, root } = team.as;
  const pull = await change('methods');
  const only = { allow_merge_commit: false, allow_rebase_merge: false };
  await root.repos.update({ ...HERE, ...only });
  const refusals = { merge: 'Merge commits', rebase: 'Rebase merges' };
  for (const [merge_method, name] of Object.entries(refusals) as ['merge' | 'rebase', string][])
    expect(await refusal(bob.pulls.merge({ ...at(pull), merge_method }))).toEqual({
      status: 405,
      message: `${name} are not allowed on this repository.`,
    });
  expect((await refusal(root.repos.update({ ...HERE, ...only, allow_squash_merge: false }))).status).toBe(
    422,
  );
  expect((await refusal(alice.repos.update({ ...HERE, allow_merge_commit: true }))).status).toBe(403);
  await bob.pulls.merge({ ...at(pull), merge_method: 'squash' });
  await root.repos.update({ ...HERE, allow_merge_commit: true, allow_rebase_merge: true });
});

test('what is closed, merged or not there is not merged, and an old head is a conflict', async () => {
  const { alice, bob } = team.as;
  const pull = await change('answers');
  expect((await refusal(bob.pulls.checkIfMerged(at(pull)))).status).toBe(404);
  expect(await refusal(bob.pulls.merge({ ...at(pull), sha: pull.base.sha }))).toEqual({
    status: 409,
    message: 'Head branch was modified. Review and try the merge again.',
  });
  await alice.pulls.update({ ...at(pull), state: 'closed' });
  const notMergeable = { status: 405, message: 'Pull Request is not mergeable' };
  expect(await refusal(bob.pulls.merge(at(pull)))).toEqual(notMergeable);
  await alice.pulls.update({ ...at(pull), state: 'open' });
  expect((await bob.pulls.merge({ ...at(pull), sha: pull.head.sha })).data.merged).toBe(true);
  expect((await bob.pulls.checkIfMerged(at(pull))).status).toBe(204);
  expect(await refusal(bob.pulls.merge(at(pull)))).toEqual(notMergeable);
  expect((await refusal(bob.pulls.merge({ ...HERE, pull_number: 9999 }))).status).toBe(404);
});
