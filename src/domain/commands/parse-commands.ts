import type { Command, OverrideCommand, PromoteCommand } from './command.ts';
import { suggestCommand } from './suggest-command.ts';
import { COMMANDS, type CommandName } from './table.ts';

const MOST_COMMANDS = 10;
const MOST_WORDS = 50;
const MOST_CHARACTERS = 65_536;

const NAMES: ReadonlySet<string> = new Set(COMMANDS.map(({ name }) => name));

/**
 * Commands of a comment, one a line: a slash, a name of the table, and words behind it. Lines in code blocks, quotes and
 * HTML comments are talk about commands, not commands. A name that is nearly one of them is a typo; anything else that
 * begins with a slash is nothing.
 */
export function parseCommands(body: string): Command[] {
  const commands: Command[] = [];
  let fence: string | null = null;
  for (const line of withoutComments(body.slice(0, MOST_CHARACTERS)).split(/\r?\n/)) {
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
    const command = commands.length < MOST_COMMANDS ? parseLine(line) : null;
    if (command) commands.push(command);
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

function parseLine(line: string): Command | null {
  // With `s`, whatever follows matches: without it, a line separator after many spaces costs quadratic time.
  const [, word, rest = ''] = /^ {0,3}\/([A-Za-z]{1,20})(?:\s+(.*))?$/s.exec(line) ?? [];
  if (word === undefined) return null;
  if (NAMES.has(word)) return parseWords(word as CommandName, wordsOf(rest));
  const meant = suggestCommand(word);
  return meant === null ? null : { name: 'typo', said: word, meant };
}

function wordsOf(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
}

function parseWords(name: CommandName, words: readonly string[]): Command {
  switch (name) {
    case 'promote':
      return parsePromote(words);
    case 'override':
      return parseOverride(words);
    default:
      return { name, words };
  }
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

const DRY_RUN = '--dry-run';

function parsePromote(said: readonly string[]): PromoteCommand {
  const words = said.filter((word) => word !== DRY_RUN);
  const at = words.indexOf('to');
  const applications = at < 0 ? words : words.slice(0, at);
  const rest = at < 0 ? [] : words.slice(at + 1);
  const isClear = at < 0 || rest.length === 1 || rest.length === 2;
  const problem = isClear ? null : 'name one environment after `to`, and at most one release behind it';
  const [to = null, release = null] = rest;
  return { name: 'promote', applications, to, release, isDryRun: words.length < said.length, problem };
}
