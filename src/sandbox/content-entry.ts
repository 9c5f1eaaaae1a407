import { posix } from 'node:path';
import { urlPath } from './commit-json.ts';
import type { SandboxContext } from './context.ts';
import { type GitTreeEntry, readBlob } from './git.ts';
import { entryAt as findEntry } from './git-objects.ts';
import { describeObject } from './git-reader.ts';
import type { Repository } from './state.ts';

/** Where contents are read: a repository at what the request called the ref. */
export interface Place {
  sandbox: SandboxContext;
  repository: Repository;
  ref: string;
}

/** The tree entry at a path with its size, or null. */
export async function entryAt(
  { gitDir }: Repository,
  commit: string,
  path: string,
): Promise<GitTreeEntry | null> {
  const entry = await findEntry(gitDir, commit, path);
  if (entry === null) return null;
  const blob = entry.type === 'blob' ? await describeObject(gitDir, entry.sha) : null;
  return { ...entry, sizeBytes: blob?.sizeBytes ?? null };
}

export function isLink(entry: GitTreeEntry): boolean {
  return entry.mode === '120000';
}

/** What a symbolic link says, and the file of the repository that it leads to, when there is one. */
export async function followLink(
  repository: Repository,
  commit: string,
  link: GitTreeEntry,
): Promise<{ target: string; file: GitTreeEntry | null }> {
  const target = (await readBlob(repository.gitDir, link.sha)).toString('utf8');
  const path = posix.join(posix.dirname(link.path), target);
  const entry = posix.isAbsolute(target) ? null : await entryAt(repository, commit, path);
  return { target, file: entry?.type === 'blob' && !isLink(entry) ? entry : null };
}

/** A file, folder, link or submodule as contents answers it, without what is inside. */
export function entryJson({ sandbox, repository, ref }: Place, entry: GitTreeEntry) {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const page = `${sandbox.url()}/${repository.fullName}`;
  const path = urlPath(entry.path);
  const kind = { blob: isLink(entry) ? 'symlink' : 'file', tree: 'dir', commit: 'submodule' };
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const html = `${page}/${entry.type === 'tree' ? 'tree' : 'blob'}/${urlPath(ref)}/${path}`;
  const git = entry.type === 'commit' ? null : `${api}/git/${entry.type}s/${entry.sha}`;
  const download = entry.type === 'blob' ? `${page}/raw/${urlPath(ref)}/${path}` : null;
  return {
    name: entry.path.split('/').at(-1) ?? entry.path,
    path: entry.path,
    sha: entry.sha,
    size: entry.sizeBytes ?? 0,
    url,
    html_url: html,
    git_url: git,
    download_url: download,
    type: kind[entry.type],
    _links: { self: url, git, html },
  };
}
