import { CONFIG_PATH } from '../../config/parse-config.ts';
import { parseCommands } from '../../domain/commands/parse-commands.ts';
import type { GitReader } from '../ports/git.ts';
import type { ListedComment, PullReader } from '../ports/pulls.ts';

/** How far the comments of each repository were looked through. Safe to lose: then there is more to look through. */
export type HeardComments = Map<string, Heard>;

interface Heard {
  /** ISO 8601: what has not changed since then was looked through. */
  since: string;
  /** Commands that were changed since then and need nothing more, with the time of their change. */
  settled: Map<number, string>;
}

/** The time for which GitHub delivers again: https://docs.github.com/en/webhooks/using-webhooks/redelivering-webhooks */
const LOOK_BACK_MS = 3 * 24 * 60 * 60 * 1000;
/** A list may show a comment later than one that was written after it. */
const OVERLAP_MS = 10 * 60 * 1000;
const PAGE = 100;
const MOST_PAGES = 10;

type Reader = Pick<PullReader, 'listChangedComments' | 'hasAnswered'> &
  Pick<GitReader, 'wasChangedBefore'> & { readonly fullName: string };

/**
 * Finds the commands that nobody has answered, oldest first, and gives each to `take` once: those since the last look,
 * and of the last three days at the first one. It is one call to GitHub when there is nothing new. True when there is
 * more to look through, since it reads at most ten pages.
 */
export async function findCommands(
  reader: Reader,
  heard: HeardComments,
  nowMs: number,
  take: (commentId: number) => Promise<void>,
): Promise<boolean> {
  const from = heard.get(reader.fullName) ?? {
    since: secondsOf(nowMs - LOOK_BACK_MS),
    settled: new Map<number, string>(),
  };
  const { comments, isWhole } = await listFrom(reader, from.since);
  const settled = new Map(from.settled);
  const commands = comments.filter(isCommand).sort((a, b) => a.id - b.id);
  for (const comment of commands) {
    if (settled.has(comment.id)) continue;
    if (await isToBeAnswered(reader, comment)) await take(comment.id);
    settled.set(comment.id, comment.updatedAt);
  }
  const next = moveOn(from.since, comments, settled, isWhole);
  heard.set(reader.fullName, next);
  return !isWhole && next.since > from.since;
}

/**
 * Each further page is asked for by the last time that the one before has: a comment that somebody changes meanwhile
 * goes to the end of the list, and would shift pages that are counted.
 */
async function listFrom(
  reader: Reader,
  since: string,
): Promise<{ comments: ListedComment[]; isWhole: boolean }> {
  const comments = new Map<number, ListedComment>();
  let from = since;
  let page = 1;
  for (let read = 0; read < MOST_PAGES; read++) {
    const listed = await reader.listChangedComments(from, page);
    for (const comment of listed) comments.set(comment.id, comment);
    if (listed.length < PAGE) return { comments: [...comments.values()], isWhole: true };
    const last = listed.at(-1)!.updatedAt;
    page = last === from ? page + 1 : 1;
    from = last;
  }
  return { comments: [...comments.values()], isWhole: false };
}

function isCommand({ isBot, isEdited, body }: ListedComment): boolean {
  return !isBot && !isEdited && parseCommands(body).length > 0;
}

/**
 * The reactions that a list counts may be anybody's. What was said before there was a config was not said to Sluice:
 * other tools have commands of the same names.
 */
async function isToBeAnswered(
  reader: Reader,
  { id, hasVerdict, createdAt }: ListedComment,
): Promise<boolean> {
  if (hasVerdict && (await reader.hasAnswered(id))) return false;
  return reader.wasChangedBefore(CONFIG_PATH, createdAt);
}

/** The time is one that GitHub gave, so that a look at nothing new asks for the same as the one before, and costs nothing. */
function moveOn(
  since: string,
  comments: readonly ListedComment[],
  settled: ReadonlyMap<number, string>,
  isWhole: boolean,
): Heard {
  const newest = [since, ...comments.map(({ updatedAt }) => updatedAt)].sort().at(-1)!;
  const overlapping = secondsOf(Date.parse(newest) - OVERLAP_MS);
  const next = isWhole || overlapping > since ? overlapping : newest;
  const moved = [since, next].sort().at(-1)!;
  return { since: moved, settled: new Map([...settled].filter(([, updatedAt]) => updatedAt >= moved)) };
}

/** As GitHub writes times, so that they can be compared as text. */
function secondsOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
