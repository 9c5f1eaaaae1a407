import { targetKey } from '../domain/target.ts';
import type { Action } from './plan-types.ts';
import type { Snapshot } from './snapshot.ts';

/** After these the head is another one, or of no more interest; a merge may still be refused. */
const ENDS: readonly Action['kind'][] = ['update-promotion', 'close-promotion'];

/** What is still to be shown on the open promotions whose head Sluice planned, and that `actions` leave as they are. */
export function planShowing({ candidates, targets }: Snapshot, actions: readonly Action[]): Action[] {
  const moving = new Set(
    actions.flatMap((action) => (ENDS.includes(action.kind) && 'number' in action ? [action.number] : [])),
  );
  const roots = new Map(targets.map(({ location }) => [targetKey(location), location.root]));
  return candidates.flatMap(({ application, environment, open }): Action[] => {
    const root = roots.get(targetKey({ application, environment: environment.name }));
    if (!open?.isAttested || open.isShown || root === undefined || moving.has(open.pull.number)) return [];
    const { pull, head } = open;
    const baseSha = head.parents.at(-1)!;
    return [{ kind: 'show-change', number: pull.number, headSha: pull.headSha, baseSha, root }];
  });
}
