import type { PromoteRule } from '../../domain/promote-rule.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Commit } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Origin, Target } from '../snapshot.ts';
import { type SetValue, setsAny } from './find-setters.ts';

/** Commits of a target that are looked at before its origin counts as unknown. */
const MOST_COMMITS = 20;

/**
 * The commit on the default branch that brought a release into a source target; null when it is not among the target's
 * latest commits. When it is the tip, this costs no call where GitHub gave the patch: the text before is the text now,
 * the patch undone.
 */
export async function findOrigin(
  reader: RepositoryReader,
  base: Base,
  rules: readonly PromoteRule[],
  source: Target,
  { release, changes }: Promotion,
): Promise<Origin | null> {
  const deleted = changes.filter(({ to }) => to === null).map((change) => ({ ...change, value: null }));
  const values = [...release.values, ...deleted].map((value): SetValue => ({ ...value, replaces: null }));
  const brings = (commit: Commit) => setsAny({ reader, base, rules, target: source }, commit, values);
  if (await brings(base.commit)) return toOrigin(base.commit);
  for (const sha of await reader.listCommits(base.commit.sha, source.location.root, MOST_COMMITS)) {
    const commit = await reader.readCommit(sha);
    if (!(await brings(commit))) continue;
    // Path-limited history walks past merge commits; what brought the release to the branch is the merge.
    const merged = (await reader.listPullsOfCommit(sha)).find(
      (pull) => pull.isMerged && pull.base === base.branch,
    );
    const landed = merged?.mergeCommitSha ? await reader.readCommit(merged.mergeCommitSha) : commit;
    return toOrigin(landed);
  }
  return null;
}

/** A commit as the origin of a release. */
export function toOrigin(commit: Commit): Origin {
  return {
    sha: commit.sha,
    url: commit.url,
    title: commit.message.split('\n', 1)[0]!,
    authorLogin: commit.authorLogin,
  };
}
