import { parseCommands } from '../domain/command.ts';
import { hasRole } from '../domain/role.ts';
import { targetKey } from '../domain/target.ts';
import { choose, explainMoved, hasMovedOn, sourcesOf } from './choose-targets.ts';
import { code } from './markdown.ts';
import { noteOnce } from './note-once.ts';
import { observe } from './observe.ts';
import type { PromotionRequest } from './occasion.ts';
import type { Comment, RepositoryReader, RepositoryWriter } from './ports.ts';
import { type Dependencies, type Outcome, reconcile } from './reconcile.ts';
import type { Candidate } from './snapshot.ts';

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
  const { host, reported, log, now } = dependencies;
  const opened = await host.open(repository);
  const comment = await opened.readComment(commentId);
  if (!comment || comment.isBot || comment.isEdited) return null;
  const commands = parseCommands(comment.body);
  // A delivery may come again after days; a command is for once.
  if (commands.length === 0 || (await opened.hasAnswered(comment.id))) return null;
  const requests = new Map<string, PromotionRequest>();
  const looking = { lookAt: [], builds: [], ended: [], requests };
  const observation = await observe(opened, host.builds, looking, reported, now());
  if (observation.kind === 'no-config') return null;
  if (observation.kind === 'broken-config') {
    await answer(opened, comment, false, [
      'The config on the default branch is broken; nothing is promoted until it is mended.',
    ]);
    return null;
  }
  const { settings } = observation.snapshot;
  const role = await opened.readRole(comment.author);
  if (!hasRole(role, settings.promoteRole)) {
    const need = `\`/promote\` needs the role **${settings.promoteRole}** on this repository, and ${code(comment.author)} has **${role}**.`;
    log.info({ repository, actor: comment.author, role, comment: comment.id }, 'command refused');
    await answer(opened, comment, false, [need]);
    return null;
  }
  // What a first environment is due, only its CI can tell.
  const lookAt = await sourcesOf(opened, observation.snapshot, comment, commands);
  const occasion = { ...looking, lookAt };
  const again =
    lookAt.length > 0 ? await observe(opened, host.builds, occasion, reported, now()) : observation;
  const snapshot = again.kind === 'snapshot' ? again.snapshot : observation.snapshot;
  const verdicts = await Promise.all(commands.map((command) => choose(opened, snapshot, comment, command)));
  const chosen = verdicts.flatMap((verdict) => verdict.chosen);
  const moved = chosen.filter(hasMovedOn);
  for (const candidate of chosen.filter((each) => !moved.includes(each))) {
    const { application, environment, promotion } = candidate;
    if (promotion) {
      const { fingerprint } = promotion.release;
      requests.set(targetKey({ application, environment: environment.name }), {
        requester: comment.author,
        fingerprint,
      });
    }
    await relay(opened, comment, candidate);
  }
  log.info(
    {
      repository,
      actor: comment.author,
      comment: comment.id,
      targets: chosen.map(({ application, environment }) =>
        targetKey({ application, environment: environment.name }),
      ),
    },
    'command taken',
  );
  const outcome = chosen.length > 0 ? await reconcile(dependencies, repository, occasion) : null;
  await answer(opened, comment, chosen.length > moved.length, [
    ...verdicts.flatMap(({ answers }) => answers),
    ...moved.map(explainMoved),
  ]);
  return outcome;
}

/** A request from elsewhere is pointed to on the pull request, where its gates find it. */
async function relay(host: Host, comment: Comment, { open }: Candidate): Promise<void> {
  if (!open || open.pull.number === comment.issue) return;
  const text = `${code(comment.author)} asked for this promotion: ${comment.url}`;
  await noteOnce(host, open.pull.number, { mark: `<!-- sluice:request comment=${comment.id} -->`, text });
}

async function answer(
  host: Host,
  comment: Comment,
  isTaken: boolean,
  answers: readonly string[],
): Promise<void> {
  await host.react(comment.id, isTaken ? 'rocket' : 'confused');
  if (answers.length === 0) return;
  await noteOnce(host, comment.issue, {
    mark: `<!-- sluice:answer comment=${comment.id} -->`,
    text: answers.join('\n\n'),
  });
}
