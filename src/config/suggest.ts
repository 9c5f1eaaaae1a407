import { distance } from 'fastest-levenshtein';

const LONGEST_SHOWN = 60;

/** A text of the config as it may stand in a message: on one line, in quotes, not endless. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}

/** `; did you mean "staging"?`, or nothing when no known text is near. */
export function didYouMean(text: string, known: readonly string[]): string {
  const nearest = findNearest(text, known);
  return nearest === null ? '' : `; did you mean ${quote(nearest)}?`;
}

function findNearest(text: string, known: readonly string[]): string | null {
  if (text.length > LONGEST_SHOWN) return null;
  const wanted = text.toLowerCase().replaceAll('_', '-');
  const ranked = known
    .map((each) => ({ each, away: distance(wanted, each.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  const [best] = ranked;
  if (best && best.away <= Math.max(1, Math.floor(text.length / 3))) return best.each;
  // Letters in another order, `form` for `from`, are two edits and one slip of the fingers.
  return known.find((each) => sortLetters(each) === sortLetters(wanted)) ?? null;
}

function sortLetters(text: string): string {
  return [...text.toLowerCase()].sort().join('');
}
