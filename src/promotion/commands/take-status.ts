import type { WordsCommand } from '../../domain/commands/command.ts';
import { isInForce } from '../../domain/hold.ts';
import { code, plain } from '../markdown.ts';
import { readHolds } from '../state/hold-store.ts';
import type { CommandCall } from './command-call.ts';
import { describeHolds, describeMatrix } from './describe-status.ts';
import { findHere } from './find-here.ts';
import { findTargets } from './find-targets.ts';
import { refuse, type Taken, tell } from './taken.ts';

/** Answers `/status`: which environment holds which release, what is on its way, and what is held. Changes nothing. */
export async function takeStatus(
  { host, snapshot, comment, nowMs }: CommandCall,
  { words }: Pick<WordsCommand, 'words'>,
): Promise<Taken> {
  const here = words.length === 0 ? (await findHere(host, snapshot, comment.issue)).candidates : [];
  const meant =
    words.length > 0
      ? findTargets(snapshot.candidates, words)
      : { found: here.length > 0 ? here : [...snapshot.candidates] };
  if ('problem' in meant) return refuse(`${code('/status')}: ${plain(meant.problem)}.`);
  const applications = new Set(meant.found.map(({ application }) => application));
  const holds = await readHolds(host);
  const inForce = holds.known ? holds.value.filter((hold) => isInForce(hold, nowMs)) : null;
  return tell([describeMatrix(snapshot, applications), describeHolds(inForce)].join('\n\n'));
}
