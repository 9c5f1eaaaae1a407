import { distance } from 'fastest-levenshtein';
import { COMMANDS, type CommandName } from './table.ts';

const SHORTEST = 4;
const LONGEST = 12;

/**
 * The command that a word behind a slash is a slip of the fingers of: one letter too many, too few or wrong, two in a
 * name of at least six letters, or letters in another order. Null for what is near to none: a path, another tool's
 * command, or a word of somebody's.
 */
export function suggestCommand(word: string): CommandName | null {
  if (word.length < SHORTEST || word.length > LONGEST) return null;
  const said = word.toLowerCase();
  const near = COMMANDS.map(({ name }) => ({ name, away: awayFrom(said, name) })).filter(
    ({ name, away }) => away <= (name.length < 6 ? 1 : 2),
  );
  near.sort((a, b) => a.away - b.away);
  return near[0]?.name ?? null;
}

/** Two letters that changed places are one slip, and two edits. */
function awayFrom(said: string, name: string): number {
  const edits = distance(said, name);
  return edits === 2 && sortLetters(said) === sortLetters(name) ? 1 : edits;
}

function sortLetters(text: string): string {
  return [...text].sort().join('');
}
