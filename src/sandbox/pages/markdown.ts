import { raw } from 'hono/html';
import MarkdownIt, { type StateBlock, type StateCore, type StateInline } from 'markdown-it';
import type { Markup } from './layout.ts';

/** Raw HTML is not among what it knows: tags in a text come out as text. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

/** Links to pages and mail only, and relative ones; nothing that runs or carries its content with it. */
markdown.validateLink = (url) => /^(https?:|mailto:|[^:]*$|[^:]*[/?#])/i.test(url.trim());

/** An image is loaded from nowhere, as that would tell its server who looks: a link stands in its place. */
markdown.renderer.rules.image = (tokens, index) => {
  const token = tokens[index];
  const { escapeHtml } = markdown.utils;
  const source = String(token?.attrGet('src') ?? '');
  return `<a href="${escapeHtml(source)}" rel="${REL}">${escapeHtml(token?.content || source)}</a>`;
};

const REL = 'nofollow noopener noreferrer';
markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet('rel', REL);
  return self.renderToken(tokens, index, options);
};

markdown.block.ruler.before('html_block', 'comment', commentBlock, {
  alt: ['paragraph', 'reference', 'blockquote'],
});
markdown.inline.ruler.before('autolink', 'comment', commentInline);
markdown.core.ruler.after('inline', 'task_list', drawTasks);

/** What a person or a program wrote, as safe HTML. */
export function markdownOf(text: string | null): Markup {
  return raw(markdown.render(text ?? ''));
}

/** HTML comments are hidden, as on GitHub; text after one in its last line is not. */
function commentBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4 || !state.src.startsWith('<!--', start))
    return false;
  const end = state.src.indexOf('-->', start + 4);
  if (end === -1) return false;
  let line = startLine;
  while (line < endLine && (state.eMarks[line] ?? 0) < end) line++;
  if (line >= endLine || state.src.slice(end + 3, state.eMarks[line]).trim() !== '') return false;
  if (!silent) state.line = line + 1;
  return true;
}

function commentInline(state: StateInline): boolean {
  if (!state.src.startsWith('<!--', state.pos)) return false;
  const end = state.src.indexOf('-->', state.pos + 4);
  if (end === -1 || end + 3 > state.posMax) return false;
  state.pos = end + 3;
  return true;
}

/** Task lists: https://github.github.com/gfm/#task-list-items-extension- */
function drawTasks(state: StateCore): void {
  for (const [index, token] of state.tokens.entries()) {
    const isFirstOfItem = state.tokens[index - 2]?.type === 'list_item_open';
    const text = token.children?.[0];
    if (token.type !== 'inline' || !isFirstOfItem || text?.type !== 'text') continue;
    text.content = text.content.replace(/^\[[ x]\] /i, (box) => (box === '[ ] ' ? '\u2610 ' : '\u2611 '));
  }
}
