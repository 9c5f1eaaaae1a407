import type { PromoteCommand } from '../../domain/commands/command.ts';
import { targetKey } from '../../domain/target.ts';
import { noteOnce } from '../apply/note-once.ts';
import { code } from '../markdown.ts';
import type { PromotionRequest } from '../occasion.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { Candidate } from '../snapshot.ts';
import { choose, dueOf, explainMoved, hasMovedOn } from './choose-targets.ts';
import type { CommandCall } from './command-call.ts';
import { describeExplanations } from './describe-explanation.ts';
import { explainTargets } from './explain-target.ts';
import { describeNamed, findNamedRelease } from './name-release.ts';
import type { Taken } from './taken.ts';

const ASKED = { name: 'promote', shown: code('/promote') } as const;

/** Takes `/promote`: notes who asked for what, for the look that follows. */
export async function takePromote(
  call: CommandCall,
  command: PromoteCommand,
  requests: Map<string, PromotionRequest>,
): Promise<Taken> {
  const { host, snapshot, comment, authoriser } = call;
  const verdict = await choose(host, snapshot, comment, command);
  const others = verdict.others ?? [];
  if (command.isDryRun) return takeDryRun(call, verdict, others, command.release ?? '');
  const taken: Taken = { targets: [], answers: [...verdict.answers], isTaken: false };
  for (const candidate of verdict.chosen) {
    const refused = await authoriser.refuse(ASKED, [candidate]);
    const why = refused ?? (hasMovedOn(candidate) ? explainMoved(candidate) : null);
    if (why !== null && !taken.answers.includes(why)) taken.answers.push(why);
    if (refused !== null) continue;
    taken.targets.push(keyOf(candidate));
    if (why !== null) continue;
    taken.isTaken = true;
    const due = dueOf(candidate);
    // On a pull request that carries it already the comment itself counts, when it was said for what that carries.
    if (due && !candidate.open) {
      const { fingerprint } = due.release;
      requests.set(keyOf(candidate), { requester: comment.author, fingerprint });
    }
    await relay(host, comment, candidate);
  }
  for (const candidate of others) await takeNamed(call, candidate, command.release ?? '', requests, taken);
  return taken;
}

/** A release that is not what is due, and that the source held before: from now on it is. */
async function takeNamed(
  call: CommandCall,
  candidate: Candidate,
  said: string,
  requests: Map<string, PromotionRequest>,
  taken: Taken,
): Promise<void> {
  const { authoriser, comment } = call;
  const refused = await authoriser.refuse(ASKED, [candidate]);
  const found = refused === null ? await findNamedRelease(call, candidate, said) : { refused };
  if ('refused' in found) {
    if (!taken.answers.includes(found.refused)) taken.answers.push(found.refused);
    return;
  }
  const { fingerprint } = found.promotion.release;
  requests.set(keyOf(candidate), { requester: comment.author, fingerprint, isNamed: true });
  taken.targets.push(keyOf(candidate));
  const { application, to, release } = found.promotion;
  const told = describeNamed(found, comment.author, false);
  taken.named = [...(taken.named ?? []), { application, to, release: release.label, told }];
}

/** What would be promoted, and what would stop it. */
async function takeDryRun(
  call: CommandCall,
  { chosen, answers }: Awaited<ReturnType<typeof choose>>,
  others: readonly Candidate[],
  said: string,
): Promise<Taken> {
  const { host, http, snapshot, comment, nowMs } = call;
  const named: string[] = [];
  for (const candidate of others) {
    const found = await findNamedRelease(call, candidate, said);
    named.push('refused' in found ? found.refused : describeNamed(found, comment.author, true));
  }
  const explained = await explainTargets(host, http, snapshot, chosen, nowMs);
  const told =
    explained.length > 0 ? [describeExplanations(explained), 'Nothing was done: `--dry-run`.'] : [];
  const all = [...answers, ...told, ...named];
  return { targets: [], answers: all, isTaken: explained.length + others.length > 0 };
}

function keyOf({ application, environment }: Candidate): string {
  return targetKey({ application, environment: environment.name });
}

/** A request from elsewhere is pointed to on the pull request, where its gates find it. */
async function relay(
  host: RepositoryReader & RepositoryWriter,
  comment: Comment,
  { open }: Candidate,
): Promise<void> {
  if (!open || open.pull.number === comment.issue) return;
  const text = `${code(comment.author)} asked for this promotion: ${comment.url}`;
  await noteOnce(host, open.pull.number, { mark: `<!-- sluice:request comment=${comment.id} -->`, text });
}
