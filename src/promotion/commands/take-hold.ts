import { promotionBranch } from '../../domain/branch-name.ts';
import type { StopCommand } from '../../domain/commands/command.ts';
import { covers, type HoldTarget } from '../../domain/hold.ts';
import { type HoldWords, type Names, readHoldWords } from '../../domain/hold-words.ts';
import { type TargetId, targetKey } from '../../domain/target.ts';
import { code } from '../markdown.ts';
import { describeTarget } from '../observe/observe-holds.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';
import { readHolds } from '../state/hold-store.ts';
import type { Authoriser } from './authorise.ts';
import { branchOf } from './choose-targets.ts';
import type { CommandCall } from './command-call.ts';
import { holdTarget, resumeTarget } from './hold-target.ts';
import { refuse, type Taken } from './taken.ts';

type Host = RepositoryReader & RepositoryWriter;

/** Takes `/hold`, `/resume` and `/freeze` by somebody who may: keeps it, and has what it concerns looked at. */
export async function takeStop(
  { host, snapshot, comment, authoriser, nowMs }: CommandCall,
  command: StopCommand,
): Promise<Taken> {
  const names = command.name === 'resume' ? await namesWithHeld(host, snapshot) : namesOf(snapshot);
  const saidAtMs = Date.parse(comment.createdAt);
  const reading = readHoldWords(command, names, saidAtMs, nowMs);
  if (!reading.ok) return refuse(`${code(`/${command.name}`)}: ${reading.problem}.`);
  const { words } = reading;
  const target = words.target ?? (await targetHere(host, snapshot, comment));
  if (target === null) return refuse(usage(command, snapshot));
  const doubt = command.name === 'hold' ? findDoubt(snapshot, comment, words, target) : null;
  if (doubt !== null) return refuse(doubt);
  const places = placesOf(snapshot, target);
  const asked = {
    name: command.name === 'freeze' ? 'freeze' : 'hold',
    shown: code(`/${command.name}`),
  } as const;
  const refused = await authoriser.refuse(asked, places);
  if (refused !== null) return refuse(refused);
  const order = { actor: comment.author, url: comment.url, target, saidAtMs };
  const { isTaken, answer } =
    command.name === 'resume'
      ? await resumeTarget(host, { ...order, mayEndAll: await mayEndAll(authoriser, target, places) }, nowMs)
      : await holdTarget(host, { ...order, reason: words.reason, untilMs: words.untilMs }, nowMs);
  return { targets: isTaken ? targetsOf(snapshot, target) : [], answers: [answer], isTaken };
}

export function namesOf({ targets, settings }: Snapshot): Names {
  return {
    applications: new Set(targets.map(({ location }) => location.application)),
    environments: new Set(settings.environments.map(({ name }) => name)),
  };
}

/** What is held may be gone from the repository, and can be resumed all the same. */
async function namesWithHeld(host: Host, snapshot: Snapshot): Promise<Names> {
  const { applications, environments } = namesOf(snapshot);
  const holds = await readHolds(host);
  const held = holds.known ? holds.value : [];
  return {
    applications: new Set([...applications, ...held.flatMap(({ application }) => application ?? [])]),
    environments: new Set([...environments, ...held.flatMap(({ environment }) => environment ?? [])]),
    held,
  };
}

/** What the pull request carries that a comment stands on, ended or not; null elsewhere, and when it carries several. */
export async function targetHere(
  host: Host,
  snapshot: Snapshot,
  { issue }: Comment,
): Promise<TargetId | null> {
  const carried = openHere(snapshot, issue);
  if (carried.length > 0) return carried.length === 1 ? carried[0]! : null;
  const branch = await branchOf(host, snapshot, issue);
  const found = snapshot.targets
    .map(({ location: { application, environment } }) => ({ application, environment }))
    .find(({ application, environment }) => promotionBranch(application, environment) === branch);
  return found ?? null;
}

function openHere({ candidates }: Snapshot, issue: number): { application: string; environment: string }[] {
  return candidates
    .filter(({ open }) => open?.pull.number === issue)
    .map(({ application, environment }) => ({ application, environment: environment.name }));
}

/** What else the person may have meant, or why the target is none; null when it is plain. */
function findDoubt(
  snapshot: Snapshot,
  { issue }: Comment,
  { isPlain, target: named }: HoldWords,
  target: HoldTarget,
): string | null {
  if (targetsOf(snapshot, target).length === 0)
    return `${describeTarget(target)} does not exist; name an application in an environment that it lives in.`;
  const here = openHere(snapshot, issue);
  const isHere = here.length === 0 || here.some((each) => covers(target, each));
  if (named === null || isPlain || isHere) return null;
  const [own] = here;
  const command = `/hold ${own?.application} ${own?.environment} ...`;
  return `Did you mean to hold ${describeTarget(target)}, which is not what this pull request promotes? Then say so on an issue or with ${code('until TIME')}; ${code(command)} holds what this one promotes. Nothing is held by this.`;
}

function placesOf({ candidates }: Snapshot, target: HoldTarget): Candidate[] {
  return candidates.filter(({ application, environment }) =>
    covers(target, { application, environment: environment.name }),
  );
}

function targetsOf(snapshot: Snapshot, target: HoldTarget): string[] {
  return placesOf(snapshot, target).map(({ application, environment }) =>
    targetKey({ application, environment: environment.name }),
  );
}

/** Others' holds on a whole environment are for those who may freeze it. */
async function mayEndAll(
  authoriser: Authoriser,
  { application }: HoldTarget,
  places: readonly Candidate[],
): Promise<boolean> {
  if (application !== null) return true;
  return (await authoriser.refuse({ name: 'freeze', shown: code('/resume') }, places)) === null;
}

function usage({ name }: StopCommand, { targets }: Snapshot): string {
  const { application = 'APPLICATION', environment = 'ENVIRONMENT' } = targets[0]?.location ?? {};
  const rest = name === 'hold' ? ' errors since this morning' : '';
  const example = `/${name} ${application} ${environment}${rest}`;
  return `Say what: an application, an environment or both, for example ${code(example)}; alone, ${code(`/${name}`)} is for the pull request of one promotion.`;
}
