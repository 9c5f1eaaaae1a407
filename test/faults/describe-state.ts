import { runGit } from '../../src/cli/demo/verify.ts';
import type { CheckRun, PullRequest, Repository } from '../../src/sandbox/state.ts';

/** A GitOps repository without what differs between any two runs: ids, dates, SHAs. */
export interface DescribedState {
  /** Of the default branch. */
  tree: string;
  branches: string[];
  pulls: DescribedPull[];
  /** Check runs beside which there is an older one of the name on the head. */
  doubled: string[];
}

interface DescribedPull {
  title: string;
  branch: string;
  state: string;
  labels: string[];
  /** Of people, and of teams as `team:`. */
  asked: string[];
  body: string;
  comments: string[];
  /** The newest of each name on the last head. */
  checks: string[];
}

/** What of a repository must be the same however often Sluice was killed or GitHub failed. */
export async function describeState(repository: Repository): Promise<DescribedState> {
  const { gitDir, defaultBranch } = repository;
  const refs = await runGit(gitDir, ['for-each-ref', '--format=%(refname:lstrip=2) %(tree)', 'refs/heads']);
  const trees = new Map(
    refs
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  return {
    tree: trees.get(defaultBranch) ?? '',
    branches: [...trees.keys()].sort(),
    pulls: [...repository.pulls.values()].map((pull) => describePull(repository, pull)).sort(byBranch),
    doubled: findDoubled([...repository.checkRuns.values()]),
  };
}

const byBranch = (one: DescribedPull, other: DescribedPull) =>
  `${one.branch} ${one.title}` < `${other.branch} ${other.title}` ? -1 : 1;

function describePull(repository: Repository, pull: PullRequest): DescribedPull {
  const issue = repository.issues.get(pull.number)!;
  return {
    title: issue.title,
    branch: pull.headRef,
    state: pull.merged ? 'merged' : issue.state,
    labels: [...issue.labels].sort(),
    asked: [...pull.requestedReviewers, ...pull.requestedTeams.map((team) => `team:${team}`)].sort(),
    body: withoutChance(issue.body ?? ''),
    comments: [...repository.comments.values()]
      .filter(({ issueNumber }) => issueNumber === pull.number)
      .map(({ body, user, reactions }) => {
        const said = withoutChance(`${user}: ${body} ${reactions.map(({ content }) => content).join(' ')}`);
        // After a crash it tells in other words what an update replaced.
        return /<!-- sluice:update .*-->/.exec(said)?.[0] ?? said;
      })
      .sort(),
    checks: newestChecks(repository, pull.headSha),
  };
}

function newestChecks({ checkRuns }: Repository, head: string): string[] {
  const runs = [...checkRuns.values()].filter(({ headSha }) => headSha === head);
  const newest = new Map(runs.map((run) => [run.name, sayingOf(run)]));
  return [...newest.values()].sort();
}

export function sayingOf({ name, status, conclusion, output }: CheckRun): string {
  return `${name}: ${conclusion ?? status}: ${output.title}`;
}

/** SHAs, whole or short, ids in URLs and numbers of pull requests: they depend on what came first. */
function withoutChance(text: string): string {
  return text
    .replace(/\b[0-9a-f]{40}\b/g, 'SHA')
    .replace(/`[0-9a-f]{7}`|@[0-9a-f]{7}\b/g, 'SHORT')
    .replace(/#\d+|\/(pull|runs)\/\d+/g, '#N')
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, 'TIME');
}

function findDoubled(runs: readonly CheckRun[]): string[] {
  const seen = new Set<string>();
  return runs.flatMap((run) => {
    const key = `${run.headSha} ${run.name}`;
    const isDoubled = seen.has(key);
    seen.add(key);
    return isDoubled ? [`${sayingOf(run)}, on ${run.headSha.slice(0, 7)}`] : [];
  });
}
