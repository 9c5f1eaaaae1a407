import type { PromotionTrailers } from '../../src/domain/trailers.ts';
import { endPull, seePull } from '../../src/history/fold.ts';
import { renderTrace } from '../../src/promotion/plan/render-trace.ts';
import type { SeenPull } from '../../src/promotion/ports/history.ts';
import type { PullDetail } from '../../src/promotion/ports/pulls.ts';
import { pullOf, sha } from '../promotion/support.ts';

const REPOSITORY = 'acme/fleet';

const carriedOf = (application: string, release: string): PromotionTrailers => ({
  application,
  from: ['dev'],
  to: 'prod',
  release,
  fingerprint: sha(release).slice(0, 16),
  origin: null,
  source: null,
  authors: ['dan'],
  requestedBy: [],
});

const seenOf = (
  head: string,
  carried: PromotionTrailers[] | null,
  more: Partial<SeenPull> = {},
): SeenPull => ({
  pull: pullOf({ headSha: sha(head) }),
  head: { sha: sha(head), committedAt: '2026-03-01T12:30:00Z', isSluices: true },
  group: carried && carried.length > 1 ? 'all' : null,
  carried,
  trace: null,
  reviews: null,
  ...more,
});

const gate = { gate: 'manual', kind: 'manual', state: 'passed', reason: 'asked for', facts: null };
const endedOf = (more: Partial<PullDetail>): PullDetail => ({
  ...pullOf({ isOpen: false, headSha: sha('last') }),
  mergeable: null,
  isBehind: false,
  mergedBy: null,
  ...more,
});

const see = (...all: SeenPull[]) =>
  all.reduce((before, seen) => seePull(before, REPOSITORY, seen), seePull([], REPOSITORY, all[0]!));

test('a newer release supersedes; the same one on a new head does not', () => {
  const [record] = see(
    seenOf('one', [carriedOf('checkout', 'v2')]),
    seenOf('two', [carriedOf('checkout', 'v2')]),
    seenOf('three', [carriedOf('checkout', 'v3')]),
  );
  expect(record).toMatchObject({
    release: 'v3',
    headSha: sha('three'),
    openedAt: '2026-03-01T12:00:00.000Z',
  });
  const at = '2026-03-01T12:30:00.000Z';
  expect(record!.releases).toMatchObject([
    { release: 'v2', headSha: sha('one'), at },
    { release: 'v3', headSha: sha('three'), at },
  ]);
});

test('of a group, each application has its own record and gates; one that leaves ends, and may come back', () => {
  const members = [carriedOf('checkout', 'v2'), carriedOf('payments', 'v5')];
  const trace = renderTrace({}, [
    { application: 'checkout', ...gate },
    { application: 'payments', ...gate, state: 'failed' },
  ]);
  const both = see(seenOf('one', members, { trace }));
  expect(
    both.map(({ application, group, gates }) => [application, group, gates?.map(({ state }) => state)]),
  ).toEqual([
    ['checkout', 'all', ['passed']],
    ['payments', 'all', ['failed']],
  ]);
  const left = seePull(both, REPOSITORY, seenOf('two', [members[0]!]));
  const outcomes = (records: typeof left) =>
    Object.fromEntries(records.map(({ application, outcome }) => [application, outcome]));
  expect(outcomes(left)).toEqual({ checkout: 'open', payments: 'left' });
  expect(outcomes(endPull(left, { pull: endedOf({}), hasLanded: true, closer: null }))).toEqual({
    checkout: 'merged',
    payments: 'left',
  });
  expect(outcomes(seePull(left, REPOSITORY, seenOf('three', members)))).toEqual({
    checkout: 'open',
    payments: 'open',
  });
});

test("a person's commit on the branch is the last head, and what was judged before is kept", () => {
  const trace = renderTrace({}, [gate]);
  const [record] = see(seenOf('one', [carriedOf('checkout', 'v2')], { trace }), seenOf('foreign', null));
  expect(record).toMatchObject({ release: 'v2', headSha: sha('foreign'), gates: [{ gate: 'manual' }] });
});

test('what was judged on one head says nothing of another', () => {
  const trace = renderTrace({}, [gate]);
  const carried = [carriedOf('checkout', 'v2')];
  expect(see(seenOf('one', carried, { trace }), seenOf('two', carried))[0]!.gates).toBeNull();
  expect(see(seenOf('one', carried, { trace }), seenOf('one', carried))[0]!.gates).toHaveLength(1);
});

test('an approval counts until it is dismissed', () => {
  const review = { reviewer: 'sam', isBot: false, sha: sha('one'), atMs: Date.parse('2026-03-01T13:00:00Z') };
  const carried = [carriedOf('checkout', 'v2')];
  const approved = seenOf('one', carried, { reviews: [{ ...review, state: 'approved' }] });
  const dismissed = seenOf('one', carried, { reviews: [{ ...review, state: 'dismissed' }] });
  expect(see(approved)[0]!.approvals).toEqual([
    { by: 'sam', at: '2026-03-01T13:00:00.000Z', headSha: sha('one') },
  ]);
  expect(see(approved, dismissed)[0]!.approvals).toEqual([]);
});

describe('the end', () => {
  const open = see(seenOf('one', [carriedOf('checkout', 'v2')]));
  const end = (pull: PullDetail, closer: { login: string; isSluices: boolean } | null, hasLanded = false) =>
    endPull(open, { pull, hasLanded, closer })[0]!;
  const closed = endedOf({ closedAt: '2026-03-02T12:00:00Z' });

  test('by whoever merged it', () => {
    const pull = endedOf({
      isMerged: true,
      mergedAt: '2026-03-02T12:00:00Z',
      closedAt: '2026-03-02T12:00:00Z',
      mergedBy: 'ann',
      mergeCommitSha: sha('merge'),
    });
    expect(end(pull, null, true)).toMatchObject({
      outcome: 'merged',
      mergedAt: '2026-03-02T12:00:00.000Z',
      mergedBy: 'ann',
      mergeCommitSha: sha('merge'),
      closedAt: null,
      headSha: sha('last'),
    });
    expect(end(pull, null, false)).toMatchObject({ outcome: 'closed', mergedAt: null, mergeCommitSha: null });
  });

  test('by a person, or by Sluice when it had become obsolete; a mark that anybody can write counts for nothing', () => {
    const marked = { ...closed, body: '<!-- sluice:obsolete -->' };
    expect(end(marked, { login: 'eve', isSluices: false })).toMatchObject({
      outcome: 'closed',
      closedBy: 'eve',
      closedAt: '2026-03-02T12:00:00.000Z',
    });
    expect(end(closed, { login: 'sluice[bot]', isSluices: true })).toMatchObject({ outcome: 'obsolete' });
  });

  test('is none when somebody opens it again', () => {
    const again = seePull([end(closed, null)], REPOSITORY, seenOf('one', [carriedOf('checkout', 'v2')]));
    expect(again).toMatchObject([{ outcome: 'open', closedAt: null, closedBy: null }]);
  });
});
