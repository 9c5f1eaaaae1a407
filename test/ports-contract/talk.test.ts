import { afterEach, describe, expect, test } from '@jest/globals';
import { type OpenedStage, openStage, STAGES } from './stages.ts';

let stage: OpenedStage;

afterEach(async () => stage.stop());

const SAID = { name: 'sluice/gates', externalId: 'mark', title: 'Waiting', summary: 'one', annotations: [] };

describe.each(STAGES)('what is said, $name', ({ open }) => {
  test('reviews stay with the head that they were given to', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const { number, sha } = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    expect(await people.review('bea', number, 'approve')).toBe(true);
    stage.pass(1_000);
    expect(await people.review('eve', number, 'request-changes')).toBe(true);
    const theirs = await people.push('cal', 'sluice/x', { 'README.md': 'more\n' }, 'More');
    expect(await people.review('cal', number, 'approve')).toBe(true);
    expect(await people.dismiss('ann', number, 'bea')).toBe(true);
    expect(await people.dismiss('ann', number, 'bea')).toBe(false);
    const atMs = Date.parse('2026-03-01T12:00:00Z');
    const review = { isBot: false, sha, atMs };
    expect(await port.listReviews(number)).toEqual([
      { ...review, reviewer: 'bea', state: 'dismissed' },
      { ...review, reviewer: 'eve', state: 'changes-requested', atMs: atMs + 1_000 },
      { ...review, reviewer: 'cal', state: 'approved', sha: theirs, atMs: atMs + 1_000 },
    ]);
    expect(await port.readRole('ann')).toBe('admin');
    expect(await port.readRole('bea')).toBe('write');
    expect(await port.readRole('eve')).toBe('read');
    expect(await port.readRole('nobody')).toBe('none');
  });

  test('comments keep their times, and are found by their last change', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const issue = await people.openIssue('eve');
    const one = await people.comment('bea', issue, '/hold it');
    stage.pass(1_500);
    await port.comment(issue, 'noted');
    stage.pass(1_500);
    const [said, noted] = await port.listComments(issue);
    expect(said).toMatchObject({
      ...{ id: one, issue, author: 'bea', isBot: false, isSluices: false, body: '/hold it' },
      ...{ createdAt: '2026-03-01T12:00:00Z', isEdited: false },
    });
    expect(noted).toMatchObject({ author: 'sluice[bot]', isBot: true, isSluices: true, body: 'noted' });
    expect(await port.readComment(one)).toEqual(said);
    expect(await port.readComment(1)).toBeNull();
    await people.editComment('bea', one, '/hold all');
    await port.updateComment(noted!.id, 'noted twice');
    const changed = await port.listChangedComments('2026-03-01T12:00:01Z', 1);
    expect(changed.map(({ id, updatedAt, isEdited, body }) => [id, updatedAt, isEdited, body])).toEqual([
      [one, '2026-03-01T12:00:03Z', true, '/hold all'],
      [noted!.id, '2026-03-01T12:00:03Z', true, 'noted twice'],
    ]);
    expect(await port.listChangedComments('2026-03-01T12:00:04Z', 1)).toEqual([]);
    expect(await port.listChangedComments('2026-03-01T12:00:00Z', 2)).toEqual([]);
  });

  test('issues of the App are found, read, written and pinned, whatever people do to them', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    await people.openIssue('eve');
    expect(await port.listOwnIssues('mine')).toEqual([]);
    const opened = await port.openIssue({ title: 'Board', body: 'one', labels: ['mine'] });
    if ('refused' in opened) throw new Error(opened.refused);
    expect(opened).toMatchObject({
      ...{ number: 2, body: 'one', isOpen: true, isSluices: true, updatedAt: '2026-03-01T12:00:00Z' },
    });
    expect(await port.listOwnIssues('mine')).toEqual([opened]);
    expect(await port.listOwnIssues('yours')).toEqual([]);
    expect(await port.pinIssue(opened.nodeId)).toBe(true);
    await stage.takeHooks();
    stage.pass(2_000);
    await people.editIssue('bea', 2, { body: 'two' });
    await people.editIssue('bea', 2, { isOpen: false });
    const closed = await port.readIssue(2);
    expect(closed).toMatchObject({ body: 'two', isOpen: false, isSluices: true });
    expect(closed?.updatedAt).toBe('2026-03-01T12:00:02Z');
    expect(await port.listOwnIssues('mine')).toEqual([closed]);
    const told = (await stage.takeHooks()).map(({ event, payload: { action, issue, changes, sender } }) => {
      const { number, body, user, updated_at: at } = issue!;
      return [event, action, number, body, user?.type, at, changes?.body?.from, sender?.login];
    });
    expect(told).toEqual([
      ['issues', 'edited', 2, 'two', 'Bot', '2026-03-01T12:00:02Z', 'one', 'bea'],
      ['issues', 'closed', 2, 'two', 'Bot', '2026-03-01T12:00:02Z', undefined, 'bea'],
    ]);
    await port.updateIssue(2, { body: 'three' });
    expect((await port.readIssue(2))?.body).toBe('three');
    expect(await port.readIssue(1)).toMatchObject({ isSluices: false });
    const { number } = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    expect([await port.readIssue(number), await port.readIssue(99)]).toEqual([null, null]);
  });

  test('three issues are pinned at most, and one more is no failure', async () => {
    stage = await openStage(open);
    const { port } = stage;
    const pinned: boolean[] = [];
    for (const title of ['a', 'b', 'c', 'd']) {
      const opened = await port.openIssue({ title, body: '', labels: [] });
      if (!('refused' in opened)) pinned.push(await port.pinIssue(opened.nodeId));
    }
    expect(pinned).toEqual([true, true, true, false]);
  });

  test('a reaction of the App says that a command was answered', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const issue = await people.openIssue('eve');
    const id = await people.comment('bea', issue, '/hold it');
    const verdict = async () => (await port.listChangedComments('2026-03-01T00:00:00Z', 1))[0]!.hasVerdict;
    await port.react(id, 'eyes');
    expect([await port.hasAnswered(id), await verdict()]).toEqual([false, false]);
    await port.react(id, 'rocket');
    await port.react(id, 'rocket');
    expect([await port.hasAnswered(id), await verdict()]).toEqual([true, true]);
  });

  test('a check run is changed while it runs or concludes the same, and made anew to take a verdict back', async () => {
    stage = await openStage(open);
    const { port } = stage;
    const { sha } = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    const own = async () => (await port.listCheckRuns(sha)).own;
    await port.reportCheck({ ...SAID, headSha: sha, state: 'in_progress', text: 'trace' }, null);
    const [first] = await own();
    expect(first).toEqual({
      ...{ id: first!.id, name: 'sluice/gates', externalId: 'mark', status: 'in_progress', conclusion: null },
      ...{ title: 'Waiting', summary: 'one', text: 'trace', startedAtMs: stage.now() },
    });
    stage.pass(2_000);
    await port.reportCheck({ ...SAID, headSha: sha, state: 'in_progress', summary: 'two' }, first!);
    expect(await own()).toEqual([{ ...first, summary: 'two' }]);
    await port.reportCheck({ ...SAID, headSha: sha, state: 'success', title: 'Passed' }, (await own())[0]!);
    const done = { ...first, status: 'completed', conclusion: 'success', title: 'Passed', summary: 'three' };
    await port.reportCheck(
      { ...SAID, headSha: sha, state: 'success', title: 'Passed', summary: 'three' },
      (await own())[0]!,
    );
    expect(await own()).toEqual([done]);
    await port.reportCheck({ ...SAID, headSha: sha, state: 'in_progress' }, (await own())[0]!);
    const both = await own();
    expect(both.map(({ status, conclusion }) => [status, conclusion])).toEqual([
      ['in_progress', null],
      ['completed', 'success'],
    ]);
    expect(both[0]!.id).toBeGreaterThan(both[1]!.id);
    const { headSha, url, ...rest } = (await port.readCheck(both[1]!.id))!;
    expect([headSha, rest]).toEqual([sha, done]);
    expect(await port.readCheck(1)).toBeNull();
    expect((await port.listCheckRuns((await stage.tip()).sha)).own).toEqual([]);
    const nowhere = { ...SAID, headSha: '0'.repeat(40), state: 'success' } as const;
    await expect(port.reportCheck(nowhere, null)).rejects.toThrow();
  });

  test('the latest status of each context counts', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const { sha } = await stage.tip();
    expect(await port.listStatuses(sha)).toEqual([]);
    await people.status('bea', sha, 'ci', 'pending');
    await people.status('bea', sha, 'other', 'success');
    const sorted = async () => (await port.listStatuses(sha)).sort((a, b) => a.name.localeCompare(b.name));
    const other = { name: 'other', app: null, conclusion: 'success' };
    expect(await sorted()).toEqual([{ name: 'ci', app: null, conclusion: null }, other]);
    await people.status('bea', sha, 'ci', 'failure');
    expect(await sorted()).toEqual([{ name: 'ci', app: null, conclusion: 'failure' }, other]);
  });

  test('webhooks tell what Sluice listens to', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    await stage.takeHooks();
    const { number, sha } = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    await port.addLabels(number, ['promotion']);
    await people.review('bea', number, 'approve');
    await people.comment('bea', number, '/hold it');
    await people.status('bea', sha, 'ci', 'success');
    await people.push('cal', 'sluice/x', { 'README.md': 'more\n' }, 'More');
    await people.merge('bea', number, 'squash');
    await port.deleteBranch('sluice/x');
    const hooks = await stage.takeHooks();
    const told = hooks
      .filter(({ event }) =>
        ['push', 'pull_request', 'pull_request_review', 'issue_comment', 'status'].includes(event),
      )
      .filter(({ payload }) => payload.action !== 'review_requested')
      .map(({ event, payload }) => {
        const { action, ref, deleted, pull_request: pull, state, comment, repository } = payload;
        expect(repository).toMatchObject({ full_name: 'acme/gitops', default_branch: 'main' });
        const facts = [action, ref, deleted && 'deleted', pull?.head.ref, comment?.body];
        return [event, ...facts, event === 'status' ? state : null].filter(Boolean).join(' ');
      });
    expect(told.sort()).toEqual([
      'issue_comment created /hold it',
      'pull_request closed sluice/x',
      'pull_request labeled sluice/x',
      'pull_request opened sluice/x',
      'pull_request synchronize sluice/x',
      'pull_request_review submitted sluice/x',
      'push refs/heads/main',
      'push refs/heads/sluice/x',
      'push refs/heads/sluice/x',
      'push refs/heads/sluice/x deleted',
      'status success',
    ]);
  });
});
