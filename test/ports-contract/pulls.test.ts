import { afterEach, describe, expect, test } from '@jest/globals';
import { type OpenedStage, openStage, STAGES, withLine } from './stages.ts';

let stage: OpenedStage;

afterEach(async () => stage.stop());

const GREEN = { name: 'sluice/gates', externalId: 'mark', title: 'Passed', summary: 'All', annotations: [] };

const refusalOf = (outcome: object) => ('refused' in outcome ? String(outcome.refused) : null);

describe.each(STAGES)('pull requests, $name', ({ open }) => {
  test('are opened once for a branch, and only when something differs', async () => {
    stage = await openStage(open);
    const { port } = stage;
    const { number, sha } = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    const [pull] = await port.listOpenPulls();
    expect(pull).toMatchObject({
      ...{
        number,
        title: 'Change b/tag.yml',
        body: 'because',
        branch: 'sluice/x',
        headSha: sha,
        base: 'main',
      },
      ...{ isOpen: true, isMerged: false, isSluices: true, isFromFork: false, author: 'sluice[bot]' },
      labels: [],
    });
    const again = { title: 'Again', body: '', branch: 'sluice/x', base: 'main' };
    expect(refusalOf(await port.openPull(again))).toContain('already exists');
    await port.createBranch('sluice/same', (await stage.tip()).sha);
    expect(refusalOf(await port.openPull({ ...again, branch: 'sluice/same' }))).toContain(
      'No commits between',
    );
    expect(refusalOf(await port.openPull({ ...again, branch: 'sluice/none' }))).not.toBeNull();
    expect(await port.listPullFiles(number)).toEqual(['b/tag.yml']);
    const commit = { sha, authorLogin: 'sluice[bot]', committerLogin: 'web-flow' };
    expect(await port.listPullCommits(number)).toEqual([commit]);
  });

  test('take texts, labels and an end, and list the closed ones of a branch', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const { number, sha } = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    await port.updatePull(number, { title: 'New', body: 'text' });
    await port.addLabels(number, ['promotion', 'b']);
    await port.addLabels(number, ['promotion']);
    await port.requestReviewers(number, ['bea']);
    expect(await port.readPull(number)).toMatchObject({
      title: 'New',
      body: 'text',
      labels: ['promotion', 'b'],
    });
    expect(await port.listClosedPulls('sluice/x', 10)).toEqual([]);
    expect(await people.close('bea', number)).toBe(true);
    expect(await people.close('bea', number)).toBe(false);
    expect((await port.readCloser(number))?.isSluices ?? false).toBe(false);
    expect(await port.listOpenPulls()).toEqual([]);
    expect(await port.readPull(number)).toMatchObject({ isOpen: false, isMerged: false, headSha: sha });
    stage.pass(1_000);
    const next = await port.openPull({ title: 'Next', body: '', branch: 'sluice/x', base: 'main' });
    const second = 'number' in next ? next.number : 0;
    expect((await port.readCloser(second))?.isSluices ?? false).toBe(false);
    await port.updatePull(second, { state: 'closed' });
    expect((await port.readCloser(second))?.isSluices ?? false).toBe(true);
    const closed = await port.listClosedPulls('sluice/x', 10);
    expect(closed.map((pull) => pull.number)).toEqual([second, number]);
    expect(await port.listClosedPulls('sluice/x', 1)).toHaveLength(1);
    expect(await port.listClosedPulls('sluice/y', 10)).toEqual([]);
    const issue = await people.openIssue('eve');
    expect(issue).toBe(second + 1);
    expect(await port.readPull(issue)).toBeNull();
    expect(await port.readPull(999)).toBeNull();
  });

  test('follow their branch, and close with it', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const { number, sha } = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    const theirs = await people.push('bea', 'sluice/x', { 'README.md': 'more\n' }, 'More');
    expect(await port.readPull(number)).toMatchObject({ headSha: theirs, isOpen: true, mergeable: true });
    expect((await port.listPullCommits(number)).map((each) => each.sha)).toEqual([sha, theirs]);
    expect(await people.updateBranch('bea', number)).toBe(false);
    await people.push('cal', 'main', { 'a/values.yml': withLine(3, 'three') }, 'Three');
    expect(await people.updateBranch('bea', number)).toBe(true);
    const { headSha } = (await port.readPull(number))!;
    expect(await port.readCommit(headSha)).toMatchObject({
      ...{ parents: [theirs, (await stage.tip()).sha], authorLogin: 'bea', committerLogin: 'web-flow' },
      ...{ isSluices: false, message: "Merge branch 'main' into sluice/x" },
    });
    expect(await port.readPusher('sluice/x', headSha)).toBe('bea');
    const other = await stage.propose('sluice/y', 'b/tag.yml', 'tag: v3\n');
    await port.deleteBranch('sluice/y');
    expect(await port.readPull(other.number)).toMatchObject({ isOpen: false });
    expect((await port.readCloser(other.number))?.isSluices ?? false).toBe(true);
    expect(await people.deleteBranch('bea', 'sluice/x')).toBe(true);
    expect((await port.readCloser(number))?.isSluices ?? false).toBe(false);
    expect(await people.deleteBranch('bea', 'sluice/x')).toBe(false);
    expect(await port.readPull(number)).toMatchObject({ isOpen: false, isMerged: false, headSha });
  });

  test('merge at the head that was meant, by either method', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const { number, sha, base } = await stage.propose('sluice/x', 'a/values.yml', withLine(9, 'nine'));
    await people.push('cal', 'main', { 'a/values.yml': withLine(3, 'three') }, 'Three');
    const wish = { method: 'squash', title: 'It (#1)', message: 'Sluice-To: x' } as const;
    expect(await port.mergePull(number, { ...wish, headSha: base.sha })).toMatchObject({ merged: false });
    stage.pass(1_000);
    const before = await stage.tip();
    expect(await port.mergePull(number, { ...wish, headSha: sha })).toEqual({ merged: true });
    const merged = await stage.tip();
    expect(merged).toMatchObject({
      ...{ parents: [before.sha], authorLogin: 'sluice[bot]', committerLogin: 'web-flow', isSluices: true },
    });
    expect(merged.message.trim()).toBe('It (#1)\n\nSluice-To: x');
    expect(await stage.read('a/values.yml')).toBe(withLine(3, 'three', withLine(9, 'nine')));
    const now = { isOpen: false, isMerged: true, mergeCommitSha: merged.sha };
    expect(await port.readPull(number)).toMatchObject(now);
    expect(await port.mergePull(number, { ...wish, headSha: sha })).toMatchObject({ merged: false });
    expect((await port.listMoves('main', 0))[0]).toMatchObject({ before: before.sha, after: merged.sha });
    const numbers = async (commit: string) =>
      (await port.listPullsOfCommit(commit)).map((pull) => pull.number);
    expect(await numbers(merged.sha)).toEqual([number]);
    expect(await numbers(sha)).toEqual([number]);
    expect(await numbers(before.sha)).toEqual([]);

    stage.pass(1_000);
    const next = await stage.propose('sluice/y', 'b/tag.yml', 'tag: v2\n');
    expect(await people.merge('bea', next.number, 'merge')).toBe(true);
    const tip = await stage.tip();
    expect(tip).toMatchObject({ parents: [merged.sha, next.sha], authorLogin: 'bea', isSluices: false });
    expect(tip.committerLogin).toBe('web-flow');
    expect(await port.listCommits(tip.sha, 'b', 20)).toEqual([next.sha, base.sha]);
    expect(await numbers(next.sha)).toEqual([next.number]);
  });

  test('do not merge while they conflict, or once they are closed', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const one = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    const two = await stage.propose('sluice/y', 'README.md', 'more\n');
    await people.push('cal', 'main', { 'b/tag.yml': 'tag: v9\n' }, 'Nine');
    const wish = { method: 'squash', title: 'It', message: '' } as const;
    expect(await port.readPull(one.number)).toMatchObject({ mergeable: false });
    expect(await port.mergePull(one.number, { ...wish, headSha: one.sha })).toMatchObject({ merged: false });
    expect(await people.merge('bea', one.number, 'squash')).toBe(false);
    await people.close('bea', two.number);
    expect(await port.mergePull(two.number, { ...wish, headSha: two.sha })).toMatchObject({ merged: false });
    expect(await people.merge('bea', two.number, 'merge')).toBe(false);
  });

  test('merge only with a green check where the branch is protected', async () => {
    stage = await openStage(open, { isProtected: true });
    const { port, people } = stage;
    expect((await port.readBranchRules('main')).isPartlyHidden).toBe(true);
    const { number, sha } = await stage.propose('sluice/x', 'b/tag.yml', 'tag: v2\n');
    const wish = { headSha: sha, method: 'squash', title: 'It', message: '' } as const;
    expect(await port.mergePull(number, wish)).toMatchObject({ merged: false });
    await port.reportCheck({ ...GREEN, headSha: sha, state: 'success' }, null);
    await port.reportCheck({ ...GREEN, headSha: sha, state: 'in_progress' }, null);
    expect(await port.mergePull(number, wish)).toMatchObject({ merged: false });
    expect(await people.merge('bea', number, 'squash')).toBe(false);
    await port.reportCheck({ ...GREEN, headSha: sha, state: 'success' }, null);
    expect(await people.merge('bea', number, 'squash')).toBe(true);
  });
});
