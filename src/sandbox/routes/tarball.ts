import { randomBytes } from 'node:crypto';
import { findRepository, requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { notFound } from '../errors.ts';
import { resolveRef } from '../git.ts';
import { param } from '../route-input.ts';
import { runGit } from '../run-git.ts';
import type { Repository } from '../state.ts';

/** https://docs.github.com/en/rest/repos/contents#download-a-repository-archive-tar */
const LINK_LIFE_MS = 5 * 60 * 1000;

/** An archive of a commit: the API answers with a link, which needs no other credentials, and lives shortly. */
export const tarballRoutes: Routes = (app, sandbox) => {
  const links = new Map<string, { gitDir: string; expiresAt: number }>();
  const redirect = async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    const ref = c.req.param('ref') || repository.defaultBranch;
    const url = new URL(
      `${sandbox.url()}/${repository.fullName}/legacy.tar.gz/${await longName(repository, ref)}`,
    );
    if (repository.private) {
      const token = randomBytes(18).toString('hex').toUpperCase();
      links.set(token, { gitDir: repository.gitDir, expiresAt: sandbox.now() + LINK_LIFE_MS });
      url.searchParams.set('token', token);
    }
    return c.body(null, 302, { location: url.href });
  };
  app.get('/repos/:owner/:repo/tarball', redirect);
  app.get('/repos/:owner/:repo/tarball/', redirect);
  app.get('/repos/:owner/:repo/tarball/:ref{.+}', redirect);
  app.get('/:owner/:repo/legacy.tar.gz/:ref{.+}', async (c: RouteContext) => {
    const repository = findRepository(sandbox.state, param(c, 'owner'), param(c, 'repo'));
    const link = links.get(c.req.query('token') ?? '');
    const allowed = link?.gitDir === repository?.gitDir && (link?.expiresAt ?? 0) > sandbox.now();
    if (!repository || (repository.private && !allowed)) throw notFound();
    return archive(c, repository);
  });
};

/** As GitHub's links have it: the full ref, or the SHA. */
async function longName(repository: Repository, ref: string): Promise<string> {
  for (const name of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`]) {
    if (name.startsWith('refs/') && (await resolveRef(repository.gitDir, name)) !== null) return name;
  }
  const sha = await resolveRef(repository.gitDir, ref);
  if (sha === null) throw notFound();
  return sha;
}

/** By `git archive` itself: all in one folder, which is named by owner, name and short SHA. */
async function archive(c: RouteContext, repository: Repository): Promise<Response> {
  const sha = await resolveRef(repository.gitDir, param(c, 'ref'));
  if (sha === null) throw notFound();
  const folder = `${repository.owner}-${repository.name}-${sha.slice(0, 7)}`;
  const args = ['archive', '--format=tar.gz', `--prefix=${folder}/`, sha];
  const { stdout } = await runGit(repository.gitDir, args);
  return c.body(new Uint8Array(stdout), 200, {
    'content-type': 'application/x-gzip',
    'content-disposition': `attachment; filename=${folder}.tar.gz`,
  });
}
