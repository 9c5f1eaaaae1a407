import type { StopCommand } from './commands/command.ts';
import { type HoldTarget, isSameTarget } from './hold.ts';
import { isTimeLike, parseUntil } from './until.ts';

/** Names that a command may mean. */
export interface Names {
  applications: ReadonlySet<string>;
  environments: ReadonlySet<string>;
  /** What is held now, where that tells which of two readings is meant. */
  held?: readonly HoldTarget[];
}

/** What a command says. */
export interface HoldWords {
  /** Null when it names nothing: it means the promotion that it stands on. */
  target: HoldTarget | null;
  /** Milliseconds since the epoch; null: without end. */
  untilMs: number | null;
  reason: string;
  /** `until` ends the names, so that none of them can be the beginning of the reason. */
  isPlain: boolean;
}

/** A problem is Markdown for the person; names in it are in backticks, from the command. */
export type HoldReading = { ok: true; words: HoldWords } | { ok: false; problem: string };

export const LONGEST_REASON = 500;

/**
 * Reads `/hold [APPLICATION] [ENVIRONMENT] [until TIME] REASON`, `/freeze ENVIRONMENT until TIME REASON` and
 * `/resume [APPLICATION] [ENVIRONMENT]`. Which words are names, only the repository tells; where that leaves two
 * readings, neither is taken. `saidAtMs` is when the person said so, `nowMs` now.
 */
export function readHoldWords(
  { name, words }: Pick<StopCommand, 'name' | 'words'>,
  names: Names,
  saidAtMs: number,
  nowMs: number,
): HoldReading {
  if (name === 'resume') return readResume(words, names);
  const own = name === 'freeze' ? { ...names, applications: new Set<string>() } : names;
  const at = words.slice(0, 3).indexOf('until');
  const isBounded = at >= 0 && words.slice(0, at).every((word) => isName(word, own));
  const named = isBounded ? targetOf(words.slice(0, at), own) : leadingNames(words, own);
  if ('problem' in named) return { ok: false, problem: named.problem };
  if (name === 'freeze' && (!isBounded || !named.target)) return refuse(FREEZE);
  const until = isBounded ? parseUntil(words[at + 1] ?? '', saidAtMs) : null;
  if (until && !until.ok) return refuse(until.problem);
  if (until && until.atMs <= nowMs) return refuse('that time is over');
  const rest = isBounded ? words.slice(at + 2) : words.slice(named.count);
  if (!isBounded && findLateUntil(rest)) return refuse(explainLateUntil(words, at));
  const reason = toReason(rest);
  if (reason === '') return refuse(`say why: \`/${name} ${EXAMPLES[name]}\``);
  return {
    ok: true,
    words: { target: named.target, untilMs: until?.atMs ?? null, reason, isPlain: isBounded },
  };
}

const EXAMPLES = {
  hold: 'checkout prod until 4h errors since v1.4.2',
  freeze: 'prod until 2026-12-01 the sale',
};
const FREEZE = `name one environment, until when, and why: \`/freeze ${EXAMPLES.freeze}\``;

interface Named {
  target: HoldTarget | null;
  /** How many words it took. */
  count: number;
}

function refuse(problem: string): HoldReading {
  return { ok: false, problem };
}

function isName(word: string, { applications, environments }: Names): boolean {
  return applications.has(word) || environments.has(word);
}

function readResume(words: readonly string[], names: Names): HoldReading {
  const strange = words.find((word) => !isName(word, names));
  if (strange !== undefined)
    return refuse(`${quoted(strange)} is neither an application nor an environment here`);
  const named = targetOf(words, names);
  if ('problem' in named) return refuse(named.problem);
  return { ok: true, words: { target: named.target, untilMs: null, reason: '', isPlain: true } };
}

/** Words that are names, all of them. */
function targetOf(said: readonly string[], names: Names): Named | { problem: string } {
  const { applications, environments } = names;
  const [first, second] = said;
  const count = said.length;
  if (first === undefined) return { target: null, count };
  if (second === undefined) {
    const readings: HoldTarget[] = [
      ...(applications.has(first) ? [{ application: first, environment: null }] : []),
      ...(environments.has(first) ? [{ application: null, environment: first }] : []),
    ];
    const held = readings.filter((each) => names.held?.some((other) => isSameTarget(each, other)));
    const [target, other] = held.length === 1 ? held : readings;
    return target && !other ? { target, count } : { problem: explainBoth(first) };
  }
  if (count === 2) {
    if (applications.has(first) && environments.has(second))
      return { target: { application: first, environment: second }, count };
    if (environments.has(first) && applications.has(second))
      return { target: { application: second, environment: first }, count };
  }
  return { problem: 'name one application, one environment, or one of each' };
}

/** The names that a command begins with, when a reason comes right behind them. */
function leadingNames(words: readonly string[], names: Names): Named | { problem: string } {
  const [first, second] = words;
  if (first === undefined || !isName(first, names)) return { target: null, count: 0 };
  if (second === undefined || !isName(second, names)) return targetOf([first], names);
  if (names.applications.has(first) && names.environments.has(second))
    return targetOf([first, second], names);
  return {
    problem: `${quoted(second)} may be a name or the first word of the reason; write the application before the environment, and begin the reason with another word`,
  };
}

function explainBoth(name: string): string {
  return `${quoted(name)} is an application and an environment; name both an application and an environment`;
}

function findLateUntil(rest: readonly string[]): boolean {
  return rest.some((word, index) => word === 'until' && isTimeLike(rest[index + 1] ?? ''));
}

function explainLateUntil(words: readonly string[], at: number): string {
  const place = `\`until\` and the time stand between the names and the reason: \`/hold ${EXAMPLES.hold}\``;
  const [first] = words;
  return at > 0 && first !== undefined
    ? `${words.slice(0, at).map(quoted).join(' ')} is not the name of an application or environment here, and ${place}`
    : place;
}

/** Of one line; what nobody can see is left out. */
export function toReason(words: readonly string[]): string {
  const text = words
    .join(' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  return text.slice(0, LONGEST_REASON).replace(/[\uD800-\uDBFF]$/, '');
}

/** As inline code: a backtick could end it. */
export function quoted(word: string): string {
  return `\`${word
    .replace(/[\p{Cc}\p{Cf}`]/gu, '')
    .replace(/@/g, '@\u200b')
    .slice(0, 100)}\``;
}
