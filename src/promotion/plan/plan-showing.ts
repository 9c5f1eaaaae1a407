import { targetKey } from '../../domain/target.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Action } from './plan-types.ts';

/** After these the head is another one, or of no more interest; a merge may still be refused. */
const ENDS: readonly Action['kind'][] = ['update-promotion', 'close-promotion'];

/** What is still to be shown on the open promotions whose head Sluice planned, and that `actions` leave as they are. */
export function planShowing({ candidates, targets }: Snapshot, actions: readonly Action[]): Action[] {
  const moving = new Set(
    actions.flatMap((action) => (ENDS.includes(action.kind) && 'number' in action ? [action.number] : [])),
  );
  const roots = new Map(targets.map(({ location }) => [targetKey(location), location.root]));
  const shown = new Map<string, Extract<Action, { kind: 'show-change' }>>();
  for (const { application, environment, branch, open, openGroup } of candidates) {
    const root = roots.get(targetKey({ application, environment: environment.name }));
    if (!open || root === undefined) continue;
    const { pull, head, isAttested, isShown } = openGroup ?? open;
    if (!isAttested || isShown || moving.has(pull.number)) continue;
    const targets = [...(shown.get(branch)?.targets ?? []), { application, root }];
    const { number, headSha } = pull;
    shown.set(branch, { kind: 'show-change', number, headSha, baseSha: head.parents.at(-1)!, targets });
  }
  return [...shown.values()];
}
