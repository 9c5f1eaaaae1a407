import { targetKey } from '../../domain/target.ts';
import { code, joinReasons, plain } from '../markdown.ts';
import { findNamed, type NamedRelease } from '../observe/find-named.ts';
import { orUnknown } from '../or-unknown.ts';
import type { Outcome } from '../reconcile.ts';
import type { Candidate } from '../snapshot.ts';
import { dueOf } from './choose-targets.ts';
import type { CommandCall } from './command-call.ts';
import type { Taken } from './taken.ts';

/**
 * The release that somebody names for a target, where it is not what is due there: one that its source held lately. Words
 * for that person, when it cannot come.
 */
export async function findNamedRelease(
  { host, snapshot, nowMs }: CommandCall,
  candidate: Candidate,
  said: string,
): Promise<NamedRelease | { refused: string }> {
  const { application, environment } = candidate;
  const name = `**${plain(application)}** to **${plain(environment.name)}**`;
  if (candidate.isHeld || candidate.rollback)
    return { refused: `${name}: ${whyNotNow(candidate)}. Nothing is promoted by this.` };
  const [from, ...others] = environment.from;
  if (from === undefined)
    return { refused: `${name}: a first environment takes builds, and no release can be named for it.` };
  if (others.length > 0)
    return {
      refused: `${name}: it takes what all of ${environment.from.map(plain).join(', ')} hold, and no other release can be named for it.`,
    };
  const targetOf = (stage: string) =>
    snapshot.targets.find(
      ({ location }) => targetKey(location) === targetKey({ application, environment: stage }),
    );
  const [target, source] = [targetOf(environment.name), targetOf(from)];
  if (!target || !source) return { refused: `${name}: ${plain(from)} does not hold it.` };
  const { base, settings } = snapshot;
  const search = { reader: host, base, settings, environment, target, source, nowMs };
  const read = await orUnknown(`what ${from} held`, () => findNamed(search, said));
  const found = read.known ? read.value : read;
  return found.known ? found.value : { refused: `${name}: ${found.reason}.${orDue(candidate)}` };
}

/** A rollback is under way, or its pull request cannot be read or is somebody else's. */
function whyNotNow({ notPromoted, rollback }: Candidate): string {
  return (
    joinReasons(notPromoted) || (rollback ? 'it is being rolled back' : 'its pull request cannot be read now')
  );
}

function orDue(candidate: Candidate): string {
  const due = dueOf(candidate);
  if (!due) return '';
  return ` What is due is ${code(due.release.label)}: ${code(`/promote ${due.application} to ${due.to}`)} promotes that.`;
}

/** What naming a release comes to, for people. */
export function describeNamed({ promotion, stay }: NamedRelease, actor: string, isDryRun: boolean): string {
  const { application, to, from, release } = promotion;
  const source = from.map(plain).join(', ');
  const isPast = stay.untilMs !== null;
  const held = isPast ? `which ${code(actor)} named and ${source} held before` : `which ${source} holds`;
  const what = `**${plain(application)}** to **${plain(to)}**: ${code(release.label)}, ${held}`;
  if (isDryRun) return `${what}, would be promoted. Nothing was done: \`--dry-run\`.`;
  const newer = isPast ? ' What is newer comes when that has merged, or its pull request is closed.' : '';
  return `${what}, is promoted.${newer}`;
}

/** Tells of releases that were named what the look after that has come to. */
export function tellNamed(taken: Taken, outcome: Outcome | null): Taken {
  const { named = [], answers } = taken;
  if (named.length === 0) return taken;
  const { promotions = [], notPromoted = [] } = outcome?.plan ?? {};
  const told = named.map((each) => {
    const isOfIt = (other: { application: string; to: string }) =>
      other.application === each.application && other.to === each.to;
    if (promotions.some((other) => isOfIt(other) && other.release === each.release))
      return { isTaken: true, text: each.told };
    const why =
      joinReasons(notPromoted.filter(isOfIt)) || 'nothing could be done there; look at its pull request';
    const what = `**${plain(each.application)}** to **${plain(each.to)}**: ${code(each.release)} is not promoted`;
    return { isTaken: false, text: `${what}: ${why}.` };
  });
  return {
    ...taken,
    answers: [...answers, ...told.map(({ text }) => text)],
    isTaken: taken.isTaken || told.some((each) => each.isTaken),
  };
}
