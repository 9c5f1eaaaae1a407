import { z } from 'zod';
import { requireRepository } from '../access.ts';
import { gitCommitJson, urlPath } from '../commit-json.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import {
  type GitTreeEntry,
  isTreePath,
  listTree,
  readBlob,
  readCommit,
  resolveRef,
  writeBlob,
} from '../git.ts';
import { moveRef } from '../move-ref.ts';
import { bodyOf, param } from '../route-input.ts';
import { runGit } from '../run-git.ts';
import type { Repository } from '../state.ts';
import { writeCommit } from '../write-commit.ts';
import { writeTree } from '../write-tree.ts';
import { wrapBase64 } from './git-data.ts';

/** https://docs.github.com/en/rest/repos/contents#get-repository-content */
const MAX_DIRECTORY_ENTRIES = 1000;
const MAX_INLINE_BYTES = 1024 * 1024;

const person = z.object({ name: z.string().min(1), email: z.string().min(1) });
const putBody = z.object({
  message: z.string(),
  content: z.string(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  author: person.optional(),
  committer: person.optional(),
});

/** https://docs.github.com/en/rest/repos/contents */
export const contentRoutes: Routes = (app, sandbox) => {
  const read = async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    return getContent(c, sandbox, repository, (c.req.param('path') ?? '').replace(/\/$/, ''));
  };
  app.get('/repos/:owner/:repo/contents', read);
  app.get('/repos/:owner/:repo/contents/', read);
  app.get('/repos/:owner/:repo/contents/:path{.+}', read);
  app.put('/repos/:owner/:repo/contents/:path{.+}', async (c) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
    return putContent(c, sandbox, repository, param(c, 'path'));
  });
};

async function getContent(c: RouteContext, sandbox: SandboxContext, repository: Repository, path: string) {
  const ref = c.req.query('ref') || repository.defaultBranch;
  const commit = await resolveRef(repository.gitDir, ref);
  if (commit === null) throw new GitHubError(404, `No commit found for the ref ${ref}`);
  const entry = path === '' ? null : await entryAt(repository, commit, path);
  if (path !== '' && entry === null) throw notFound();
  const place = { sandbox, repository, ref };
  if (entry === null || entry.type === 'tree') {
    const children = await listTree(repository.gitDir, entry?.sha ?? commit, false);
    const prefix = path === '' ? '' : `${path}/`;
    const listed = children.slice(0, MAX_DIRECTORY_ENTRIES);
    return c.json(listed.map((child) => entryJson(place, { ...child, path: prefix + child.path })));
  }
  if (entry.type === 'commit') return c.json(entryJson(place, entry));
  const content = await readBlob(repository.gitDir, entry.sha);
  if (/[./]raw\b/.test(c.req.header('accept') ?? '')) {
    return c.body(new Uint8Array(content), 200, {
      'content-type': 'application/vnd.github.raw; charset=utf-8',
    });
  }
  const inline = content.length <= MAX_INLINE_BYTES;
  const body = { encoding: inline ? 'base64' : 'none', content: inline ? wrapBase64(content) : '' };
  return c.json({ ...entryJson(place, entry), ...body });
}

/** The tree entry at a path, or null. */
async function entryAt(repository: Repository, commit: string, path: string): Promise<GitTreeEntry | null> {
  if (!isTreePath(path)) return null;
  const args = ['ls-tree', '-z', '-l', '--full-tree', commit, '--', path];
  const line = (await runGit(repository.gitDir, args)).stdout.toString('utf8').split('\0')[0] ?? '';
  const [, mode = '', type = '', sha = '', size = ''] =
    /^(\d+) (\w+) ([0-9a-f]{40}) +(\S+)\t/.exec(line) ?? [];
  if (sha === '') return null;
  const sizeBytes = size === '-' ? null : Number(size);
  return { path, mode, type: type as GitTreeEntry['type'], sha, sizeBytes };
}

interface Place {
  sandbox: SandboxContext;
  repository: Repository;
  ref: string;
}

function entryJson({ sandbox, repository, ref }: Place, entry: GitTreeEntry) {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const page = `${sandbox.url()}/${repository.fullName}`;
  const path = urlPath(entry.path);
  const kind = { blob: entry.mode === '120000' ? 'symlink' : 'file', tree: 'dir', commit: 'submodule' };
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const html = `${page}/${entry.type === 'tree' ? 'tree' : 'blob'}/${urlPath(ref)}/${path}`;
  const git = entry.type === 'commit' ? null : `${api}/git/${entry.type}s/${entry.sha}`;
  return {
    name: entry.path.split('/').at(-1) ?? entry.path,
    path: entry.path,
    sha: entry.sha,
    size: entry.sizeBytes ?? 0,
    url,
    html_url: html,
    git_url: git,
    download_url: entry.type === 'blob' ? `${page}/raw/${urlPath(ref)}/${path}` : null,
    type: kind[entry.type],
    _links: { self: url, git, html },
  };
}

async function putContent(c: RouteContext, sandbox: SandboxContext, repository: Repository, path: string) {
  const { gitDir } = repository;
  const body = await bodyOf(c, putBody);
  if (!isTreePath(path)) throw new GitHubError(422, 'path contains a malformed path component');
  const branch = body.branch ?? repository.defaultBranch;
  const before = await resolveRef(gitDir, `refs/heads/${branch}`);
  if (before === null) throw new GitHubError(404, `Branch ${branch} not found`);
  const existing = await entryAt(repository, before, path);
  checkStale(path, existing, body.sha);
  const sha = await writeBlob(gitDir, Buffer.from(body.content, 'base64'));
  const mode = existing?.mode ?? '100644';
  const tree = await writeTree(gitDir, before, [{ path, mode, sha }]);
  const { message, author, committer } = body;
  const commit = await writeCommit(c, sandbox, repository, {
    message,
    tree,
    parents: [before],
    author,
    committer,
  });
  const ref = `refs/heads/${branch}`;
  if (!(await moveRef(c, sandbox, repository, { ref, before, after: commit }, 409))) {
    throw new GitHubError(409, `is at another commit than expected: ${ref}`);
  }
  const entry = await entryAt(repository, commit, path);
  const content = entry && entryJson({ sandbox, repository, ref: branch }, entry);
  const json = gitCommitJson(sandbox, repository, await readCommit(gitDir, commit));
  return c.json({ content, commit: json }, existing === null ? 201 : 200);
}

function checkStale(path: string, existing: GitTreeEntry | null, sha: string | undefined): void {
  if (existing !== null && existing.type !== 'blob') throw new GitHubError(422, `${path} is not a file`);
  if (existing !== null && sha === undefined) {
    throw new GitHubError(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  }
  if (sha !== undefined && sha !== existing?.sha) throw new GitHubError(409, `${path} does not match ${sha}`);
}
