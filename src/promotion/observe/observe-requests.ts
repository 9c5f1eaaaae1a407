import { type PromoteCommand, parseCommands } from '../../domain/command.ts';
import type { PromoteRequest } from '../../domain/gates/facts.ts';
import { hasRole } from '../../domain/role.ts';
import type { Settings } from '../../domain/settings.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FoundPromotion } from '../snapshot.ts';
import { readHeads } from './observe-heads.ts';

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
  const { first, isFromStart } = await readHeads(reader, promotion);
  // Dates of the App's own commits are GitHub's.
  const sinceMs = Date.parse(first.committedAt);
  const requests: PromoteRequest[] = (trailers?.requestedBy ?? []).map((requester) => ({
    requester,
    url: pull.url,
  }));
  for (const comment of await reader.listComments(pull.number)) {
    const words = comment.isSluices ? await readRelayed(reader, comment) : comment;
    if (!words || words.isBot || words.isEdited || comment.isEdited) continue;
    const isRelayed = words !== comment;
    // What stands on the pull request itself cannot be older than its first head.
    if ((isRelayed || !isFromStart) && Date.parse(words.createdAt) <= sinceMs) continue;
    if (
      !parseCommands(words.body).some(
        (command) => command.name === 'promote' && isMeant(command, trailers, isRelayed),
      )
    )
      continue;
    if (hasRole(await reader.readRole(words.author), settings.promoteRole)) {
      requests.push({ requester: words.author, url: words.url, atMs: Date.parse(words.createdAt) });
    }
  }
  return requests;
}

/** A bare `/promote` means the pull request that it stands on; anywhere else it must name this promotion. */
function isMeant(
  { applications, to }: PromoteCommand,
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
