/** GitHub refuses bodies of more than 65,536 characters; this leaves room for what is put around them. */
const MOST_BODY = 60_000;

/**
 * Text from a repository or a person, made harmless in Markdown: one line, no mention, no issue reference, no markup,
 * no table cell break. GitHub looks for references after it has taken the backslashes away, and `fixes #1` would close
 * an issue: hence the invisible spaces.
 */
export function plain(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .slice(0, 500)
    .replace(/[\\`*_{}[\]()<>#|~&]/g, '\\$&')
    .replace(/@/g, '@\u200b')
    .replace(/(#|\bGH-)(?=\d)/gi, '$1\u200b')
    .replace(/(https?):\/\//gi, '$1:\u200b//');
}

/** Text as inline code: no mention notifies from there, a backtick cannot end it early, and it holds no hidden comment. */
export function code(text: string): string {
  const line = text
    .replace(/[\r\n\u2028\u2029\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .slice(0, 300);
  if (line === '') return '` `';
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  const shown = line.replace(/\|/g, '\\|').replace(/@/g, '@\u200b').replace(/<!--/g, '<\u200b!--');
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Reasons, which may use inline code, one after the other: mentions broken. */
export function joinReasons(reasons: readonly { reason: string }[]): string {
  return reasons.map(({ reason }) => reason.replace(/@/g, '@\u200b')).join('; ');
}

/** A reason of a gate, which may use inline code, in a table cell: mentions broken, cells kept. */
export function cell(markdown: string): string {
  return markdown
    .replace(/[\r\n\u2028\u2029\t]+/g, ' ')
    .replace(/&(?=#?\w+;)/g, '&\u200b')
    .replace(/</g, '&lt;')
    .replace(/\|/g, '\\|')
    .replace(/@(?!\u200b)/g, '@\u200b')
    .slice(0, 2_000);
}

/** A table in Markdown. Cells must be safe already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Cuts a body at a line's end, and says so. */
export function capBody(body: string, most = MOST_BODY): string {
  if (body.length <= most) return body;
  const end = body.lastIndexOf('\n', most);
  const kept = body.slice(0, end > 0 ? end : most);
  return `${kept}\n\n_Cut here: ${body.length - kept.length} more characters do not fit._`;
}

/** A URL that cannot leave its place in Markdown; anything but http(s) becomes nothing. */
export function safeUrl(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return '';
    // `encodeURIComponent` leaves parentheses as they are.
    return parsed.href.replace(
      /[()<>\s]/g,
      (found) => `%${found.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  } catch {
    return '';
  }
}
