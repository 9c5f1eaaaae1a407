import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { CONFIG_PATH, parseConfig } from '../../config/parse-config.ts';
import type { Repository } from '../../sandbox/state.ts';
import { readFolder } from './import-folder.ts';
import { listPromotions, type PromotionPull } from './promotions.ts';
import type { Say } from './report.ts';
import { changedLines, runGit } from './verify.ts';
import type { World } from './world.ts';

export const OWNER = 'local';
/** You merge; your colleague is there for you to approve as somebody else. */
export const PEOPLE = ['you', 'colleague'] as const;

/** More rounds than any pipeline is long: whatever still moves then moves in a circle. */
const MOST_ROUNDS = 50;

/** Copies a folder into a repository of the local GitHub and starts the app on it. */
export async function prepareRepository(
  world: World,
  folder: string,
  configFile: string | null,
): Promise<Repository> {
  const root = resolve(folder);
  if (!(await stat(root).catch(() => null))?.isDirectory()) throw new Error(`${folder} is not a folder`);
  const files: Record<string, Buffer> = await readFolder(root);
  if (configFile) files[CONFIG_PATH] = await readFile(configFile);
  refuseBrokenConfig(files[CONFIG_PATH], configFile ?? join(folder, CONFIG_PATH));
  const name = basename(root).replace(/[^\w.-]/g, '-');
  const collaborators = { you: 'admin', colleague: 'write' } as const;
  const repository = await world.sandbox.addRepository({ owner: OWNER, name, files, collaborators });
  await world.startApp();
  await world.settle();
  return repository;
}

function refuseBrokenConfig(text: Buffer | undefined, path: string): void {
  if (!text)
    throw new Error(
      `there is no ${path}: write one (docs/examples has some), or name one with --config FILE`,
    );
  const parsed = parseConfig(text.toString('utf8'), { path });
  if (parsed.ok) return;
  const problems = parsed.problems.map(
    ({ line, column, message }) => `  ${path}:${line}:${column}: ${message}`,
  );
  throw new Error(`the config has problems:\n${problems.join('\n')}`);
}

/**
 * Merges what Sluice lets through, round after round, until nothing more moves: what a team would do over days.
 * Returns what is not as it should be, read from git.
 */
export async function mergeAll(world: World, repository: Repository, say: Say): Promise<string[]> {
  const before = (
    await runGit(repository.gitDir, ['rev-parse', `refs/heads/${repository.defaultBranch}`])
  ).trim();
  const told = new Set<number>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const open = (await listPromotions(world.as('you'), repository)).filter(({ isOpen }) => isOpen);
    for (const each of open.filter(({ pull }) => !told.has(pull))) {
      told.add(each.pull);
      say(`#${each.pull} ${each.from} -> ${each.to}: ${each.title}  ${each.url}`);
    }
    let moved = 0;
    for (const each of open) moved += (await mergePassed(world, repository, each, say)) ? 1 : 0;
    await world.settle();
    if (moved === 0) return verifyChanges(world, repository, before);
  }
  return [`promotions still move after ${MOST_ROUNDS} rounds`];
}

/** Merges as a person would: only when the check is green. */
async function mergePassed(
  world: World,
  { owner, name }: Repository,
  each: PromotionPull,
  say: Say,
): Promise<boolean> {
  const octokit = world.as('you');
  const repo = { owner, repo: name };
  const { data } = await octokit.rest.checks.listForRef({
    ...repo,
    ref: each.headSha,
    check_name: 'sluice/gates',
  });
  if (data.check_runs[0]?.conclusion !== 'success') return false;
  try {
    await octokit.rest.pulls.merge({
      ...repo,
      pull_number: each.pull,
      sha: each.headSha,
      merge_method: 'squash',
    });
    say(`#${each.pull} you merge it`);
    return true;
  } catch (error) {
    say(`#${each.pull} GitHub refuses the merge: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/**
 * Reads from git what the merges changed: in each text file as many lines as before, and only files that the merged
 * promotions name. The app is not asked.
 */
async function verifyChanges(world: World, repository: Repository, before: string): Promise<string[]> {
  const after = `refs/heads/${repository.defaultBranch}`;
  const promotions = (await listPromotions(world.as('you'), repository)).filter(({ merged }) => merged);
  const claimed = new Set<string>();
  for (const { pull } of promotions) {
    const { owner, name } = repository;
    const octokit = world.as('you');
    const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
      owner,
      repo: name,
      pull_number: pull,
      per_page: 100,
    });
    for (const { filename } of files) claimed.add(filename);
  }
  return (await changedLines(repository.gitDir, before, after)).flatMap(({ path, removed, added }) => {
    if (!claimed.has(path)) return [`${path} changed, and no merged promotion names it`];
    const keys = (lines: string[]) => lines.map((line) => line.split(':')[0]).join('\n');
    return keys(removed) === keys(added) ? [] : [`${path}: more than values changed`];
  });
}
