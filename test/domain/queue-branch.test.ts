import { parseQueueBranch } from '../../src/domain/queue-branch.ts';

const SHA = 'a'.repeat(40);

test('the branch of a group names the base, the pull request and what stands before it', () => {
  expect(parseQueueBranch(`gh-readonly-queue/main/pr-12-${SHA}`)).toEqual({
    base: 'main',
    number: 12,
    baseSha: SHA,
  });
  expect(parseQueueBranch(`gh-readonly-queue/release/pr-1-x/pr-2-${SHA}`)).toEqual({
    base: 'release/pr-1-x',
    number: 2,
    baseSha: SHA,
  });
});

test.each([
  'main',
  `gh-readonly-queue/pr-12-${SHA}`,
  `gh-readonly-queue/main/pr-0-${SHA}`,
  `gh-readonly-queue/main/pr-12-${SHA}/x`,
  `x/gh-readonly-queue/main/pr-12-${SHA}`,
  'gh-readonly-queue/main/pr-12-abc',
])('%s is no such branch', (branch) => expect(parseQueueBranch(branch)).toBeNull());
