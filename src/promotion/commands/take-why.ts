import type { WordsCommand } from '../../domain/commands/command.ts';
import { code, plain } from '../markdown.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Snapshot } from '../snapshot.ts';
import type { CommandCall } from './command-call.ts';
import { describeExplanations } from './describe-explanation.ts';
import { explainTargets } from './explain-target.ts';
import { findHere } from './find-here.ts';
import { type FoundTargets, findTargets } from './find-targets.ts';
import type { Taken } from './taken.ts';

type WhyCommand = Pick<WordsCommand, 'words'>;

/** Answers `/why`: what there is to promote to the targets that it means, and what stops it. Changes nothing. */
export async function takeWhy(
  { host, http, snapshot, comment, nowMs }: CommandCall,
  command: WhyCommand,
): Promise<Taken> {
  const meant = await findMeant(host, snapshot, comment, command);
  if ('problem' in meant)
    return { targets: [], answers: [`${code('/why')}: ${plain(meant.problem)}.`], isTaken: false };
  const explained = await explainTargets(host, http, snapshot, meant.found, nowMs);
  return { targets: [], answers: [describeExplanations(explained)], isTaken: true };
}

/** Repositories that build what the commands ask about: only they know whether there is a newer build. */
export async function sourcesOfWhys(
  host: RepositoryReader,
  snapshot: Snapshot,
  comment: Comment,
  commands: readonly WhyCommand[],
): Promise<string[]> {
  const { sources } = snapshot.settings;
  if (sources.length === 0) return [];
  const meant = await Promise.all(commands.map((command) => findMeant(host, snapshot, comment, command)));
  const applications = meant
    .flatMap((each) => ('found' in each ? each.found : []))
    .filter(({ environment }) => environment.from.length === 0)
    .map(({ application }) => application);
  return sources
    .filter(({ application }) => applications.includes(application))
    .map(({ repository }) => repository);
}

/** The targets that are named, or that of the pull request on which nothing is. */
async function findMeant(
  host: RepositoryReader,
  snapshot: Snapshot,
  { issue }: Comment,
  { words }: WhyCommand,
): Promise<FoundTargets> {
  const { candidates } = snapshot;
  if (words.length > 0) return findTargets(candidates, words);
  const { candidates: found } = await findHere(host, snapshot, issue);
  return found.length > 0 ? { found } : findTargets(candidates, words);
}
