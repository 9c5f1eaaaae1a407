import {
  APPLICATIONS,
  ENVIRONMENTS,
  NEW_RELEASE,
  overlay,
  overlayPath,
  seedFiles,
} from '../../src/cli/demo/seed.ts';
import { listTree, readBlob, readCommit, refTarget } from '../../src/sandbox/git.ts';
import type { Repository } from '../../src/sandbox/state.ts';
import { sayingOf } from './describe-state.ts';

/** Watches what becomes of the GitOps repository of the story, by its own knowledge of what is right. */
export interface Oracle {
  /** Before a call of Sluice is acted on. */
  before(method: string, path: string): void;
  /** When it was. */
  after(): Promise<void>;
  wrongs: string[];
}

export function makeOracle(repository: Repository): Oracle {
  const wrongs: string[] = [];
  const judged = new Set<number>();
  const merged = new Set<number>();
  const said = new Map<string, string>();
  const known = new Set(repository.checkRuns.keys());
  let tip = '';

  const judgeChecks = async () => {
    for (const run of repository.checkRuns.values()) {
      if (run.name !== 'sluice/gates' || run.conclusion !== 'success' || judged.has(run.id)) continue;
      judged.add(run.id);
      const to = await environmentOf(repository, run.headSha);
      if (!hasPassed(repository, to, run.headSha)) wrongs.push(`sluice/gates is green for ${to} too early`);
    }
  };
  /** A verdict that is taken back for a failure of GitHub makes one more check run; one that says the same again must not. */
  const judgeRepeated = () => {
    for (const run of repository.checkRuns.values()) {
      const key = `${run.headSha} ${run.name}`;
      const saying = sayingOf(run);
      if (!known.has(run.id) && said.get(key) === saying)
        wrongs.push(`repeated: ${saying}, on ${run.headSha.slice(0, 7)}`);
      known.add(run.id);
      said.set(key, saying);
    }
  };
  const judgeMerges = () => {
    for (const pull of repository.pulls.values()) {
      if (!pull.merged || merged.has(pull.number)) continue;
      merged.add(pull.number);
      const last = [...repository.checkRuns.values()].findLast(
        ({ name, headSha }) => name === 'sluice/gates' && headSha === pull.headSha,
      );
      if (last?.conclusion !== 'success') wrongs.push(`#${pull.number} merged without green gates`);
    }
  };
  const judgeFiles = async () => {
    const now = await refTarget(repository.gitDir, 'refs/heads/main');
    if (now === null) wrongs.push('main is gone');
    if (now === null || now === tip) return;
    tip = now;
    wrongs.push(...findWrongFiles(await readFiles(repository, now)));
  };

  return {
    wrongs,
    before(method, path) {
      const branch = /\/git\/refs\/heads\/(.+)$/.exec(decodeURIComponent(path))?.[1];
      if (method !== 'DELETE' || branch === undefined) return;
      for (const { number, headRef, merged: isMerged } of repository.pulls.values()) {
        const isOpen = !isMerged && repository.issues.get(number)?.state === 'open';
        if (headRef === branch && isOpen) wrongs.push(`the branch of #${number}, which is open, is deleted`);
      }
    },
    async after() {
      judgeRepeated();
      await judgeChecks();
      judgeMerges();
      await judgeFiles();
    },
  };
}

async function environmentOf({ gitDir }: Repository, sha: string): Promise<string> {
  return /^Sluice-To: (.*)$/m.exec((await readCommit(gitDir, sha)).message)?.[1] ?? '';
}

/** All files of a commit, by path. */
async function readFiles({ gitDir }: Repository, commit: string): Promise<Record<string, string>> {
  const blobs = (await listTree(gitDir, commit, true)).filter(({ type }) => type === 'blob');
  const texts = blobs.map(async ({ path, sha }) => [path, `${await readBlob(gitDir, sha)}`] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** What the config of the story asks for, by what people and CI have said of a head. */
function hasPassed({ statuses, reviews }: Repository, to: string, headSha: string): boolean {
  if (to === 'dev') return true;
  if (to === 'staging')
    return statuses.some(
      ({ sha, context, state }) => sha === headSha && context === 'ci/smoke' && state === 'success',
    );
  return [...reviews.values()].some(
    ({ user, state, commitId }) =>
      ['sam', 'sue'].includes(user) && state === 'APPROVED' && commitId === headSha,
  );
}

/** Only the release of the one application moves, and no environment has it before the one that it comes from. */
function findWrongFiles(files: Record<string, string>): string[] {
  const seed = seedFiles();
  const paths = new Set([...Object.keys(seed), ...Object.keys(files)]);
  const moved: string[] = [];
  for (const environment of ENVIRONMENTS) {
    const path = overlayPath(APPLICATIONS[1], environment);
    if (files[path] === overlay(APPLICATIONS[1], environment, NEW_RELEASE)) moved.push(environment);
  }
  const held = new Set(moved.map((environment) => overlayPath(APPLICATIONS[1], environment)));
  const wrong = [...paths].filter((path) => !held.has(path) && files[path] !== seed[path]);
  const isInOrder =
    (!moved.includes('staging') || moved.includes('dev')) &&
    (!moved.some((environment) => environment.startsWith('prod')) || moved.includes('staging'));
  return [
    ...wrong.map((path) => `${path} is not what it was, and not the release`),
    ...(isInOrder ? [] : [`the release is in ${moved.join(', ')}`]),
  ];
}
