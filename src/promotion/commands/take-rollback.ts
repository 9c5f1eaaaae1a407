import type { BadRelease } from '../../domain/bad-release.ts';
import type { WordsCommand } from '../../domain/commands/command.ts';
import { type RollbackWords, readRollbackWords } from '../../domain/rollback-words.ts';
import { describeTarget, type TargetId, targetKey } from '../../domain/target.ts';
import { code, plain } from '../markdown.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { beginRollback } from '../rollback/begin-rollback.ts';
import { forgetBad } from '../rollback/forget-bad.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';
import type { CommandCall } from './command-call.ts';
import { namesOf, targetHere } from './take-hold.ts';
import { refuse, type Taken } from './taken.ts';

type Host = RepositoryReader & RepositoryWriter;

/** Takes `/rollback` by somebody who may: decides it, and has the target looked at, which opens its pull request. */
export async function takeRollback(
  { host, snapshot, comment, authoriser, nowMs }: CommandCall,
  command: Pick<WordsCommand, 'words'>,
): Promise<Taken> {
  const reading = readRollbackWords(command.words, namesOf(snapshot));
  if (!reading.ok) return refuse(`${code('/rollback')}: ${reading.problem}.`);
  const { words } = reading;
  const chosen = await chooseTarget(host, snapshot, comment, words);
  if ('problem' in chosen) return refuse(chosen.problem);
  const { candidate } = chosen;
  const refused = await authoriser.refuse({ name: 'rollback', shown: code('/rollback') }, [candidate]);
  if (refused !== null) return refuse(refused);
  const target = { application: candidate.application, environment: candidate.environment.name };
  const { author: actor, url } = comment;
  if (words.isForgetting) {
    const forgotten = await forgetBad(host, { target, release: words.release, actor, url }, nowMs);
    return {
      targets: forgotten.isTaken ? [targetKey(target)] : [],
      answers: [forgotten.answer],
      isTaken: forgotten.isTaken,
    };
  }
  const order = {
    target,
    to: words.release,
    actor,
    reason: words.reason || 'by hand',
    url,
    saidAtMs: Date.parse(comment.createdAt),
    isAutomatic: false,
  };
  const begun = await beginRollback(host, snapshot, order, nowMs);
  if (!begun.known)
    return refuse(`${describe(target)} is not rolled back: ${begun.reason}.${adviseHold(target)}`);
  return {
    targets: [targetKey(target)],
    answers: [describeBegun(candidate, begun.value)],
    isTaken: true,
    hasDecided: true,
  };
}

type Chosen = { candidate: Candidate } | { problem: string };

/** What is not named is that of the pull request that the comment stands on, open or ended. */
async function chooseTarget(
  host: Host,
  snapshot: Snapshot,
  comment: Comment,
  { application, environment }: RollbackWords,
): Promise<Chosen> {
  const isWhole = application !== null && environment !== null;
  const here: TargetId | null = isWhole ? null : await targetHere(host, snapshot, comment);
  // An application that is not the pull request's is in an environment of its own choice.
  const isHere = here !== null && (application ?? here.application) === here.application;
  const name = application ?? here?.application ?? null;
  const place = environment ?? (isHere ? here.environment : null);
  const meant = snapshot.candidates.filter(
    (each) => each.application === name && (place === null || each.environment.name === place),
  );
  if (meant.length === 1) return { candidate: meant[0]! };
  if (name === null)
    return { problem: `Say what is to be rolled back, for example ${code(exampleOf(snapshot.candidates))}.` };
  if (meant.length === 0)
    return { problem: `${describe({ application: name, environment: place ?? '' })} does not exist.` };
  const places = meant.map((each) => code(`/rollback ${name} in ${each.environment.name}`)).slice(0, 10);
  return { problem: `**${plain(name)}** is in several environments; say which: ${places.join(', ')}.` };
}

function exampleOf(candidates: readonly Candidate[]): string {
  const last = candidates.at(-1);
  return `/rollback ${last?.application ?? 'checkout'} in ${last?.environment.name ?? 'prod'}`;
}

function describeBegun(
  { environment }: Candidate,
  { application, release, by, rollback, environment: name }: BadRelease,
): string {
  const target = { application, environment: name };
  const lifted = environment.rollback?.isHoldLifted ? ', or until a newer release comes' : '';
  return `${code(by)} rolls ${describe(target)} back from ${code(release)} to ${code(rollback.release)}, in a pull request of its own. ${code(release)} is not promoted there again, and ${describe(target)} is held until ${code(`/resume ${application} ${name}`)}${lifted}; the environments before go on.`;
}

function describe(target: TargetId): string {
  const { application, environment } = target;
  return `**${plain(application)}** in **${plain(environment)}**`;
}

function adviseHold(target: TargetId): string {
  const { application, environment } = target;
  return ` Nothing is held by this; ${code(`/hold ${application} ${environment} REASON`)} stops what would come next to ${plain(describeTarget(target))}.`;
}
