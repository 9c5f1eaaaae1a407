import ignore from 'ignore';
import type { ProtectionFact } from '../../domain/gates/facts.ts';
import type { ReviewRule } from '../ports/branch-rules.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FoundPromotion } from '../snapshot.ts';

/** What GitHub asks of the reviews of one promotion. The files are read only when a rule is about some of them. */
export async function readProtection(
  reader: Pick<RepositoryReader, 'readBranchRules' | 'listPullFiles'>,
  { pull }: FoundPromotion,
): Promise<ProtectionFact> {
  const { reviews, isPartlyHidden } = await reader.readBranchRules(pull.base);
  const isAboutFiles = reviews.some(({ teams }) => teams.some(({ approvals }) => approvals > 0));
  const paths = isAboutFiles ? await reader.listPullFiles(pull.number) : [];
  // GitHub looks at code owners only where it wants at least one approval.
  const wanting = reviews.filter(({ approvals }) => approvals > 0);
  return {
    approvals: Math.max(0, ...wanting.map(({ approvals }) => approvals)),
    wantsCodeOwners: wanting.some(({ wantsCodeOwners }) => wantsCodeOwners),
    teams: reviews.flatMap(({ teams }) => teams.flatMap((team) => findFirst(team, paths))),
    isPartlyHidden,
  };
}

/** A team approves the pull request, not each file: one path stands for all that match. */
function findFirst(
  { patterns, approvals }: ReviewRule['teams'][number],
  paths: readonly string[],
): ProtectionFact['teams'] {
  if (approvals < 1) return [];
  const matcher = ignore({ ignorecase: false, allowRelativePaths: true }).add(patterns);
  const path = paths.find((each) => matcher.ignores(each));
  return path === undefined ? [] : [{ path, approvals }];
}

/** Nothing protects the branch. */
export const NO_PROTECTION: ProtectionFact = {
  approvals: 0,
  wantsCodeOwners: false,
  teams: [],
  isPartlyHidden: false,
};
