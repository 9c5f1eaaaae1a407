import { targetKey } from '../domain/target.ts';
import type { Action } from './plan-types.ts';
import type { Snapshot } from './snapshot.ts';

/** What is still to be shown on the open promotions whose head Sluice planned. */
export function planShowing({ candidates, targets }: Snapshot): Action[] {
  const roots = new Map(targets.map(({ location }) => [targetKey(location), location.root]));
  return candidates.flatMap(({ application, environment, open }): Action[] => {
    const root = roots.get(targetKey({ application, environment: environment.name }));
    if (!open?.isAttested || open.isShown || root === undefined) return [];
    const { pull, head } = open;
    const baseSha = head.parents.at(-1)!;
    return [{ kind: 'show-change', number: pull.number, headSha: pull.headSha, baseSha, root }];
  });
}
