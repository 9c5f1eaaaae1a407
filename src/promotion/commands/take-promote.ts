import type { PromoteCommand } from '../../domain/command.ts';
import { targetKey } from '../../domain/target.ts';
import { noteOnce } from '../apply/note-once.ts';
import { code } from '../markdown.ts';
import type { PromotionRequest } from '../occasion.ts';
import type { Comment } from '../ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';
import { choose, dueOf, explainMoved, hasMovedOn } from './choose-targets.ts';

type Host = RepositoryReader & RepositoryWriter;

/** What became of commands: targets whose look shall follow, and words for whoever gave them. */
export interface Taken {
  targets: string[];
  answers: string[];
  isTaken: boolean;
}

/** Nothing is done; the answer says why. */
export function refuse(answer: string): Taken {
  return { targets: [], answers: [answer], isTaken: false };
}

/** Takes `/promote`: notes who asked for what, for the look that follows. */
export async function takePromotes(
  host: Host,
  snapshot: Snapshot,
  comment: Comment,
  commands: readonly PromoteCommand[],
  requests: Map<string, PromotionRequest>,
): Promise<Taken> {
  const verdicts = await Promise.all(commands.map((command) => choose(host, snapshot, comment, command)));
  const chosen = verdicts.flatMap((verdict) => verdict.chosen);
  const moved = chosen.filter(hasMovedOn);
  for (const candidate of chosen.filter((each) => !moved.includes(each))) {
    const due = dueOf(candidate);
    // On a pull request that carries it already the comment itself counts, when it was said for what that carries.
    if (due && !candidate.open) {
      const { fingerprint } = due.release;
      requests.set(keyOf(candidate), { requester: comment.author, fingerprint });
    }
    await relay(host, comment, candidate);
  }
  return {
    targets: chosen.map(keyOf),
    answers: [...verdicts.flatMap(({ answers }) => answers), ...moved.map(explainMoved)],
    isTaken: chosen.length > moved.length,
  };
}

function keyOf({ application, environment }: Candidate): string {
  return targetKey({ application, environment: environment.name });
}

/** A request from elsewhere is pointed to on the pull request, where its gates find it. */
async function relay(host: Host, comment: Comment, { open }: Candidate): Promise<void> {
  if (!open || open.pull.number === comment.issue) return;
  const text = `${code(comment.author)} asked for this promotion: ${comment.url}`;
  await noteOnce(host, open.pull.number, { mark: `<!-- sluice:request comment=${comment.id} -->`, text });
}
