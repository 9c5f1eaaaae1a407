import { known } from '../../../src/domain/gates/gate.ts';
import { readPushers } from '../../../src/promotion/observe/observe-pushers.ts';
import type { Commit } from '../../../src/promotion/ports/git.ts';
import { openWith, sha } from '../support.ts';

const MESSAGE = 'Promote';

/** A head of Sluice on a merge that the button made, on Sluice's first head. */
function updated() {
  const open = openWith(MESSAGE, '', null);
  const merge: Commit = {
    ...open.head,
    sha: sha('merge'),
    isSluices: false,
    authorLogin: 'somebody-else',
    committerLogin: 'web-flow',
    parents: [sha('first'), sha('base')],
  };
  const first: Commit = { ...open.head, sha: sha('first'), parents: [sha('base')] };
  const commits = new Map([merge, first].map((commit) => [commit.sha, commit]));
  const promotion = { ...open, head: { ...open.head, parents: [merge.sha, sha('base')] } };
  return { promotion, merge, readCommit: async (wanted: string) => commits.get(wanted)! };
}

function asked(answer: string | null) {
  const questions: [string, string][] = [];
  const readPusher = async (branch: string, head: string) => {
    questions.push([branch, head]);
    return answer;
  };
  return { questions, readPusher };
}

test('who pushed a merge is who GitHub says pushed it, not who the merge names', async () => {
  const { promotion, merge, readCommit } = updated();
  const { questions, readPusher } = asked('sam');
  expect(await readPushers({ readCommit, readPusher }, promotion)).toEqual(known(['sam']));
  expect(questions).toEqual([[promotion.pull.branch, merge.sha]]);
});

test('one whom GitHub does not tell is unknown, and the reason says what to do', async () => {
  const { promotion, readCommit } = updated();
  const { readPusher } = asked(null);
  const found = await readPushers({ readCommit, readPusher }, promotion);
  expect(found).toMatchObject({ known: false, reason: expect.stringContaining('close this pull request') });
});

test('nobody is asked for where Sluice made all heads', async () => {
  const { readCommit } = updated();
  const { questions, readPusher } = asked('sam');
  const found = await readPushers({ readCommit, readPusher }, openWith(MESSAGE, '', null));
  expect(found).toEqual(known([]));
  expect(questions).toEqual([]);
});
