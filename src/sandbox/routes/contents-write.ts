import { z } from 'zod';
import { requireRepository } from '../access.ts';
import { gitCommitJson } from '../commit-json.ts';
import { entryAt, entryJson } from '../content-entry.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { type GitTreeEntry, isTreePath, readCommit, resolveRef, writeBlob } from '../git.ts';
import { moveRef } from '../move-ref.ts';
import { bodyOf, param } from '../route-input.ts';
import type { Repository } from '../state.ts';
import { writeCommit } from '../write-commit.ts';
import { type TreeChange, writeTree } from '../write-tree.ts';

const person = z.object({ name: z.string().min(1), email: z.string().min(1), date: z.string().optional() });
const deleteBody = z.object({
  message: z.string(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  author: person.optional(),
  committer: person.optional(),
});
const putBody = deleteBody.extend({ content: z.string() });

/** https://docs.github.com/en/rest/repos/contents#create-or-update-file-contents and #delete-a-file */
export const contentWriteRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/contents/:path{.+}';
  const writer = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
  app.put(path, async (c) => {
    const repository = writer(c);
    const body = await bodyOf(c, putBody);
    const found = await target(c, repository, body.branch);
    const { existing } = found;
    if (existing !== null && existing.type !== 'blob')
      throw new GitHubError(422, `${found.path} is not a file`);
    checkStale(found.path, existing, body.sha);
    const sha = await writeBlob(repository.gitDir, Buffer.from(body.content, 'base64'));
    const change = { path: found.path, mode: existing?.mode ?? '100644', sha };
    const commit = await commitChange(c, sandbox, repository, { ...found, body, change });
    const entry = await entryAt(repository, commit.sha, found.path);
    const content = entry && entryJson({ sandbox, repository, ref: found.branch }, entry);
    const json = gitCommitJson(sandbox, repository, commit);
    return c.json({ content, commit: json }, existing === null ? 201 : 200);
  });
  app.delete(path, async (c) => {
    const repository = writer(c);
    const body = await bodyOf(c, deleteBody);
    const found = await target(c, repository, body.branch);
    if (found.existing?.type !== 'blob') throw notFound();
    checkStale(found.path, found.existing, body.sha);
    const change = { path: found.path, mode: found.existing.mode, sha: null };
    const commit = await commitChange(c, sandbox, repository, { ...found, body, change });
    return c.json({ content: null, commit: gitCommitJson(sandbox, repository, commit) });
  });
};

interface Target {
  path: string;
  branch: string;
  /** Null in a repository without any commit: there this makes the first one. */
  before: string | null;
  existing: GitTreeEntry | null;
}

async function target(c: RouteContext, repository: Repository, wish: string | undefined): Promise<Target> {
  const path = param(c, 'path');
  if (!isTreePath(path)) throw new GitHubError(422, 'path contains a malformed path component');
  const branch = wish ?? repository.defaultBranch;
  const before = await resolveRef(repository.gitDir, `refs/heads/${branch}`);
  if (before === null && !repository.isEmpty) throw new GitHubError(404, `Branch ${branch} not found`);
  return { path, branch, before, existing: before === null ? null : await entryAt(repository, before, path) };
}

/** What is there is changed only by who says which version of it they saw. */
function checkStale(path: string, existing: GitTreeEntry | null, sha: string | undefined): void {
  if (existing !== null && sha === undefined) {
    throw new GitHubError(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  }
  if (sha !== undefined && sha !== existing?.sha) throw new GitHubError(409, `${path} does not match ${sha}`);
}

async function commitChange(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  input: Target & { body: z.output<typeof deleteBody>; change: TreeChange },
) {
  const { branch, before } = input;
  const tree = await writeTree(repository.gitDir, before, [input.change]);
  const { message, author, committer } = input.body;
  const content = { message, tree, parents: before === null ? [] : [before], author, committer };
  const after = await writeCommit(c, sandbox, repository, content);
  const ref = `refs/heads/${branch}`;
  if (!(await moveRef(c, sandbox, repository, { ref, before, after }, 409))) {
    throw new GitHubError(409, `is at another commit than expected: ${ref}`);
  }
  return readCommit(repository.gitDir, after);
}
