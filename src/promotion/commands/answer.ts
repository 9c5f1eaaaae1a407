import type { Command } from '../../domain/commands/command.ts';
import { capBody, code } from '../markdown.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { permissionOf } from './take-command.ts';
import type { Taken } from './taken.ts';

type Host = RepositoryReader & RepositoryWriter;

/** A command with what became of it; null for what concerns the whole comment. */
interface Answered {
  command: Command | null;
  taken: Taken;
}

/** Answers that are folded when a newer one comes, in one go; more stay as they are until the next. */
const MOST_FOLDED = 5;
const FOLDED = '<!-- sluice:folded -->';

/**
 * Says what there is to say, and reacts. The reaction comes last: it tells that the work on the comment has ended. When a
 * process died in between, the command is taken again, and what was said the first time stands: a hold that is gone
 * cannot be ended twice.
 */
export async function answer(host: Host, comment: Comment, answered: readonly Answered[]): Promise<void> {
  const isDone = answered.some(({ taken }) => taken.isTaken);
  const refusals = new Set(answered.flatMap(({ taken }) => (taken.isTaken ? [] : taken.answers)));
  const answers = [...refusals, ...answered.flatMap(({ taken }) => (taken.isTaken ? taken.answers : []))];
  const isTold = answered.every(({ command }) => command !== null && permissionOf(command) === null);
  const said = answers.length > 0 ? await sayOnce(host, comment, isDone, answers, isTold) : { isDone };
  await host.react(comment.id, said.isDone ? 'rocket' : 'confused');
}

/** An edit may be somebody else's: it starts nothing, and whoever wrote it is told so. */
export async function sayEdited(host: Host, comment: Comment): Promise<void> {
  const text = `This comment has been edited, and an edit may be somebody else's: nothing was done. ${code('/help')} and all other commands count in a new comment.`;
  await sayOnce(host, comment, false, [text], false);
  await host.react(comment.id, 'confused');
}

/** `isTold`: it tells how things are now, and changes nothing, so that a newer one takes its place. */
async function sayOnce(
  host: Host,
  comment: Comment,
  isDone: boolean,
  answers: readonly string[],
  isTold: boolean,
): Promise<{ isDone: boolean }> {
  const markOf = (done: boolean) => `<!-- sluice:answer comment=${comment.id}${done ? ' done' : ''} -->`;
  const own = (await host.listComments(comment.issue)).filter(({ isSluices }) => isSluices);
  for (const done of [true, false])
    if (own.some(({ body }) => body.includes(markOf(done)))) return { isDone: done };
  const told = isTold ? `\n${TOLD}` : '';
  await host.comment(comment.issue, `${capBody(answers.join('\n\n'))}\n${markOf(isDone)}${told}`);
  if (isTold) await foldOlder(host, own);
  return { isDone };
}

const TOLD = '<!-- sluice:told -->';

/** How things were is of less use than how they are: older answers of the thread that only told are folded. */
async function foldOlder(host: Host, own: readonly Comment[]): Promise<void> {
  const older = own.filter(({ body }) => body.includes(TOLD) && !body.includes(FOLDED));
  for (const { id, body } of older.slice(-MOST_FOLDED)) {
    const folded = `<details><summary>An older answer</summary>\n\n${body}\n\n</details>\n${FOLDED}`;
    await host.updateComment(id, folded);
  }
}
