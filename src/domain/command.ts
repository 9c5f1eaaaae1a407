/** A command in a comment. */
export type Command = PromoteCommand | OverrideCommand | StopCommand | WhyCommand;

export interface PromoteCommand {
  name: 'promote';
  applications: readonly string[];
  /** Environment after `to`. */
  to: string | null;
  /** What could not be understood; the command is refused with it. */
  problem: string | null;
}

export interface OverrideCommand {
  name: 'override';
  /** Kind of the gates that it is for: `soak`. */
  gate: string;
  reason: string;
  problem: string | null;
}

/** Stops promotions, or lets them go on. Which words are names and which the reason, only the repository tells. */
export interface StopCommand {
  name: 'hold' | 'resume' | 'freeze';
  words: readonly string[];
}

export interface WhyCommand {
  name: 'why';
  /** What it names: an application, an environment, or both; nothing on a pull request, which names its own. */
  words: readonly string[];
}

const MOST_COMMANDS = 10;
const MOST_WORDS = 50;

/**
 * Commands of a comment, one a line: `/promote [APPLICATION...] [to ENVIRONMENT]`, `/override GATE REASON`,
 * `/why [APPLICATION] [ENVIRONMENT]`, and those that stop and resume. Lines in code blocks and quotes are talk about commands, not commands.
 */
export function parseCommands(body: string): Command[] {
  const commands: Command[] = [];
  let fence: string | null = null;
  for (const line of withoutComments(body.slice(0, 65_536)).split(/\r?\n/)) {
    const [, mark, info = ''] = /^ {0,3}(```+|~~~+)(.*)$/s.exec(line) ?? [];
    if (fence !== null) {
      // A fence with a language opens a block, but never ends one: https://spec.commonmark.org/0.31.2/#closing-code-fence
      if (mark && mark[0] === fence[0] && mark.length >= fence.length && info.trim() === '') fence = null;
      continue;
    }
    if (mark) {
      fence = mark;
      continue;
    }
    // With `s`, whatever follows matches: without it, a line separator after many spaces costs quadratic time.
    const words = /^ {0,3}\/(promote|override|why|hold|resume|freeze)(?:\s+(.*))?$/s.exec(line);
    if (words && commands.length < MOST_COMMANDS) commands.push(parseWords(words[1] ?? '', words[2] ?? ''));
  }
  return commands;
}

/** Without HTML comments, which nobody sees: a template may show an example in one. */
function withoutComments(text: string): string {
  let kept = '';
  let from = 0;
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', from)) {
    kept += text.slice(from, start);
    const end = text.indexOf('-->', start);
    if (end < 0) return kept;
    from = end + '-->'.length;
  }
  return kept + text.slice(from);
}

function parseWords(name: string, text: string): Command {
  const words = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  if (name === 'hold' || name === 'resume' || name === 'freeze') return { name, words };
  if (name === 'why') return { name, words };
  return name === 'override' ? parseOverride(words) : parsePromote(words);
}

function parseOverride([gate = '', ...words]: readonly string[]): OverrideCommand {
  const reason = words.join(' ');
  // Of what nobody can see nothing is kept.
  const problem =
    reason.replace(/[\p{Cc}\p{Cf}]/gu, '').trim() === ''
      ? 'name the gate, and say why: `/override soak the outage needs it`'
      : null;
  return { name: 'override', gate, reason, problem };
}

function parsePromote(words: readonly string[]): PromoteCommand {
  const at = words.indexOf('to');
  const applications = at < 0 ? words : words.slice(0, at);
  const rest = at < 0 ? [] : words.slice(at + 1);
  const problem = at >= 0 && rest.length !== 1 ? 'name one environment after `to`' : null;
  return { name: 'promote', applications, to: rest[0] ?? null, problem };
}
