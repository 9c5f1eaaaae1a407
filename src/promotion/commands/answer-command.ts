import type { Command, PromoteCommand, WordsCommand } from '../../domain/commands/command.ts';
import { parseCommands } from '../../domain/commands/parse-commands.ts';
import { code } from '../markdown.ts';
import { applicationsOfPull } from '../observe/applications-of-pull.ts';
import { observe } from '../observe/observe.ts';
import { nothingTold, type PromotionRequest } from '../occasion.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { type Dependencies, type Outcome, reconcile } from '../reconcile.ts';
import type { Snapshot } from '../snapshot.ts';
import { answer, sayEdited } from './answer.ts';
import { makeAuthoriser } from './authorise.ts';
import { sourcesOf } from './choose-targets.ts';
import type { CommandCall } from './command-call.ts';
import { tellNamed } from './name-release.ts';
import { permissionOf, takeCommand } from './take-command.ts';
import { sourcesOfWhys } from './take-why.ts';
import { refuse, type Taken } from './taken.ts';

/**
 * Does what a comment asks for. The person's own, unedited comment is what counts, read from GitHub at this moment, and
 * so is what the person may; bots and edited comments start nothing.
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
  if (!comment || comment.isBot) return null;
  const said = parseCommands(comment.body);
  // A delivery may come again after days; a command is for once.
  if (said.length === 0 || (await opened.hasAnswered(comment.id))) return null;
  const requests = new Map<string, PromotionRequest>();
  const looking = { lookAt: [], readTold: nothingTold, ended: [], requests };
  const observation = await observe(opened, outside, looking, reported, now());
  if (observation.kind === 'no-config') return null;
  if (comment.isEdited) {
    await sayEdited(opened, comment);
    return null;
  }
  await opened.react(comment.id, 'eyes');
  if (observation.kind === 'broken-config') {
    const text = 'The config on the default branch is broken; nothing is promoted until it is mended.';
    await answer(opened, comment, [{ command: null, taken: refuse(text) }]);
    return null;
  }
  const commands = await inferApplications(opened, observation.snapshot, comment, said);
  const lookAt = await findSources(opened, observation.snapshot, comment, commands);
  const again =
    lookAt.length > 0 ? await observe(opened, outside, { ...looking, lookAt }, reported, now()) : observation;
  const snapshot = again.kind === 'snapshot' ? again.snapshot : observation.snapshot;
  const authoriser = makeAuthoriser(opened, snapshot, comment.author);
  const call: CommandCall = {
    host: opened,
    sources: host.sources,
    history: dependencies.history ?? null,
    http,
    snapshot,
    comment,
    authoriser,
    nowMs: now(),
  };
  const taken: { command: Command; taken: Taken }[] = [];
  for (const command of commands) {
    const name = permissionOf(command);
    const refused = name && (await authoriser.refuseAnywhere({ name, shown: code(`/${command.name}`) }));
    if (refused) log.info({ repository, actor: comment.author, comment: comment.id }, refused);
    taken.push({ command, taken: refused ? refuse(refused) : await takeCommand(call, command, requests) });
  }
  const targets = taken.flatMap((each) => each.taken.targets);
  log.info({ repository, actor: comment.author, comment: comment.id, targets }, 'command taken');
  const wanted = taken.flatMap((each) => each.taken.lookAt ?? []);
  const readsStops = taken.some((each) => each.taken.hasDecided);
  const occasion = { ...looking, lookAt: [...new Set([...lookAt, ...wanted])], readsStops };
  const outcome = targets.length > 0 ? await reconcile(dependencies, repository, occasion) : null;
  const told = taken.map((each) => ({ ...each, taken: tellNamed(each.taken, outcome) }));
  await answer(opened, comment, told);
  return outcome;
}

/** On somebody's pull request, `/promote` without an application means those whose files it changes. */
async function inferApplications(
  host: RepositoryReader,
  snapshot: Snapshot,
  { issue }: Comment,
  commands: readonly Command[],
): Promise<Command[]> {
  const isBare = (each: Command): each is PromoteCommand =>
    each.name === 'promote' && each.applications.length === 0;
  const isPromotion = snapshot.candidates.some(({ open }) => open?.pull.number === issue);
  if (isPromotion || !commands.some(isBare)) return [...commands];
  const applications = [...(await applicationsOfPull(host, snapshot.targets, issue))];
  return commands.map((each) => (isBare(each) ? { ...each, applications } : each));
}

/** What a first environment is due, only its CI can tell. */
async function findSources(
  host: RepositoryReader,
  snapshot: Snapshot,
  comment: Comment,
  commands: readonly Command[],
): Promise<string[]> {
  const promotes = commands.filter((each): each is PromoteCommand => each.name === 'promote');
  const whys = commands.filter((each): each is WordsCommand => each.name === 'why');
  const found = [
    ...(promotes.length > 0 ? await sourcesOf(host, snapshot, comment, promotes) : []),
    ...(whys.length > 0 ? await sourcesOfWhys(host, snapshot, comment, whys) : []),
  ];
  return [...new Set(found)];
}
