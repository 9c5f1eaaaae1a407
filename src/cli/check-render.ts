import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isKustomization } from '../manifests/below-root.ts';
import { type Rendering, renderTarget } from '../manifests/render/render-target.ts';
import { findRenderer, type Renderer } from '../manifests/render/renderer.ts';
import { indexSource, type SourceEntry, type SourceIndex } from '../manifests/render/source.ts';

export interface RenderCheck {
  roots: number;
  /** Rendered to what the program prints in the checkout. */
  same: number;
  /** Rendered to something else, or rendered by one of the two only. */
  differ: number;
  /** Not rendered, here or in the checkout, by reason. */
  failed: Record<string, number>;
}

/** Renders every kustomization of a folder, and compares with what the same program prints there. */
export async function checkRender(folder: string, report: (line: string) => void): Promise<RenderCheck> {
  const renderer = await findRenderer(process.env);
  if ('unavailable' in renderer) throw new Error(renderer.unavailable);
  report(`rendering with ${renderer.version}`);
  const index = indexFolder(folder);
  const roots = index
    .entriesBelow('')
    .filter(({ path }) => isKustomization(path))
    .map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const check: RenderCheck = { roots: 0, same: 0, differ: 0, failed: {} };
  for (const root of new Set(roots)) {
    const rendering = await renderTarget(renderer, index, { root });
    count(check, rendering, renderDirectly(renderer, folder, root), (line) =>
      report(`${root || '.'}: ${line}`),
    );
  }
  return check;
}

function count(
  check: RenderCheck,
  rendering: Rendering,
  direct: Buffer | null,
  report: (line: string) => void,
): void {
  check.roots += 1;
  if (!rendering.ok) {
    const reason = rendering.reason.replace(/`[^`]*`/g, '...').replace(/(remote base) .*/, '$1');
    check.failed[reason] = (check.failed[reason] ?? 0) + 1;
    report(rendering.reason);
    if (!direct || /remote base|helm/.test(rendering.reason)) return;
    check.differ += 1;
    report('the program renders it in the checkout');
  } else if (direct && Buffer.from(rendering.yaml).equals(direct)) {
    check.same += 1;
  } else {
    check.differ += 1;
    report(direct ? 'differs from what the program prints in the checkout' : 'fails in the checkout');
  }
}

function renderDirectly({ command }: Renderer, folder: string, root: string): Buffer | null {
  const [program = '', ...options] = command;
  // Without the network it need not wait for what is remote.
  const env = {
    ...process.env,
    PATH: '/nonexistent',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    HTTP_PROXY: 'http://127.0.0.1:9',
  };
  const result = spawnSync(program, [...options, join(folder, root)], { env, maxBuffer: 256 * 1024 * 1024 });
  return result.status === 0 ? result.stdout : null;
}

/** A folder on the disk as if it were the tree of a commit. */
export function indexFolder(folder: string): SourceIndex {
  const blobs = new Map<string, string>();
  const walk = (below: string): SourceEntry[] =>
    readdirSync(join(folder, below)).flatMap((name): SourceEntry[] => {
      const path = below === '' ? name : `${below}/${name}`;
      const stats = lstatSync(join(folder, path));
      if (stats.isDirectory()) return name === '.git' || name === 'node_modules' ? [] : walk(path);
      if (stats.isSymbolicLink())
        return [{ path, mode: '120000', sha: shaOf(readlinkSync(join(folder, path))) }];
      if (!stats.isFile()) return [];
      const sha = shaOf(readFileSync(join(folder, path)));
      blobs.set(sha, path);
      return [{ path, mode: '100644', sha }];
    });
  const readBlob = async (sha: string) => {
    const path = blobs.get(sha);
    return path === undefined ? null : readFileSync(join(folder, path));
  };
  return indexSource({ entries: walk(''), readBlob });
}

function shaOf(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('hex');
}
