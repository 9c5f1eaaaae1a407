import pLimit from 'p-limit';
import {
  describeRenderedChange,
  type RenderedDescription,
} from '../../manifests/describe-rendered-change.ts';
import type { RenderCache } from '../../manifests/render/render-target.ts';
import type { Renderer, Unavailable } from '../../manifests/render/renderer.ts';
import { indexSource, type SourceIndex } from '../../manifests/render/source.ts';
import { plain } from '../markdown.ts';
import { DIFF_CHECK, diffMark } from '../observe/observe-pulls.ts';
import type { Action } from '../plan/plan-types.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';

type Host = RepositoryReader & RepositoryWriter;
type Showing = Extract<Action, { kind: 'show-change' }>;

/** What renders targets: a program that is looked for once, and renderings that were made before. */
export interface Rendering {
  renderer: () => Promise<Renderer | Unavailable>;
  cache: RenderCache;
}

/** GitHub takes 65,535 characters in a check run and 65,536 in a comment; marks and titles need some of them. */
const MOST_BYTES = 60_000;
/** Of the applications of a group: each needs some room to say anything. */
const MOST_TARGETS = 30;
const MOST_HEADING_BYTES = 500;
const CONCURRENT_READS = 8;
const MOST_BLOB_BYTES = 2_000_000;
const COMMENT_MARK = '<!-- sluice:diff -->';

/**
 * Shows on a promotion what it changes in the cluster: a comment that is kept up to date, and a check run, which is
 * written last and tells that the head was shown. What may render the next time is not reported as if it never would.
 */
export async function showChange(host: Host, action: Showing, rendering: Rendering, log: Log): Promise<void> {
  const { number, headSha } = action;
  const { text, state } = await describe(host, action, rendering);
  log.info({ repository: host.fullName, pull: number, head: headSha, state }, 'change looked at');
  if (state === 'transient') return;
  const isRendered = state === 'rendered';
  await keepComment(host, number, text, isRendered);
  await host.reportCheck(
    {
      name: DIFF_CHECK,
      headSha,
      externalId: diffMark(headSha),
      state: isRendered ? 'success' : 'neutral',
      title: isRendered ? 'What changes in the cluster' : 'Not rendered',
      summary: text,
      annotations: [],
    },
    null,
  );
}

async function describe(
  host: Host,
  { headSha, baseSha, targets }: Showing,
  { renderer, cache }: Rendering,
): Promise<RenderedDescription> {
  const found = await renderer();
  if ('unavailable' in found) return { text: `Not rendered: ${found.unavailable}.`, state: 'not-rendered' };
  const [before, after] = [await indexAt(host, baseSha), await indexAt(host, headSha)];
  const shown = targets.slice(0, MOST_TARGETS);
  const limitBytes = Math.floor(MOST_BYTES / shown.length) - MOST_HEADING_BYTES;
  const parts: { application: string; description: RenderedDescription }[] = [];
  for (const { application, root } of shown) {
    const description = await describeRenderedChange(found, { root, before, after, limitBytes, cache });
    parts.push({ application, description });
  }
  return joinDescriptions(parts, targets.length - shown.length);
}

/** One after the other, each with its application; one alone needs no heading. */
function joinDescriptions(
  parts: readonly { application: string; description: RenderedDescription }[],
  more: number,
): RenderedDescription {
  const states = parts.map(({ description }) => description.state);
  const state = states.includes('transient')
    ? 'transient'
    : states.includes('rendered')
      ? 'rendered'
      : 'not-rendered';
  if (parts.length === 1) return parts[0]!.description;
  const texts = parts.map(
    ({ application, description }) => `#### ${plain(application)}\n\n${description.text}`,
  );
  const rest = more > 0 ? [`_${more} more applications change._`] : [];
  return { text: [...texts, ...rest].join('\n\n'), state };
}

async function indexAt(host: Host, sha: string): Promise<SourceIndex> {
  const { treeSha } = await host.readCommit(sha);
  const entries = await host.readTree(treeSha);
  const tooLarge = new Set(
    entries.filter(({ sizeBytes }) => sizeBytes > MOST_BLOB_BYTES).map((each) => each.sha),
  );
  const limited = pLimit(CONCURRENT_READS);
  const readBlob = (blob: string) =>
    limited(async () => {
      const text = tooLarge.has(blob) ? null : await host.readText(blob);
      return text === null ? null : Buffer.from(text);
    });
  return indexSource({ entries, readBlob });
}

/** One comment, whose text follows the head: what was true of an older one must not stay. */
async function keepComment(host: Host, number: number, text: string, isNew: boolean): Promise<void> {
  const body = `### What changes in the cluster\n\n${text}\n${COMMENT_MARK}`;
  const comments = await host.listComments(number);
  const own = comments.find((comment) => comment.isSluices && comment.body.includes(COMMENT_MARK));
  if (own && own.body !== body) await host.updateComment(own.id, body);
  if (!own && isNew) await host.comment(number, body);
}
