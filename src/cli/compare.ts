import { posix } from 'node:path';
import { describeRenderedChange } from '../manifests/describe-rendered-change.ts';
import { findRenderer } from '../manifests/render/renderer.ts';
import { indexFolder } from './check-render.ts';

const LIMIT_BYTES = 1_000_000;

/** What would change in the cluster between two checkouts of a repository, as Markdown. */
export async function compareCheckouts(before: string, after: string, root: string): Promise<string> {
  const renderer = await findRenderer(process.env);
  if ('unavailable' in renderer) throw new Error(renderer.unavailable);
  const { text } = await describeRenderedChange(renderer, {
    root: posix.normalize(root).replace(/\/$|^\.\/?$/, ''),
    before: indexFolder(before),
    after: indexFolder(after),
    limitBytes: LIMIT_BYTES,
  });
  return text;
}
