import { z } from 'zod';
import { requireRepository } from '../access.ts';
import { blobTooLarge, wrapBase64 } from '../blob-answer.ts';
import { gitCommitJson } from '../commit-json.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import {
  type GitTreeEntry,
  isSha,
  isTreePath,
  listTree,
  objectType,
  readBlob,
  readCommit,
  resolveRef,
  writeBlob,
} from '../git.ts';
import { nodeId } from '../json.ts';
import { bodyOf, param } from '../route-input.ts';
import type { Repository } from '../state.ts';
import { writeCommit } from '../write-commit.ts';
import { type TreeChange, writeTree } from '../write-tree.ts';
import { refRoutes } from './git-refs.ts';
import { tagRoutes } from './git-tags.ts';

const person = z.object({
  name: z.string().min(1),
  email: z.string().min(1),
  date: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'is not a date')
    .optional(),
});
const blobBody = z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') });
const commitBody = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: person.optional(),
  committer: person.optional(),
});
const treeBody = z.object({
  base_tree: z.string().nullish(),
  tree: z
    .array(
      z.object({
        path: z.string(),
        mode: z.enum(['100644', '100755', '040000', '160000', '120000']).default('100644'),
        type: z.enum(['blob', 'tree', 'commit']).optional(),
        sha: z.string().nullish(),
        content: z.string().optional(),
      }),
    )
    .min(1),
});
type TreeInput = z.infer<typeof treeBody>['tree'][number];

/** Blobs, trees, commits and refs. https://docs.github.com/en/rest/git */
export const gitDataRoutes: Routes = (app, sandbox) => {
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['contents', 'read'] });
  const writer = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
  const base = '/repos/:owner/:repo/git';

  app.get(`${base}/blobs/:sha`, async (c) => {
    const repository = reader(c);
    const sha = await requireObject(repository, param(c, 'sha'), ['blob']);
    const content = await readBlob(repository.gitDir, sha);
    const { blobBytes } = sandbox.state.truncation;
    if (content.length > blobBytes) throw blobTooLarge(blobBytes);
    if ((c.req.header('accept') ?? '').includes('raw')) {
      return c.body(new Uint8Array(content), 200, { 'content-type': 'application/vnd.github.raw' });
    }
    return c.json({
      ...blobJson(sandbox, repository, sha),
      size: content.length,
      content: wrapBase64(content),
      encoding: 'base64',
    });
  });
  app.post(`${base}/blobs`, async (c) => {
    const repository = writer(c);
    const { content, encoding } = await bodyOf(c, blobBody);
    const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
    const sha = await writeBlob(repository.gitDir, bytes);
    return c.json({ sha, url: blobJson(sandbox, repository, sha).url }, 201);
  });
  app.get(`${base}/trees/:sha{.+}`, async (c) => {
    const repository = reader(c);
    const sha = await treeOf(repository, param(c, 'sha'));
    if (sha === null) throw notFound();
    // Any value makes it recursive, "false" included.
    const entries = await listTree(repository.gitDir, sha, c.req.query('recursive') !== undefined);
    return c.json(treeJson(sandbox, repository, sha, entries));
  });
  app.post(`${base}/trees`, async (c) => {
    const repository = writer(c);
    const body = await bodyOf(c, treeBody);
    const sha = await buildTree(repository, body.base_tree ?? null, body.tree);
    const entries = await listTree(repository.gitDir, sha, false);
    return c.json(treeJson(sandbox, repository, sha, entries), 201);
  });
  app.get(`${base}/commits/:sha`, async (c) => {
    const repository = reader(c);
    const sha = await requireObject(repository, param(c, 'sha'), ['commit']);
    return c.json(gitCommitJson(sandbox, repository, await readCommit(repository.gitDir, sha)));
  });
  app.post(`${base}/commits`, async (c) => {
    const repository = writer(c);
    const input = await bodyOf(c, commitBody);
    if ((await objectType(repository.gitDir, input.tree)) !== 'tree') {
      throw new GitHubError(422, 'Tree SHA does not exist');
    }
    for (const parent of input.parents) {
      if ((await objectType(repository.gitDir, parent)) === 'commit') continue;
      throw new GitHubError(422, 'Parent SHA does not exist or is not a commit object');
    }
    const sha = await writeCommit(c, sandbox, repository, input);
    return c.json(gitCommitJson(sandbox, repository, await readCommit(repository.gitDir, sha)), 201);
  });
  refRoutes(app, sandbox);
  tagRoutes(app, sandbox);
};

async function requireObject(repository: Repository, sha: string, types: string[]): Promise<string> {
  const type = await objectType(repository.gitDir, sha);
  if (type === null || !types.includes(type)) throw notFound();
  return sha;
}

/** SHA of the tree that a tree, a commit or a ref stands for. */
async function treeOf(repository: Repository, name: string): Promise<string | null> {
  if (isSha(name) && (await objectType(repository.gitDir, name)) === 'tree') return name;
  const commit = await resolveRef(repository.gitDir, name);
  return commit === null ? null : (await readCommit(repository.gitDir, commit)).tree;
}

async function buildTree(repository: Repository, base: string | null, entries: TreeInput[]): Promise<string> {
  const tree = base === null ? null : await treeOf(repository, base);
  if (base !== null && tree === null) throw new GitHubError(422, 'base_tree is not a valid tree oid');
  const changes: TreeChange[] = [];
  for (const entry of entries) changes.push(await treeChange(repository, entry));
  try {
    return await writeTree(repository.gitDir, tree, changes);
  } catch {
    throw new GitHubError(422, 'GitRPC::BadObjectState');
  }
}

async function treeChange(repository: Repository, entry: TreeInput): Promise<TreeChange> {
  const { path, mode } = entry;
  if (!isTreePath(path)) throw new GitHubError(422, 'tree.path contains a malformed path component');
  if (entry.content !== undefined) {
    if (entry.sha) throw new GitHubError(422, 'Must supply either tree.sha or tree.content, not both');
    return { path, mode, sha: await writeBlob(repository.gitDir, entry.content) };
  }
  if (entry.sha === null) return { path, mode, sha: null };
  const sha = entry.sha ?? '';
  const wanted = mode === '040000' ? 'tree' : 'blob';
  // A submodule's commit lives in another repository.
  const known = mode === '160000' ? isSha(sha) : (await objectType(repository.gitDir, sha)) === wanted;
  if (!known) throw new GitHubError(422, `tree.sha ${sha} is not a valid ${wanted}`);
  return { path, mode, sha };
}

function blobJson(sandbox: SandboxContext, repository: Repository, sha: string) {
  const url = `${sandbox.url()}/repos/${repository.fullName}/git/blobs/${sha}`;
  return { sha, node_id: nodeId('Blob', repository.id) + sha, url };
}

function treeJson(sandbox: SandboxContext, repository: Repository, sha: string, entries: GitTreeEntry[]) {
  const api = `${sandbox.url()}/repos/${repository.fullName}/git`;
  const { treeEntries, treeBytes } = sandbox.state.truncation;
  const listed = entries.slice(0, treeEntries).map((entry) => ({
    path: entry.path,
    mode: entry.mode,
    type: entry.type,
    sha: entry.sha,
    ...(entry.sizeBytes === null ? {} : { size: entry.sizeBytes }),
    ...(entry.type === 'commit' ? {} : { url: `${api}/${entry.type}s/${entry.sha}` }),
  }));
  let sizeBytes = 0;
  const cut = listed.findIndex((entry) => {
    sizeBytes += JSON.stringify(entry).length;
    return sizeBytes > treeBytes;
  });
  const tree = cut === -1 ? listed : listed.slice(0, cut);
  return { sha, url: `${api}/trees/${sha}`, tree, truncated: tree.length < entries.length };
}
