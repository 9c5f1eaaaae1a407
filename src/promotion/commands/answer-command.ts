import { type Command, parseCommands, type StopCommand } from '../../domain/command.ts';
import { capBody, code } from '../markdown.ts';
import { observe } from '../observe/observe.ts';
import { nothingTold, type PromotionRequest } from '../occasion.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { type Dependencies, type Outcome, reconcile } from '../reconcile.ts';
import { authorise } from './authorise.ts';
import { sourcesOf } from './choose-targets.ts';
import { takeStop } from './take-hold.ts';
import { takeOverride } from './take-override.ts';
import { type Taken, takePromotes } from './take-promote.ts';
import { sourcesOfWhys, takeWhy } from './take-why.ts';

type Host = RepositoryReader & RepositoryWriter;

/**
 * Does what a comment asks for. The person's own, unedited comment is what counts, read from GitHub at this moment,
 * and so is the person's role; bots and edited comments start nothing.
 */
export async function answerCommand(
  dependencies: Dependencies,
  repository: string,
  commentId: number,
): Promise<Outcome | null> {
  const { host, http, kept, reported, log, now } = dependencies;
  const outside = { builds: host.builds, http, kept };
  const opened = await host.open(repository);
  const comment = await opened.readComment(commentId);
  if (!comment || comment.isBot || comment.isEdited) return null;
  const commands = parseCommands(comment.body);
  // A delivery may come again after days; a command is for once.
  if (commands.length === 0 || (await opened.hasAnswered(comment.id))) return null;
  const requests = new Map<string, PromotionRequest>();
  const looking = { lookAt: [], readTold: nothingTold, ended: [], requests };
  const observation = await observe(opened, outside, looking, reported, now());
  if (observation.kind === 'no-config') return null;
  if (observation.kind === 'broken-config') {
    await answer(opened, comment, false, [
      'The config on the default branch is broken; nothing is promoted until it is mended.',
    ]);
    return null;
  }
  const asked = commands.map(({ name }) => ({ name, shown: code(`/${name}`) }));
  const { settings } = observation.snapshot;
  const { may, refused } = await authorise(opened, settings, comment.author, asked);
  const allowed = commands.filter(({ name }) => may(name));
  if (refused.length > 0) log.info({ repository, actor: comment.author, comment: comment.id }, refused[0]!);
  // What a first environment is due, only its CI can tell.
  const promotes = allowed.filter((command) => command.name === 'promote');
  const whys = allowed.filter((command) => command.name === 'why');
  const lookAt = [
    ...(await sourcesOf(opened, observation.snapshot, comment, promotes)),
    ...(await sourcesOfWhys(opened, observation.snapshot, comment, whys)),
  ];
  const occasion = { ...looking, lookAt };
  const again = lookAt.length > 0 ? await observe(opened, outside, occasion, reported, now()) : observation;
  const snapshot = again.kind === 'snapshot' ? again.snapshot : observation.snapshot;
  const taken = [await takePromotes(opened, snapshot, comment, promotes, requests)];
  for (const command of allowed.filter((each) => each.name === 'override')) {
    taken.push(await takeOverride(opened, snapshot, comment, command, now()));
  }
  for (const command of allowed.filter(isStop)) {
    taken.push(await takeStop(opened, snapshot, comment, command, now()));
  }
  for (const command of whys) {
    taken.push(await takeWhy(opened, http, snapshot, comment, command, now()));
  }
  const targets = taken.flatMap((each) => each.targets);
  log.info({ repository, actor: comment.author, comment: comment.id, targets }, 'command taken');
  const outcome = targets.length > 0 ? await reconcile(dependencies, repository, occasion) : null;
  const answers = [...refused, ...taken.flatMap((each) => each.answers)];
  await answer(opened, comment, taken.some(isTaken), answers);
  return outcome;
}

function isTaken(taken: Taken): boolean {
  return taken.isTaken;
}

function isStop(command: Command): command is StopCommand {
  return command.name === 'hold' || command.name === 'resume' || command.name === 'freeze';
}

/**
 * The reaction comes last: it tells that the work on the comment has ended. When a process died in between, the command
 * is taken again, and what was said the first time stands: a hold that is gone cannot be ended twice.
 */
async function answer(
  host: Host,
  comment: Comment,
  isDone: boolean,
  answers: readonly string[],
): Promise<void> {
  const said = answers.length > 0 ? await sayOnce(host, comment, isDone, answers) : { isDone };
  await host.react(comment.id, said.isDone ? 'rocket' : 'confused');
}

async function sayOnce(
  host: Host,
  comment: Comment,
  isDone: boolean,
  answers: readonly string[],
): Promise<{ isDone: boolean }> {
  const markOf = (done: boolean) => `<!-- sluice:answer comment=${comment.id}${done ? ' done' : ''} -->`;
  const own = (await host.listComments(comment.issue)).filter(({ isSluices }) => isSluices);
  for (const done of [true, false])
    if (own.some(({ body }) => body.includes(markOf(done)))) return { isDone: done };
  await host.comment(comment.issue, `${capBody(answers.join('\n\n'))}\n${markOf(isDone)}`);
  return { isDone };
}
