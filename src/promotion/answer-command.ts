import { promotionBranch } from '../domain/branch-name.ts';
import { type Command, parseCommands } from '../domain/command.ts';
import { targetKey } from '../domain/target.ts';
import { code, plain } from './markdown.ts';
import { noteOnce } from './note-once.ts';
import { observe } from './observe.ts';
import type { Comment, RepositoryReader, RepositoryWriter } from './ports.ts';
import { type Dependencies, type Outcome, reconcile } from './reconcile.ts';
import { hasRole } from './roles.ts';
import type { Candidate, Snapshot } from './snapshot.ts';

type Host = RepositoryReader & RepositoryWriter;

/** What a command comes to: targets to promote, or words for whoever gave it. */
interface Verdict {
  chosen: Candidate[];
  answers: string[];
}

/**
 * Does what a comment asks for. The person's own, unedited comment is what counts, read from GitHub at this moment,
 * and so is the person's role; bots and edited comments start nothing.
 */
export async function answerCommand(
  dependencies: Dependencies,
  repository: string,
  commentId: number,
): Promise<Outcome | null> {
  const { host, reported, log } = dependencies;
  const opened = await host.open(repository);
  const comment = await opened.readComment(commentId);
  if (!comment || comment.isBot || comment.isEdited) return null;
  const commands = parseCommands(comment.body);
  if (commands.length === 0) return null;
  const requests = new Map<string, string>();
  const looking = { lookAt: [], builds: [], ended: [], requests };
  const observation = await observe(opened, host.builds, looking, reported);
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
  const again = lookAt.length > 0 ? await observe(opened, host.builds, occasion, reported) : observation;
  const snapshot = again.kind === 'snapshot' ? again.snapshot : observation.snapshot;
  const verdicts = await Promise.all(commands.map((command) => choose(opened, snapshot, comment, command)));
  const chosen = verdicts.flatMap((verdict) => verdict.chosen);
  for (const candidate of chosen) {
    occasion.requests.set(
      targetKey({ application: candidate.application, environment: candidate.environment.name }),
      comment.author,
    );
    await relay(opened, comment, candidate);
  }
  log.info(
    { repository, actor: comment.author, comment: comment.id, targets: [...occasion.requests.keys()] },
    'command taken',
  );
  const outcome = chosen.length > 0 ? await reconcile(dependencies, repository, occasion) : null;
  await answer(
    opened,
    comment,
    chosen.length > 0,
    verdicts.flatMap(({ answers }) => answers),
  );
  return outcome;
}

/** Repositories that build the applications which the commands may mean. */
async function sourcesOf(
  host: Host,
  snapshot: Snapshot,
  { issue }: Comment,
  commands: readonly Command[],
): Promise<string[]> {
  const { sources } = snapshot.settings;
  if (sources.length === 0) return [];
  const branch = commands.some(({ applications }) => applications.length === 0)
    ? await branchOf(host, snapshot, issue)
    : null;
  const meant = snapshot.candidates
    .filter(({ environment }) => environment.from.length === 0)
    .filter(
      ({ application, environment }) =>
        branch === promotionBranch(application, environment.name) ||
        commands.some(
          ({ applications, to }) =>
            applications.includes(application) && (to === null || to === environment.name),
        ),
    )
    .map(({ application }) => application);
  const repositories = sources.filter(({ application }) => meant.includes(application));
  return [...new Set(repositories.map(({ repository }) => repository))];
}

/** The targets that a command means: those it names, or that of the pull request it stands on. */
async function choose(host: Host, snapshot: Snapshot, comment: Comment, command: Command): Promise<Verdict> {
  if (command.problem) return refuse(`${code('/promote')}: ${command.problem}.`);
  const { candidates } = snapshot;
  if (command.applications.length === 0 && command.to === null) {
    const branch = await branchOf(host, snapshot, comment.issue);
    const meant = candidates.filter(
      (each) => branch === promotionBranch(each.application, each.environment.name),
    );
    if (meant.length === 0) return refuse(usage(candidates));
    return { chosen: meant.filter(isDue), answers: meant.filter((each) => !isDue(each)).map(explain) };
  }
  const unknown = command.applications.filter(
    (name) => !candidates.some(({ application }) => application === name),
  );
  if (unknown.length > 0)
    return refuse(`There is no application ${unknown.map(code).join(', ')}. ${usage(candidates)}`);
  const { environments } = snapshot.settings;
  if (command.to !== null && !environments.some(({ name }) => name === command.to)) {
    return refuse(
      `There is no environment ${code(command.to)}; there are ${environments.map(({ name }) => code(name)).join(', ')}.`,
    );
  }
  if (command.applications.length === 0) return refuse(usage(candidates));
  const named = candidates.filter(
    ({ application, environment }) =>
      command.applications.includes(application) && (command.to === null || command.to === environment.name),
  );
  const due = named.filter(isDue);
  if (due.length > 0) return { chosen: due, answers: [] };
  return named.length > 0
    ? { chosen: [], answers: named.map(explain) }
    : refuse(`The application does not exist in ${code(command.to ?? '')}.`);
}

function isDue({ promotion, open }: Candidate): boolean {
  return promotion !== null || open !== null;
}

/** Branch of the promotion pull request that a comment stands on, closed ones too; null on anything else. */
async function branchOf(host: Host, { candidates }: Snapshot, issue: number): Promise<string | null> {
  const open = candidates.find((candidate) => candidate.open?.pull.number === issue)?.open;
  if (open) return open.pull.branch;
  const pull = await host.readPull(issue);
  return pull?.isSluices ? pull.branch : null;
}

function refuse(answer: string): Verdict {
  return { chosen: [], answers: [answer] };
}

function usage(candidates: readonly Candidate[]): string {
  const example = candidates.find(isDue) ?? candidates[0];
  const text = example
    ? `/promote ${example.application} to ${example.environment.name}`
    : '/promote APPLICATION to ENVIRONMENT';
  return `Say which application and where to, for example ${code(text)}, or comment ${code('/promote')} on a promotion's pull request.`;
}

function explain({ application, environment, notPromoted, unheard }: Candidate): string {
  const target = `**${plain(application)}** to **${plain(environment.name)}**`;
  const reasons = [...notPromoted, ...unheard].map(({ reason }) => reason.replace(/@/g, '@\u200b'));
  if (reasons.length > 0) return `${target}: ${reasons.join('; ')}.`;
  if (environment.from.length > 0)
    return `${target}: there is nothing to promote; it holds the release already.`;
  return `${target}: a first environment takes builds, and its \`sources\` know of none that it does not hold already. A dispatch only its CI can send again.`;
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
