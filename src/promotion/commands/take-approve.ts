import { targetKey } from '../../domain/target.ts';
import { code } from '../markdown.ts';
import { explainMoved, hasMovedOn } from './choose-targets.ts';
import type { CommandCall } from './command-call.ts';
import { refuse, type Taken } from './taken.ts';

const SHOWN = code('/approve');

/**
 * Takes `/approve`: the comment itself is what passes the gate `manual`, when the look that follows finds it. Approvals
 * are reviews: GitHub binds them to a head and shows them to everybody, which no comment can.
 */
export async function takeApprove({ snapshot, comment, authoriser }: CommandCall): Promise<Taken> {
  const carried = snapshot.candidates.filter(({ open }) => open?.pull.number === comment.issue);
  if (carried.length === 0)
    return refuse(`${SHOWN} is for the pull request of an open promotion; comment it there.`);
  const refused = await authoriser.refuse({ name: 'promote', shown: SHOWN }, carried);
  if (refused !== null) return refuse(refused);
  const moved = carried.find(hasMovedOn);
  if (moved) return refuse(explainMoved(moved).replace(code('/promote'), SHOWN));
  const kinds = new Set(carried.flatMap(({ environment }) => environment.gates.map(({ kind }) => kind)));
  const review = `The gate ${code('approvals')} counts reviews: open **Files changed**, **Review changes**, **Approve**.`;
  const targets = carried.map(({ application, environment }) =>
    targetKey({ application, environment: environment.name }),
  );
  if (!kinds.has('manual'))
    return refuse(
      kinds.has('approvals')
        ? review
        : `No gate here asks for ${SHOWN}; ${code('/why')} tells what it waits for.`,
    );
  return { targets, answers: kinds.has('approvals') ? [review] : [], isTaken: true };
}
