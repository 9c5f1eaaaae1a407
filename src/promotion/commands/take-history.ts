import { didYouMean, quote } from '../../config/suggest.ts';
import type { WordsCommand } from '../../domain/commands/command.ts';
import { code, plain } from '../markdown.ts';
import type { CommandCall } from './command-call.ts';
import { findHere } from './find-here.ts';
import { refuse, type Taken, tell } from './taken.ts';

/**
 * Answers `/history`: what was promoted when by whom, of an application or of all; on a pull request, of the application
 * that it is about. Changes nothing.
 */
export async function takeHistory(
  { host, history, snapshot, comment }: CommandCall,
  { words }: Pick<WordsCommand, 'words'>,
): Promise<Taken> {
  if (!history?.describe) return refuse('Sluice runs without a history.');
  if (words.length > 1) return refuse(`${code('/history')} takes one application, or none.`);
  const [named = null] = words;
  // An application that is gone has a history too: only a word that is near to a known one is doubted.
  const known = new Set(snapshot.targets.map(({ location }) => location.application));
  if (named !== null && !known.has(named)) {
    const hint = didYouMean(named, [...known]);
    if (hint !== '') return refuse(plain(`There is no application ${quote(named)}${hint}`));
  }
  const application = named ?? (await onlyOneHere(host, snapshot, comment.issue));
  return tell(await history.describe(snapshot.base.repository, application));
}

async function onlyOneHere(
  host: CommandCall['host'],
  snapshot: CommandCall['snapshot'],
  issue: number,
): Promise<string | null> {
  const { candidates } = await findHere(host, snapshot, issue);
  const [first, ...others] = new Set(candidates.map(({ application }) => application));
  return first !== undefined && others.length === 0 ? first : null;
}
