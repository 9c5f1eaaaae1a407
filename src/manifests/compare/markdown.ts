/** One line of anything, without what GitHub or a terminal would act upon. Mentions are broken; digests stay as they are. */
function harmless(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029]+/g, '⏎')
    .replace(/\t/g, '  ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replace(/@(?=[\p{L}\p{N}])(?!sha256:[0-9a-f]{64})/gu, '@\u200b');
}

/** Text as inline code, whatever it holds. */
export function inlineCode(text: string): string {
  const line = harmless(text).slice(0, 300).trim() || ' ';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Lines as a block of code that none of them can end: HTML is text in it, and nothing mentions anybody. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const text = lines.map(harmless).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
