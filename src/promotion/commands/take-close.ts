import type { WordsCommand } from '../../domain/commands/command.ts';
import { noteOnce } from '../apply/note-once.ts';
import { code, plain } from '../markdown.ts';
import { GIVEN_UP_MARK } from '../observe/observe-pulls.ts';
import type { CommandCall } from './command-call.ts';
import { refuse, type Taken } from './taken.ts';

const SHOWN = code('/close');

/** Takes `/close`: gives up the promotion of the pull request, as closing it on GitHub does, until there is a newer release. */
export async function takeClose(
  { host, snapshot, comment, authoriser }: CommandCall,
  { words }: Pick<WordsCommand, 'words'>,
): Promise<Taken> {
  const carried = snapshot.candidates.filter(({ open }) => open?.pull.number === comment.issue);
  const mark = `<!-- sluice:closed comment=${comment.id} -->`;
  if (carried.length === 0 && (await isSaid(host, comment.issue, mark)))
    return { targets: [], answers: [], isTaken: true };
  if (carried.length === 0)
    return refuse(`${SHOWN} is for the pull request of an open promotion; comment it there.`);
  const refused = await authoriser.refuse({ name: 'close', shown: SHOWN }, carried);
  if (refused !== null) return refuse(refused);
  const reason = words.length > 0 ? `: ${plain(words.join(' '))}` : '';
  const text = `Given up by ${code(comment.author)}${reason}. Sluice promotes it again when there is a newer release, or when somebody says ${code('/promote')} here.`;
  await noteOnce(host, comment.issue, { mark, text });
  const { body } = carried[0]!.open!.pull;
  await host.updatePull(comment.issue, { body: `${body}\n\n${GIVEN_UP_MARK}`, state: 'closed' });
  return { targets: [], answers: [], isTaken: true };
}

/** It was closed for this comment before, by a process that died before it could say so. */
async function isSaid(host: CommandCall['host'], issue: number, mark: string): Promise<boolean> {
  return (await host.listComments(issue)).some(({ isSluices, body }) => isSluices && body.includes(mark));
}
