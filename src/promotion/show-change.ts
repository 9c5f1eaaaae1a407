import pLimit from 'p-limit';
import { describeRenderedChange } from '../manifests/describe-rendered-change.ts';
import type { RenderCache } from '../manifests/render/render-target.ts';
import type { Renderer, Unavailable } from '../manifests/render/renderer.ts';
import { indexSource, type SourceIndex } from '../manifests/render/source.ts';
import { DIFF_CHECK, diffMark } from './observe-pulls.ts';
import type { Action } from './plan-types.ts';
import type { Log, RepositoryReader, RepositoryWriter } from './ports.ts';

type Host = RepositoryReader & RepositoryWriter;
type Showing = Extract<Action, { kind: 'show-change' }>;

/** What renders targets: a program that is looked for once, and renderings that were made before. */
export interface Rendering {
  renderer: () => Promise<Renderer | Unavailable>;
  cache: RenderCache;
}

/** GitHub takes 65,535 characters in a check run and 65,536 in a comment; marks and titles need some of them. */
const MOST_BYTES = 60_000;
const CONCURRENT_READS = 8;
const MOST_BLOB_BYTES = 2_000_000;
/** How the description of a change begins that could not be rendered. */
const NOT_RENDERED = 'Not rendered';
const COMMENT_MARK = '<!-- sluice:diff -->';

/**
 * Shows on a promotion what it changes in the cluster: a comment that is kept up to date, and a check run, which is
 * written last and tells that the head was shown.
 */
export async function showChange(host: Host, action: Showing, rendering: Rendering, log: Log): Promise<void> {
  const { number, headSha } = action;
  const text = await describe(host, action, rendering);
  const isRendered = !text.startsWith(NOT_RENDERED);
  log.info({ repository: host.fullName, pull: number, head: headSha, isRendered }, 'change looked at');
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
  { headSha, baseSha, root }: Showing,
  { renderer, cache }: Rendering,
): Promise<string> {
  const found = await renderer();
  if ('unavailable' in found) return `${NOT_RENDERED}: ${found.unavailable}.`;
  const [before, after] = [await indexAt(host, baseSha), await indexAt(host, headSha)];
  return describeRenderedChange(found, { root, before, after, limitBytes: MOST_BYTES, cache });
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
