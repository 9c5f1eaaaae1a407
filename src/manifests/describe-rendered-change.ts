import { compareRenderings } from './compare/compare-renderings.ts';
import { describeComparison } from './compare/describe-comparison.ts';
import { inlineCode } from './compare/markdown.ts';
import {
  type RenderCache,
  type Rendering,
  type RenderOptions,
  renderTarget,
} from './render/render-target.ts';
import type { Renderer } from './render/renderer.ts';
import type { SourceIndex } from './render/source.ts';

export interface RenderedChange {
  /** Of the target: a folder, or its only file. */
  root: string;
  /** The repository without the change, and with it. */
  before: SourceIndex;
  after: SourceIndex;
  /** Of UTF-8. */
  limitBytes: number;
  cache?: RenderCache;
  limits?: RenderOptions['limits'];
}

/** Markdown, and how it came about. `transient`: it is not rendered now, and another attempt may succeed. */
export interface RenderedDescription {
  text: string;
  state: 'rendered' | 'not-rendered' | 'transient';
}

/**
 * What a change makes of a target in the cluster, as Markdown that is safe to post: the comparison and the program that
 * rendered it, or why there is none. A target that is not there on one side is added or deleted as a whole.
 */
export async function describeRenderedChange(
  renderer: Renderer,
  { root, before, after, limitBytes, cache, limits }: RenderedChange,
): Promise<RenderedDescription> {
  const render = (index: SourceIndex): Promise<Rendering> | Rendering =>
    isThere(index, root) ? renderTarget(renderer, index, { root, cache, limits }) : NOTHING;
  const [from, to] = [await render(before), await render(after)];
  if (!from.ok) return describeFailure(from, 'as it is');
  if (!to.ok) return describeFailure(to, 'with this change');
  const comparison = compareRenderings(from.yaml, to.yaml);
  if (!comparison.ok) return describeFailure({ ...comparison, isTransient: false }, null);
  const by = to.by ?? from.by;
  const note = to.note ?? from.note;
  const footer = `${by ? `\n\nRendered with ${inlineCode(by)}.` : ''}${note ? `\n\nNote: ${note}.` : ''}`;
  const text = describeComparison(comparison, limitBytes - Buffer.byteLength(footer)) + footer;
  return { text, state: 'rendered' };
}

const NOTHING: Rendering = { ok: true, yaml: '', sizeBytes: 0, by: null };

function isThere(index: SourceIndex, root: string): boolean {
  return index.isFolder(root) || index.entryAt(root) !== null;
}

/** The reason may repeat anything that stands in the repository. */
function describeFailure(
  { reason, isTransient }: { reason: string; isTransient: boolean },
  side: string | null,
): RenderedDescription {
  const text = `Not rendered${side ? ` ${side}` : ''}: ${inlineCode(reason.replaceAll('`', '"'))}.`;
  return { text, state: isTransient ? 'transient' : 'not-rendered' };
}
