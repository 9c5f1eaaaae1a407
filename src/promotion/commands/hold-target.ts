import type { Known } from '../../domain/gates/gate.ts';
import { describeUntil } from '../../domain/gates/hold.ts';
import { addHold, covers, type Hold, type HoldTarget, isSameTarget } from '../../domain/hold.ts';
import { code } from '../markdown.ts';
import { describeTarget, resumeCommand } from '../observe/observe-holds.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { changeHolds, type HoldChange, readHoldsBefore } from '../state/hold-store.ts';

type Host = RepositoryReader & RepositoryWriter;

/** What became of a stop, and words for whoever asked for it. */
export interface Stopped {
  isTaken: boolean;
  answer: string;
}

/** A person's word, whoever it came through; that the person may say so is for the caller to know. */
export interface Order {
  /** Login. */
  actor: string;
  /** Where it was said: the same word from there is taken once. */
  url: string;
  target: HoldTarget;
  /** When, in milliseconds since the epoch: it may be heard late, or once more after a crash. */
  saidAtMs: number;
}

/** Takes a hold, which is in force from the next look on. */
export async function holdTarget(
  host: Host,
  { actor, url, target, saidAtMs, reason, untilMs }: Order & Pick<Hold, 'reason' | 'untilMs'>,
  nowMs: number,
): Promise<Stopped> {
  const added: Hold = { ...target, untilMs, reason, by: actor, atMs: saidAtMs, url };
  let replaced: Hold | undefined;
  const outcome = await change(host, nowMs, (inForce) => {
    const own = inForce.find((each) => each.by === actor && isSameTarget(each, target));
    const isSame = own?.url === url && own.reason === reason && own.untilMs === untilMs;
    replaced = isSame ? undefined : own;
    if (isSame) return null;
    const what = `Hold ${subject(target)} ${describeUntil(untilMs)}`;
    return { holds: addHold(inForce, added), message: messageOf(what, actor, url, reason) };
  });
  if (!outcome.known)
    return { isTaken: false, answer: `${describeTarget(target)} is not held by this: ${outcome.reason}.` };
  const before = replaced
    ? ` It takes the place of the hold ${describeUntil(replaced.untilMs)} by the same person.`
    : '';
  return {
    isTaken: true,
    answer: `${code(actor)} holds ${describeTarget(target)} ${describeUntil(untilMs)}: ${code(reason)}. Promotions wait there; ${code(resumeCommand(target))} ends that.${before}`,
  };
}

/**
 * Ends the holds on exactly a target that were there when the person said so. `mayEndAll`: also those of others on a
 * whole environment.
 */
export async function resumeTarget(
  host: Host,
  { actor, url, target, saidAtMs, mayEndAll }: Order & { mayEndAll: boolean },
  nowMs: number,
): Promise<Stopped> {
  let ended: Hold[] = [];
  let left: Hold[] = [];
  const isEnded = (each: Hold) =>
    isSameTarget(each, target) &&
    !isLater(each, saidAtMs) &&
    (mayEndAll || each.application !== null || each.by === actor);
  const outcome = await change(host, nowMs, (inForce) => {
    ended = inForce.filter(isEnded);
    left = inForce.filter((each) => !isEnded(each));
    if (ended.length === 0) return null;
    const what = `Resume ${subject(target)}`;
    return { holds: left, message: messageOf(what, actor, url, `was held: ${ended.map(brief).join('; ')}`) };
  });
  if (!outcome.known)
    return { isTaken: false, answer: `${describeTarget(target)} is not resumed: ${outcome.reason}.` };
  // The same word may have ended them already, by a process that died before it could say so.
  if (ended.length === 0) ended = (await readHoldsBefore(host, url)).filter(isEnded);
  return { isTaken: ended.length > 0, answer: describeResumed(actor, target, ended, left, saidAtMs) };
}

/** GitHub tells the second of a comment. */
function isLater({ atMs }: Hold, saidAtMs: number): boolean {
  return Math.floor(atMs / 1000) > Math.floor(saidAtMs / 1000);
}

async function change(
  host: Host,
  nowMs: number,
  wanted: (inForce: readonly Hold[]) => HoldChange | null,
): Promise<Known<'changed' | 'unchanged'>> {
  try {
    return await changeHolds(host, nowMs, wanted);
  } catch (error) {
    // The person must not believe in a stop that is not there. When GitHub answers nothing at all, neither does this.
    const message = error instanceof Error ? error.message : String(error);
    return { known: false, reason: `GitHub did not take it (${code(message.split('\n', 1)[0] ?? '')})` };
  }
}

function describeResumed(
  actor: string,
  target: HoldTarget,
  ended: readonly Hold[],
  left: readonly Hold[],
  saidAtMs: number,
): string {
  const all = left.filter((each) => isSameTarget(each, target));
  const later = all.filter((each) => isLater(each, saidAtMs));
  const same = all.filter((each) => !later.includes(each));
  const wider = left.filter((each) => covers(each, target) && !isSameTarget(each, target));
  const narrower = left.filter((each) => covers(target, each) && !isSameTarget(each, target));
  const lines = [
    ended.length > 0
      ? `${code(actor)} resumed ${describeTarget(target)}, held by ${list(ended)}.`
      : all.length === 0
        ? `Nobody holds exactly this: ${describeTarget(target)}.`
        : same.length === 0
          ? `Nothing is resumed.`
          : `${describeTarget(target)} stays held by ${list(same)}: to end another's hold on a whole environment needs the role for ${code('/freeze')}.`,
  ];
  if (ended.length > 0 && same.length > 0) lines.push(`It stays held by ${list(same)}.`);
  if (later.length > 0)
    lines.push(
      `${describeTarget(target)} is held since by ${list(later)}, after you spoke: say it again if you mean that too.`,
    );
  const is = ended.length > 0 ? 'is still' : 'is';
  for (const each of [...wider, ...narrower].slice(0, MOST_LISTED)) {
    lines.push(
      `${describeTarget(each)} ${is} held by ${list([each])}; ${code(resumeCommand(each))} ends that.`,
    );
  }
  return lines.join(' ');
}

const MOST_LISTED = 5;

function list(holds: readonly Hold[]): string {
  return holds
    .slice(0, MOST_LISTED)
    .map(({ by, untilMs, reason }) => `${code(by)} ${describeUntil(untilMs)} (${code(reason)})`)
    .join(', ');
}

/** For a commit's message: one line of plain text. */
function subject({ application, environment }: HoldTarget): string {
  return `${application ?? 'everything'} in ${environment ?? 'every environment'}`;
}

function brief({ by, untilMs, reason }: Hold): string {
  return `by ${by} ${describeUntil(untilMs)}, ${reason}`;
}

/** Message of a commit of the state branch: what is decided, by whom and why, and where that was said. */
export function messageOf(what: string, actor: string, url: string, reason: string): string {
  return [`${what}`.slice(0, 200), '', `${actor}: ${reason}`, url].map(unmentioned).join('\n');
}

/** On one line, and without calling anybody: the words are somebody else's. */
function unmentioned(line: string): string {
  return line
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/@/g, '@\u200b')
    .replace(/(#|\bGH-)(?=\d)/gi, '$1\u200b')
    .slice(0, 3_000);
}
