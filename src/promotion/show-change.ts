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
const COMMENT_MARK = '<!-- sluice:diff -->';

/**
 * Shows on a promotion what it changes in the cluster: a comment that is kept up to date, and a check run, which is
 * written last and tells that the head was shown.
 */
export async function showChange(
  host: Host,
  action: Showing,
  { renderer, cache }: Rendering,
  log: Log,
): Promise<null> {
  const { number, headSha, baseSha, root } = action;
  const found = await renderer();
  const text =
    'unavailable' in found
      ? `Not rendered: ${found.unavailable}.`
      : await describeRenderedChange(found, {
          root,
          before: await indexAt(host, baseSha),
          after: await indexAt(host, headSha),
          limitBytes: MOST_BYTES,
          cache,
        });
  if (!('unavailable' in found)) await keepComment(host, number, text);
  await host.reportCheck(
    {
      name: DIFF_CHECK,
      headSha,
      externalId: diffMark(headSha),
      state: 'success',
      title: 'What changes in the cluster',
      summary: text,
      annotations: [],
    },
    null,
  );
  log.info({ repository: host.fullName, pull: number, head: headSha }, 'change shown');
  return null;
}

async function indexAt(host: Host, sha: string): Promise<SourceIndex> {
  const { treeSha } = await host.readCommit(sha);
  const limited = pLimit(CONCURRENT_READS);
  const readBlob = (blob: string) =>
    limited(async () => {
      const text = await host.readText(blob);
      return text === null ? null : Buffer.from(text);
    });
  return indexSource({ entries: await host.readTree(treeSha), readBlob });
}

/** One comment, whose text follows the head. */
async function keepComment(host: Host, number: number, text: string): Promise<void> {
  const body = `### What changes in the cluster\n\n${text}\n${COMMENT_MARK}`;
  const comments = await host.listComments(number);
  const own = comments.find((comment) => comment.isSluices && comment.body.includes(COMMENT_MARK));
  if (!own) await host.comment(number, body);
  else if (own.body !== body) await host.updateComment(own.id, body);
}
