import type { PromoteCommand } from '../../domain/commands/command.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { namesRelease } from '../../domain/release.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import { code, joinReasons, plain } from '../markdown.ts';
import { readMember, readPlanned } from '../observe/observe-pulls.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';

/** What a command comes to: targets to promote, or words for whoever gave it. */
export interface Verdict {
  chosen: Candidate[];
  /** They are not due the release that the command names. */
  others?: Candidate[];
  answers: string[];
}

/** Repositories that build the applications which the commands may mean. */
export async function sourcesOf(
  host: RepositoryReader,
  snapshot: Snapshot,
  { issue }: Comment,
  commands: readonly PromoteCommand[],
): Promise<string[]> {
  const { sources } = snapshot.settings;
  if (sources.length === 0) return [];
  const branch = commands.some(({ applications }) => applications.length === 0)
    ? await branchOf(host, snapshot, issue)
    : null;
  const meant = snapshot.candidates
    .filter(({ environment }) => environment.from.length === 0)
    .filter(
      ({ application, environment, branch: own }) =>
        branch === own ||
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
export async function choose(
  host: RepositoryReader,
  snapshot: Snapshot,
  comment: Comment,
  command: PromoteCommand,
): Promise<Verdict> {
  if (command.problem) return refuse(`${code('/promote')}: ${command.problem}.`);
  const { candidates } = snapshot;
  if (command.applications.length === 0 && command.to === null) {
    const branch = await branchOf(host, snapshot, comment.issue);
    const meant = candidates.filter((each) => each.branch === branch && isIn(each, comment.issue));
    if (meant.length === 0) return refuse(usage(candidates));
    const { still, answers } = await splitEnded(host, snapshot, comment.issue, meant);
    if (still.length + answers.length === 0) return refuse(usage(candidates));
    return {
      chosen: still.filter(isDue),
      answers: [...answers, ...still.filter((each) => !isDue(each)).map(explain)],
    };
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
  if (command.release !== null && named.length > 0) return splitNamed(named, command.release);
  const due = named.filter(isDue);
  if (due.length > 0) return { chosen: due, answers: [] };
  return named.length > 0
    ? { chosen: [], answers: named.map(explain) }
    : refuse(`The application does not exist in ${code(command.to ?? '')}.`);
}

/** Those that are due just what the command names, and the others, whose sources may have held it before. */
function splitNamed(named: readonly Candidate[], release: string): Verdict {
  const isMeant = (each: Candidate) => {
    const due = dueOf(each);
    return due !== null && namesRelease(release, due.release.label);
  };
  return {
    chosen: named.filter(isMeant),
    others: named.filter((each) => !isMeant(each)),
    answers: [],
  };
}

/** On the pull request of a group, a bare command means those that are in it. */
function isIn({ openGroup, open }: Candidate, issue: number): boolean {
  return openGroup?.pull.number !== issue || open !== null;
}

function isDue(candidate: Candidate): boolean {
  return candidate.open !== null || dueOf(candidate) !== null;
}

/** What a person's word brings: what is due, or else what the source holds although it has not qualified yet. */
export function dueOf({ promotion, unqualified, open }: Candidate): Promotion | null {
  return promotion ?? (open ? null : (unqualified ?? null));
}

/** Branch of the promotion pull request that a comment stands on, closed ones too; null on anything else. */
export async function branchOf(
  host: RepositoryReader,
  { candidates }: Snapshot,
  issue: number,
): Promise<string | null> {
  const open = candidates.find((candidate) => candidate.open?.pull.number === issue)?.open;
  if (open) return open.pull.branch;
  const pull = await host.readPull(issue);
  return pull?.isSluices ? pull.branch : null;
}

/** The pull request is about to carry another release than the one that it shows: nobody can have asked for that. */
export function hasMovedOn({ promotion, open }: Candidate): boolean {
  const shown = open?.trailers?.fingerprint;
  return promotion !== null && shown !== undefined && shown !== promotion.release.fingerprint;
}

export function explainMoved({ application, environment, promotion, open }: Candidate): string {
  const target = `**${plain(application)}** to **${plain(environment.name)}**`;
  return `${target}: #${open!.pull.number} carries ${code(promotion!.release.label)} now, instead of ${code(open!.trailers!.release)}. Look at it, and say ${code('/promote')} again.`;
}

/**
 * Of a bare command on a pull request that has ended: what that carried and is due still, and words on what is due now
 * in its place. Others of a group that were not in it are not meant.
 */
async function splitEnded(
  host: RepositoryReader,
  { candidates }: Snapshot,
  issue: number,
  meant: readonly Candidate[],
): Promise<{ still: Candidate[]; answers: string[] }> {
  const isOpen = candidates.some(({ open }) => open?.pull.number === issue);
  const pull = isOpen ? null : await host.readPull(issue);
  if (!pull) return { still: [...meant], answers: [] };
  const head = await host.readCommit(pull.headSha);
  const { group } = readPlanned(head, pull.branch);
  const carried = meant
    .map((candidate) => ({
      candidate,
      trailers: readMember(head, pull.branch, candidate.application),
    }))
    .filter(({ trailers }) => trailers !== null || group === null);
  const answers = carried.flatMap(({ candidate, trailers }) => {
    const due = dueOf(candidate);
    return due && trailers?.fingerprint !== due.release.fingerprint ? [describeEnded(due, trailers)] : [];
  });
  const still = carried
    .filter(({ candidate, trailers }) => {
      const due = dueOf(candidate);
      return !due || trailers?.fingerprint === due.release.fingerprint;
    })
    .map(({ candidate }) => candidate);
  return { still, answers };
}

function describeEnded({ application, to, release }: Promotion, trailers: PromotionTrailers | null): string {
  const command = code(`/promote ${application} to ${to}`);
  const carried = trailers ? code(trailers.release) : 'what Sluice did not make';
  return `This carried ${carried}, and what is due now is ${code(release.label)}: ${command} promotes that.`;
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
  const reasons = joinReasons([...notPromoted, ...unheard]);
  if (reasons !== '') return `${target}: ${reasons}.`;
  if (environment.from.length > 0)
    return `${target}: there is nothing to promote; it holds the release already.`;
  return `${target}: a first environment takes builds, and its \`sources\` know of none that it does not hold already. A dispatch only its CI can send again.`;
}
