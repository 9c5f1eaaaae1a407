import { targetKey } from '../../domain/target.ts';
import { code, plain } from '../markdown.ts';
import { findNamed, type NamedRelease } from '../observe/find-named.ts';
import { orUnknown } from '../or-unknown.ts';
import type { Candidate } from '../snapshot.ts';
import { dueOf } from './choose-targets.ts';
import type { CommandCall } from './command-call.ts';

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

function orDue(candidate: Candidate): string {
  const due = dueOf(candidate);
  if (!due) return '';
  return ` What is due is ${code(due.release.label)}: ${code(`/promote ${due.application} to ${due.to}`)} promotes that.`;
}

/** What naming a release has come to, for people. */
export function describeNamed({ promotion }: NamedRelease, actor: string, isDryRun: boolean): string {
  const { application, to, from, release } = promotion;
  const what = `**${plain(application)}** to **${plain(to)}**: ${code(release.label)}, which ${code(actor)} named and ${from.map(plain).join(', ')} held before`;
  return isDryRun
    ? `${what}, would be promoted. Nothing was done: \`--dry-run\`.`
    : `${what}, is promoted. What is newer comes when that has merged, or its pull request is closed.`;
}
