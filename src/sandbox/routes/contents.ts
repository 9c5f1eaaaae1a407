import { requireRepository } from '../access.ts';
import { blobTooLarge, wrapBase64 } from '../blob-answer.ts';
import { entryAt, entryJson, followLink, isLink, type Place } from '../content-entry.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { type GitTreeEntry, listTree, readBlob, resolveRef } from '../git.ts';
import type { Repository } from '../state.ts';
import { contentWriteRoutes } from './contents-write.ts';

/** https://docs.github.com/en/rest/repos/contents */
export const contentRoutes: Routes = (app, sandbox) => {
  const read = async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    return getContent(c, sandbox, repository, (c.req.param('path') ?? '').replace(/\/$/, ''));
  };
  app.get('/repos/:owner/:repo/contents', read);
  app.get('/repos/:owner/:repo/contents/', read);
  app.get('/repos/:owner/:repo/contents/:path{.+}', read);
  contentWriteRoutes(app, sandbox);
};

async function getContent(c: RouteContext, sandbox: SandboxContext, repository: Repository, path: string) {
  const ref = c.req.query('ref') || repository.defaultBranch;
  const commit = await resolveRef(repository.gitDir, ref);
  if (commit === null) throw new GitHubError(404, `No commit found for the ref ${ref}`);
  const entry = path === '' ? null : await entryAt(repository, commit, path);
  if (path !== '' && entry === null) throw notFound();
  const place = { sandbox, repository, ref };
  if (entry === null || entry.type === 'tree') return folder(c, place, commit, path, entry);
  if (entry.type === 'commit') return c.json({ ...entryJson(place, entry), submodule_git_url: null });
  if (!isLink(entry)) return file(c, place, entry);
  const { target, file: linked } = await followLink(repository, commit, entry);
  if (linked) return file(c, place, { ...linked, path: entry.path });
  return c.json({ ...entryJson(place, entry), target });
}

/** What a media type of the request asks for: `raw`, `object` or `html`. */
function accepts(c: RouteContext, format: string): boolean {
  return new RegExp(`[./]${format}\\b`).test(c.req.header('accept') ?? '');
}

/** A list that ends without a word at the limit: nothing in the answer tells that there is more. */
async function folder(
  c: RouteContext,
  place: Place,
  commit: string,
  path: string,
  entry: GitTreeEntry | null,
): Promise<Response> {
  const { sandbox, repository } = place;
  const children = await listTree(repository.gitDir, entry?.sha ?? commit, false);
  const prefix = path === '' ? '' : `${path}/`;
  const entries = children
    .slice(0, sandbox.state.truncation.directoryEntries)
    .map((child) => entryJson(place, { ...child, path: prefix + child.path }));
  if (!accepts(c, 'object')) return c.json(entries);
  const root = { path: '', mode: '040000', type: 'tree' as const, sha: commit, sizeBytes: null };
  return c.json({ ...entryJson(place, entry ?? root), entries });
}

/**
 * Up to 1 MB with its content, up to 100 MB only raw (JSON then says `encoding: none`), beyond that not at all:
 * https://docs.github.com/en/rest/repos/contents#get-repository-content
 */
async function file(c: RouteContext, place: Place, entry: GitTreeEntry): Promise<Response> {
  const { inlineBytes, blobBytes } = place.sandbox.state.truncation;
  const sizeBytes = entry.sizeBytes ?? 0;
  if (sizeBytes > blobBytes) throw blobTooLarge(blobBytes);
  if (accepts(c, 'raw')) {
    const content = await readBlob(place.repository.gitDir, entry.sha);
    return c.body(new Uint8Array(content), 200, {
      'content-type': 'application/vnd.github.raw+json; charset=utf-8',
    });
  }
  const json = entryJson(place, entry);
  if (sizeBytes > inlineBytes) return c.json({ ...json, encoding: 'none', content: '' });
  const content = wrapBase64(await readBlob(place.repository.gitDir, entry.sha));
  return c.json({ ...json, encoding: 'base64', content });
}
