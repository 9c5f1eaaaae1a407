import type { Command } from '../../domain/commands/command.ts';
import { parseCommands } from '../../domain/commands/parse-commands.ts';
import type { PromoteRequest } from '../../domain/gates/facts.ts';
import { namesRelease } from '../../domain/release.ts';
import { targetKey } from '../../domain/target.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FoundPromotion } from '../snapshot.ts';
import type { FactsInput } from './facts-input.ts';
import { readHeads } from './observe-heads.ts';
import { readPermitted } from './read-permitted.ts';

type RequestsInput = Pick<FactsInput, 'reader' | 'base' | 'byTarget' | 'location' | 'promoters'>;

/**
 * `/promote` on the pull request by people who may. Edited comments count for nothing: an edit may be somebody
 * else's. What was said before the pull request carried this release was said for another one.
 */
export async function readRequests(
  { reader, base, byTarget, location, promoters }: RequestsInput,
  promotion: FoundPromotion,
): Promise<PromoteRequest[]> {
  const paths = [...(byTarget.get(targetKey(location))?.texts.keys() ?? [])];
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
    const meant = parseCommands(words.body).filter((command) => isMeant(command, trailers, isRelayed));
    if (meant.length === 0) continue;
    if (!(await readPermitted(reader, base, promoters, words.author, paths))) continue;
    requests.push({
      requester: words.author,
      url: words.url,
      atMs: Date.parse(words.createdAt),
      ...(meant.every(({ name }) => name === 'approve') && { isApproval: true }),
    });
  }
  return requests;
}

/**
 * A bare `/promote`, and `/approve`, mean the pull request that they stand on; anywhere else it must name this promotion,
 * and where it names a release, that is the one.
 */
function isMeant(command: Command, trailers: PromotionTrailers | null, isRelayed: boolean): boolean {
  if (!trailers || command.name === 'typo') return false;
  if (command.name === 'approve') return !isRelayed;
  if (command.name !== 'promote' || command.isDryRun || command.problem !== null) return false;
  const { applications, to, release } = command;
  if (to !== null && to !== trailers.to) return false;
  if (release !== null && !namesRelease(release, trailers.release)) return false;
  return applications.length === 0 ? !isRelayed : applications.includes(trailers.application);
}

/** A request that was made on another issue: Sluice's comment only points at it, the person's own comment counts. */
async function readRelayed(reader: RepositoryReader, comment: Comment): Promise<Comment | null> {
  const match = /<!-- sluice:request comment=(\d{1,16}) -->/.exec(comment.body);
  return match ? reader.readComment(Number(match[1])) : null;
}
