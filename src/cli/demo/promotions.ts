import type { Octokit } from '@octokit/rest';
import { readCommit } from '../../sandbox/git.ts';
import type { Repository } from '../../sandbox/state.ts';
import { nameSource } from './report.ts';

/** A promotion pull request, as anybody can read it: the pull request from GitHub, the release from git's trailers. */
export interface PromotionPull {
  application: string;
  from: string;
  to: string;
  release: string;
  pull: number;
  title: string;
  url: string;
  headSha: string;
  isOpen: boolean;
  merged: boolean;
}

/** All promotions of a repository, oldest first. */
export async function listPromotions(
  octokit: Octokit,
  { owner, name, gitDir }: Repository,
): Promise<PromotionPull[]> {
  const pulls = await octokit.paginate(octokit.rest.pulls.list, {
    owner,
    repo: name,
    state: 'all',
    direction: 'asc',
    per_page: 100,
  });
  const found: PromotionPull[] = [];
  for (const { number, title, html_url: url, head, state, merged_at: mergedAt, user } of pulls) {
    if (user?.type !== 'Bot') continue;
    const trailers = await readTrailers(gitDir, head.sha);
    // The commit of a group has them once for each application.
    const distinct = (key: string) => [...new Set(trailers.get(key) ?? [])];
    const one = (key: string) => distinct(key).join(', ');
    found.push({
      application: one('Sluice-Application'),
      from: nameSource(distinct('Sluice-From')),
      to: one('Sluice-To'),
      release: one('Sluice-Release'),
      pull: number,
      title,
      url,
      headSha: head.sha,
      isOpen: state === 'open',
      merged: mergedAt !== null,
    });
  }
  return found;
}

/** The newest promotion of an application to an environment. Throws when there is none. */
export async function findPromotion(
  octokit: Octokit,
  repository: Repository,
  application: string,
  to: string,
): Promise<PromotionPull> {
  const found = (await listPromotions(octokit, repository)).findLast(
    (each) => each.application === application && each.to === to,
  );
  if (!found) throw new Error(`Sluice opened no promotion of ${application} to ${to}`);
  return found;
}

async function readTrailers(gitDir: string, sha: string): Promise<Map<string, string[]>> {
  const { message } = await readCommit(gitDir, sha);
  const trailers = new Map<string, string[]>();
  for (const line of message.slice(message.lastIndexOf('\n\n')).split('\n')) {
    const [key, value] = line.split(/: (.*)/);
    if (key && value) trailers.set(key, [...(trailers.get(key) ?? []), value]);
  }
  return trailers;
}
