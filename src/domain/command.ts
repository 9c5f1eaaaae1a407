/** A command in a comment. */
export interface Command {
  name: 'promote';
  applications: string[];
  /** Environment after `to`. */
  to: string | null;
  /** What could not be understood; the command is refused with it. */
  problem: string | null;
}

const MOST_COMMANDS = 10;
const MOST_WORDS = 50;

/**
 * Commands of a comment, one a line: `/promote [APPLICATION...] [to ENVIRONMENT]`. Lines in code blocks and quotes
 * are talk about commands, not commands.
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
    const words = /^ {0,3}\/promote(?:\s+(.*))?$/s.exec(line);
    if (words && commands.length < MOST_COMMANDS) commands.push(parsePromote(words[1] ?? ''));
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

function parsePromote(text: string): Command {
  const words = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  const at = words.indexOf('to');
  const applications = at < 0 ? words : words.slice(0, at);
  const rest = at < 0 ? [] : words.slice(at + 1);
  const problem = at >= 0 && rest.length !== 1 ? 'name one environment after `to`' : null;
  return { name: 'promote', applications, to: rest[0] ?? null, problem };
}
