import type { Command } from '../../domain/commands/command.ts';
import { parseCommands } from '../../domain/commands/parse-commands.ts';
import type { PromoteRequest } from '../../domain/gates/facts.ts';
import { namesRelease } from '../../domain/release.ts';
import { targetKey } from '../../domain/target.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import { makeBox } from '../dashboard/box-id.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FoundPromotion } from '../snapshot.ts';
import { applicationsOfPull } from './applications-of-pull.ts';
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
    const said = comment.isSluices
      ? (readTicker(comment, trailers) ?? (await readRelayed(reader, comment)))
      : comment;
    const inferred = await inferApplications(reader, byTarget, said, comment);
    const request = said && readRequest(said, comment, trailers, { sinceMs, isFromStart, inferred });
    if (request && (await readPermitted(reader, base, promoters, request.requester, paths)))
      requests.push(request);
  }
  return requests;
}

/** What somebody said is a request for this promotion, at the time of its head or later; null otherwise. */
function readRequest(
  said: Comment | Ticker,
  comment: Comment,
  trailers: PromotionTrailers | null,
  {
    sinceMs,
    isFromStart,
    inferred,
  }: { sinceMs: number; isFromStart: boolean; inferred: ReadonlySet<string> | null },
): PromoteRequest | null {
  const atMs = Date.parse(said.createdAt);
  const request = { requester: said.author, url: said.url, atMs };
  // A box is for one release, so that it cannot have been ticked for another one within the same second.
  if ('box' in said) return atMs >= sinceMs ? request : null;
  if (said.isBot || said.isEdited || comment.isEdited) return null;
  const isRelayed = said !== comment;
  // What stands on the pull request itself cannot be older than its first head.
  if ((isRelayed || !isFromStart) && atMs <= sinceMs) return null;
  const meant = parseCommands(said.body).filter((command) => isMeant(command, trailers, isRelayed, inferred));
  if (meant.length === 0) return null;
  return { ...request, ...(meant.every(({ name }) => name === 'approve') && { isApproval: true }) };
}

/**
 * A bare `/promote`, and `/approve`, mean the pull request that they stand on; anywhere else it must name this promotion,
 * or stand on a pull request that changes the application. Where it names a release, that is the one.
 */
function isMeant(
  command: Command,
  trailers: PromotionTrailers | null,
  isRelayed: boolean,
  inferred: ReadonlySet<string> | null,
): boolean {
  if (!trailers || command.name === 'typo') return false;
  if (command.name === 'approve') return !isRelayed;
  if (command.name !== 'promote' || command.isDryRun || command.problem !== null) return false;
  const { applications, to, release } = command;
  if (to !== null && to !== trailers.to) return false;
  if (release !== null && !namesRelease(release, trailers.release)) return false;
  if (applications.length > 0) return applications.includes(trailers.application);
  return !isRelayed || inferred?.has(trailers.application) === true;
}

/** What a relayed `/promote` without a name means, by the files of the pull request that it stands on; null otherwise. */
async function inferApplications(
  reader: RepositoryReader,
  byTarget: RequestsInput['byTarget'],
  said: Comment | Ticker | null,
  comment: Comment,
): Promise<ReadonlySet<string> | null> {
  if (!said || 'box' in said || said === comment) return null;
  const isBare = parseCommands(said.body).some(
    (each) => each.name === 'promote' && each.applications.length === 0,
  );
  return isBare ? applicationsOfPull(reader, byTarget.values(), said.issue) : null;
}

/** A request that was made on another issue: Sluice's comment only points at it, the person's own comment counts. */
async function readRelayed(reader: RepositoryReader, comment: Comment): Promise<Comment | null> {
  const match = /<!-- sluice:request comment=(\d{1,16}) -->/.exec(comment.body);
  return match ? reader.readComment(Number(match[1])) : null;
}

const TICKED =
  /^`[\w-]+` asked for this promotion by a check box [^\n]*\n<!-- sluice:request box=(promote-[0-9a-f]{16}) by=([\w-]{1,100}) -->$/;

interface Ticker extends Pick<Comment, 'author' | 'url' | 'createdAt'> {
  box: string;
}

/**
 * Who ticked the box of this promotion on the dashboard, as a comment of Sluice's own says; null when it says nothing of
 * the kind. An edit of the comment may be anybody's.
 */
function readTicker(
  { body, isEdited, url, createdAt }: Comment,
  trailers: PromotionTrailers | null,
): Ticker | null {
  const [, box, author] = TICKED.exec(body.trim()) ?? [];
  if (isEdited || !trailers || box === undefined || author === undefined) return null;
  const { application, to, release, fingerprint } = trailers;
  const asked = { kind: 'promote', application, to, release, fingerprint, pull: null } as const;
  return box === makeBox(asked).id ? { box, author, url, createdAt } : null;
}
