/** Branches of merge queues are GitHub's own and begin so: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue */
export const QUEUE_PREFIX = 'gh-readonly-queue/';

/** What the name of a queue's branch says of its group; what it holds is another question. */
export interface QueueBranch {
  /** Branch that the queue merges into. */
  base: string;
  /** The pull request that the group puts on top of what stands before it. */
  number: number;
  /** What stands before it: the tip of the base, or the head of the group before. */
  baseSha: string;
}

const BRANCH = /^gh-readonly-queue\/(.+)\/pr-([1-9]\d{0,9})-([0-9a-f]{40}|[0-9a-f]{64})$/s;

/** Null for a branch of any other name: `gh-readonly-queue/main/pr-12-<sha>`. */
export function parseQueueBranch(branch: string): QueueBranch | null {
  const [, base, number, baseSha] = BRANCH.exec(branch) ?? [];
  return base && number && baseSha ? { base, number: Number(number), baseSha } : null;
}
