import { type Command, parseCommands } from '../domain/command.ts';
import { hasRole, type Role } from '../domain/role.ts';
import type { Settings } from '../domain/settings.ts';
import { sourcesOf } from './choose-targets.ts';
import { code } from './markdown.ts';
import { noteOnce } from './note-once.ts';
import { observe } from './observe.ts';
import type { PromotionRequest } from './occasion.ts';
import type { Comment, RepositoryReader, RepositoryWriter } from './ports.ts';
import { type Dependencies, type Outcome, reconcile } from './reconcile.ts';
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
  const { host, http, reported, log, now } = dependencies;
  const opened = await host.open(repository);
  const comment = await opened.readComment(commentId);
  if (!comment || comment.isBot || comment.isEdited) return null;
  const commands = parseCommands(comment.body);
  // A delivery may come again after days; a command is for once.
  if (commands.length === 0 || (await opened.hasAnswered(comment.id))) return null;
  const requests = new Map<string, PromotionRequest>();
  const looking = { lookAt: [], builds: [], ended: [], requests };
  const observation = await observe(opened, { builds: host.builds, http }, looking, reported, now());
  if (observation.kind === 'no-config') return null;
  if (observation.kind === 'broken-config') {
    await answer(opened, comment, false, [
      'The config on the default branch is broken; nothing is promoted until it is mended.',
    ]);
    return null;
  }
  const { allowed, refused } = await authorise(opened, observation.snapshot.settings, comment, commands);
  if (refused.length > 0) log.info({ repository, actor: comment.author, comment: comment.id }, refused[0]!);
  // What a first environment is due, only its CI can tell.
  const promotes = allowed.filter((command) => command.name === 'promote');
  const whys = allowed.filter((command) => command.name === 'why');
  const lookAt = [
    ...(await sourcesOf(opened, observation.snapshot, comment, promotes)),
    ...(await sourcesOfWhys(opened, observation.snapshot, comment, whys)),
  ];
  const occasion = { ...looking, lookAt };
  const again =
    lookAt.length > 0
      ? await observe(opened, { builds: host.builds, http }, occasion, reported, now())
      : observation;
  const snapshot = again.kind === 'snapshot' ? again.snapshot : observation.snapshot;
  const taken = [await takePromotes(opened, snapshot, comment, promotes, requests)];
  for (const command of allowed.filter((each) => each.name === 'override')) {
    taken.push(await takeOverride(opened, snapshot, comment, command, now()));
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

/** Sorts commands by whether the author has the role for them, as GitHub tells it at this moment. */
async function authorise(
  host: Host,
  settings: Settings,
  comment: Comment,
  commands: readonly Command[],
): Promise<{ allowed: Command[]; refused: string[] }> {
  const role = await host.readRole(comment.author);
  const may = (name: Command['name']) => hasRole(role, leastRole(settings, name));
  const names = [...new Set(commands.map(({ name }) => name))].filter((name) => !may(name));
  return {
    allowed: commands.filter(({ name }) => may(name)),
    refused: names.map(
      (name) =>
        `\`/${name}\` needs the role **${leastRole(settings, name)}** on this repository, and ${code(comment.author)} has **${role}**.`,
    ),
  };
}

function leastRole({ promoteRole, overrideRole }: Settings, name: Command['name']): Role {
  if (name === 'why') return 'read';
  return name === 'override' ? overrideRole : promoteRole;
}

async function answer(
  host: Host,
  comment: Comment,
  isDone: boolean,
  answers: readonly string[],
): Promise<void> {
  await host.react(comment.id, isDone ? 'rocket' : 'confused');
  if (answers.length === 0) return;
  await noteOnce(host, comment.issue, {
    mark: `<!-- sluice:answer comment=${comment.id} -->`,
    text: answers.join('\n\n'),
  });
}
