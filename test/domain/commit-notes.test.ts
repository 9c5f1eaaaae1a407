import { readCommitNote } from '../../src/domain/commit-notes.ts';

const note = (group: string | null, title: string, more: object = {}) => ({
  group,
  scope: null,
  title,
  pull: null,
  ...more,
});

test.each([
  ['feat: pay by card', note('Features', 'pay by card')],
  ['fix(cart): count twice (#12)', note('Fixes', 'count twice', { scope: 'cart', pull: 12 })],
  ['perf: sort once', note('Performance', 'sort once')],
  ['chore!: drop Node 18', note('Breaking changes', 'drop Node 18')],
  ['feat: x\n\nBREAKING CHANGE: y', note('Breaking changes', 'x')],
  ['docs: say so', note('Other changes', 'say so')],
  ['Pay by card (#7)', note(null, 'Pay by card', { pull: 7 })],
  ['Note: this is no type', note('Other changes', 'this is no type')],
  ['https://example.com is down', note(null, 'https://example.com is down')],
  ['', note(null, '')],
])('%j', (message, told) => expect(readCommitNote(message, false)).toEqual(told));

test('a merge tells of its pull request, or nothing', () => {
  const message = 'Merge pull request #12 from acme/cards\n\nfeat: pay by card';
  expect(readCommitNote(message, true)).toEqual(note('Features', 'pay by card', { pull: 12 }));
  expect(readCommitNote("Merge branch 'main' into cards", true)).toBeNull();
});
