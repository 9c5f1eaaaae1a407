import { actingUser } from '../access.ts';
import type { RouteContext, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { isSha, updateRefs as moveTogether, refTarget } from '../git.ts';
import type { RefMove } from '../move-ref.ts';
import { checkFastForward, checkObject, checkRefName, checkWritable } from '../ref-rules.ts';
import { withLock } from '../repository-lock.ts';
import { ZERO_SHA } from '../run-git.ts';
import type { Repository } from '../state.ts';
import { GraphError } from './execute.ts';
import { inputOf, repositoryById } from './input.ts';
import type { Mutation } from './mutation.ts';

interface RefUpdate {
  name: string;
  /** Where the ref must be now; zeros: nowhere. Anywhere when left out. */
  beforeOid?: string | null;
  /** Zeros delete. */
  afterOid: string;
  force: boolean;
}

const WRITER = { permission: ['contents', 'write'] as [string, 'write'], role: 'write' as const };

/** Moves all refs or none: https://docs.github.com/en/graphql/reference/git */
export const updateRefs: Mutation = async (c, sandbox, args) => {
  const input = inputOf(args);
  const repository = repositoryById(c, sandbox, input.repositoryId, WRITER);
  const updates = input.refUpdates as RefUpdate[];
  await withLock(repository, async () => {
    const moves: RefMove[] = [];
    for (const update of updates) moves.push(await checked(c, sandbox, repository, update));
    const changes = moves.map(({ ref, before, after }) => ({ ref, newSha: after, oldSha: before }));
    if (!(await moveTogether(repository.gitDir, changes))) throw refuse('Reference cannot be updated');
    const pusher = actingUser(c);
    for (const move of moves)
      if (move.before !== move.after) await sandbox.refChanged(repository, { ...move, pusher });
  });
  return { type: 'UpdateRefsPayload', fields: { clientMutationId: input.clientMutationId ?? null } };
};

function refuse(message: string): GraphError {
  return new GraphError('UNPROCESSABLE', message);
}

/** The move that is asked for. @throws GraphError when it may not be */
async function checked(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  { name: ref, beforeOid, afterOid, force }: RefUpdate,
): Promise<RefMove> {
  for (const oid of [beforeOid ?? ZERO_SHA, afterOid])
    if (!isSha(oid)) throw refuse(`${oid} is not a valid object id`);
  const after = afterOid === ZERO_SHA ? null : afterOid;
  const before = await refTarget(repository.gitDir, ref);
  if (beforeOid && beforeOid !== (before ?? ZERO_SHA))
    throw refuse(`Reference ${ref} is at ${before ?? ZERO_SHA}, not at ${beforeOid}`);
  if (before === null && after === null) throw refuse(`Reference ${ref} does not exist`);
  try {
    checkRefName(ref);
    checkWritable(repository, ref, after);
    if (after !== null) await checkObject(repository, ref, after);
    if (before !== null && after !== null && !force) await checkFastForward(repository, before, after);
  } catch (error) {
    throw error instanceof GitHubError ? refuse(error.message) : error;
  }
  const proposal = { ref, before, after, user: actingUser(c), actor: c.get('actor') };
  const reason = (await sandbox.onBeforePush?.(repository, proposal)) ?? null;
  if (reason !== null) throw refuse(reason);
  return { ref, before, after };
}
