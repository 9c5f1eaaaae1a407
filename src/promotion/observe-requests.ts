import { type PromoteCommand, parseCommands } from '../domain/command.ts';
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
  const { sinceMs, isFromStart } = await carriedSince(reader, promotion);
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
      requests.push({ requester: words.author, url: words.url });
    }
  }
  return requests;
}

/**
 * When the branch began to carry its release, in milliseconds since the epoch. A head that was made anew for the same
 * release, after a conflict say, takes nothing back, and neither does GitHub's button "Update branch" in between. Dates
 * of the App's own commits are GitHub's.
 */
async function carriedSince(
  reader: RepositoryReader,
  { head, pull, trailers }: FoundPromotion,
): Promise<{ sinceMs: number; isFromStart: boolean }> {
  let first = head;
  let at = head;
  for (let step = 0; at.parents.length > 1; step++) {
    if (step >= MOST_HEADS) throw new Error(`#${pull.number} was made anew more than ${MOST_HEADS} times`);
    const before = await reader.readCommit(at.parents[0]!);
    const said = readTrailers(before, pull.branch);
    const isUpdate = !said && before.parents.length === 2 && before.committerLogin === 'web-flow';
    if (!isUpdate && said?.fingerprint !== trailers?.fingerprint) break;
    at = before;
    if (said) first = before;
  }
  return { sinceMs: Date.parse(first.committedAt), isFromStart: first.parents.length < 2 };
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
