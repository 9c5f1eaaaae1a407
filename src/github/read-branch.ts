import type { BranchRules, ReviewRule } from '../promotion/ports/branch-rules.ts';
import type { RepositoryReader } from '../promotion/ports/repository.ts';
import { type Client, statusOf } from './client.ts';
import { loginOf } from './read-git.ts';
import type { RepositoryContext } from './repository-context.ts';

/** Reads where a branch stands, what protects it, and who moved it. */
export function makeBranchReader({
  client,
  owner,
  name,
}: Pick<RepositoryContext, 'client' | 'owner' | 'name'>): Pick<
  RepositoryReader,
  'readBranch' | 'listBranches' | 'readBranchRules' | 'readPusher'
> {
  const repo = { owner, repo: name };
  const rules = new Map<string, Promise<BranchRules>>();

  return {
    async readBranch(branch) {
      try {
        return (await client.rest.git.getRef({ ...repo, ref: `heads/${branch}` })).data.object.sha;
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    async listBranches(prefix) {
      // Not paged: https://docs.github.com/en/rest/git/refs#list-matching-references
      const { data } = await client.rest.git.listMatchingRefs({ ...repo, ref: `heads/${prefix}` });
      return data.map(({ ref, object }) => ({
        branch: ref.slice('refs/heads/'.length),
        headSha: object.sha,
      }));
    },
    readBranchRules(branch) {
      const reading = rules.get(branch) ?? readBranchRules(client, repo, branch);
      rules.set(branch, reading);
      return reading;
    },
    // Newest first: https://docs.github.com/en/rest/repos/repos#list-repository-activities
    async readPusher(branch, sha) {
      const { data } = await client.rest.repos.listActivities({
        ...repo,
        ref: `refs/heads/${branch}`,
        per_page: 100,
      });
      return loginOf(data.find(({ after }) => after === sha)?.actor);
    },
  };
}

/**
 * Rulesets are open to all who may read the repository. Of classic protection the summary of the branch tells that it
 * is there; what it asks of reviews takes `administration: read`, which the App does not have.
 * https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
 * https://docs.github.com/en/rest/branches/branches#get-a-branch
 */
async function readBranchRules(
  client: Client,
  repo: { owner: string; repo: string },
  branch: string,
): Promise<BranchRules> {
  const [rules, summary] = await Promise.all([
    client.paginate(client.rest.repos.getBranchRules, { ...repo, branch, per_page: 100 }),
    client.rest.repos.getBranch({ ...repo, branch }),
  ]);
  const { protected: isProtected, protection } = summary.data as Partial<typeof summary.data>;
  return {
    reviews: rules.flatMap((rule) => (rule.type === 'pull_request' ? toReviewRule(rule) : [])),
    // Rulesets make a branch `protected` too; without them, it can only be classic protection.
    isPartlyHidden: protection?.enabled ?? (isProtected !== false && rules.length === 0),
  };
}

type RawRule = Awaited<ReturnType<Client['rest']['repos']['getBranchRules']>>['data'][number];

type PullRequestRule = Extract<RawRule, { type: 'pull_request' }>;

/** Newer than the types: https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch */
interface RequiredReviewers {
  required_reviewers?: { file_patterns: string[]; minimum_approvals: number }[];
}

function toReviewRule({ parameters }: PullRequestRule): ReviewRule {
  if (!parameters) throw new Error('GitHub gives a rule on pull requests without what it asks for');
  const { required_reviewers: teams = [] } = parameters as RequiredReviewers;
  return {
    approvals: parameters.required_approving_review_count,
    wantsCodeOwners: parameters.require_code_owner_review,
    teams: teams.map(({ file_patterns: patterns, minimum_approvals: approvals }) => ({
      patterns,
      approvals,
    })),
  };
}
