import { type Command, parseCommands } from '../domain/command.ts';
import type { PromoteRequest } from '../domain/gates/facts.ts';
import type { Settings } from '../domain/settings.ts';
import type { PromotionTrailers } from '../domain/trailers.ts';
import { type FoundPromotion, readTrailers } from './observe-pulls.ts';
import type { Comment, RepositoryReader } from './ports.ts';
import { hasRole } from './roles.ts';

/** Heads of one pull request that are followed back, from one that was made anew to the one before. */
const MOST_HEADS = 50;

/**
 * `/promote` on the pull request by people who may. Edited comments count for nothing: an edit may be somebody
 * else's. What was said before the pull request carried this release was said for another one.
 */
export async function readRequests(
  reader: RepositoryReader,
  settings: Settings,
  promotion: FoundPromotion,
): Promise<PromoteRequest[]> {
  const { pull, trailers } = promotion;
  const sinceMs = await carriedSince(reader, promotion);
  const requests: PromoteRequest[] = (trailers?.requestedBy ?? []).map((requester) => ({
    requester,
    url: pull.url,
  }));
  for (const comment of await reader.listComments(pull.number)) {
    const words = comment.isSluices ? await readRelayed(reader, comment) : comment;
    if (!words || words.isBot || words.isEdited || comment.isEdited) continue;
    if (sinceMs !== null && Date.parse(words.createdAt) <= sinceMs) continue;
    const isRelayed = words !== comment;
    if (!parseCommands(words.body).some((command) => isMeant(command, trailers, isRelayed))) continue;
    if (hasRole(await reader.readRole(words.author), settings.promoteRole)) {
      requests.push({ requester: words.author, url: words.url });
    }
  }
  return requests;
}

/**
 * When the branch began to carry its release, in milliseconds since the epoch; null when it always did. A head that
 * was made anew for the same release, after a conflict say, takes nothing back. Dates of the App's own commits are
 * GitHub's.
 */
async function carriedSince(
  reader: RepositoryReader,
  { head, pull, trailers }: FoundPromotion,
): Promise<number | null> {
  let first = head;
  for (let step = 0; step < MOST_HEADS && first.parents.length > 1; step++) {
    const before = await reader.readCommit(first.parents[0]!);
    const said = readTrailers(before, pull.branch);
    if (!said || said.fingerprint !== trailers?.fingerprint) break;
    first = before;
  }
  return first.parents.length > 1 ? Date.parse(first.committedAt) : null;
}

/** A bare `/promote` means the pull request that it stands on; anywhere else it must name this promotion. */
function isMeant(
  { applications, to }: Command,
  trailers: PromotionTrailers | null,
  isRelayed: boolean,
): boolean {
  if (!trailers) return false;
  if (to !== null && to !== trailers.to) return false;
  return applications.length === 0 ? !isRelayed : applications.includes(trailers.application);
}

/** A request that was made on another issue: Sluice's comment only points at it, the person's own comment counts. */
async function readRelayed(reader: RepositoryReader, comment: Comment): Promise<Comment | null> {
  const match = /<!-- sluice:request comment=(\d{1,16}) -->/.exec(comment.body);
  return match ? reader.readComment(Number(match[1])) : null;
}
