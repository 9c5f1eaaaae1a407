import type { Snapshot } from '../snapshot.ts';
import { storyMark } from '../story/story-body.ts';
import { rangeOf } from '../story/tell-story.ts';
import { bodyMark } from './describe-promotion.ts';
import type { Action } from './plan-types.ts';

/** After these the pull request says something else, or is of no more interest. */
const CHANGES: readonly Action['kind'][] = ['update-promotion', 'describe-promotion', 'close-promotion'];

/**
 * The open promotions on which it is still to be told what is in them: those whose sources tell it, and whose head Sluice
 * planned. Without a source nothing is asked for.
 */
export function planTelling({ candidates, settings }: Snapshot, actions: readonly Action[]): Action[] {
  if (settings.sources.length === 0) return [];
  const changing = new Set(
    actions.flatMap((action) => (CHANGES.includes(action.kind) && 'number' in action ? [action.number] : [])),
  );
  const telling = new Map<number, Action>();
  for (const { open, openGroup } of candidates) {
    const { pull, isAttested } = openGroup ?? open ?? {};
    if (!pull || !isAttested || changing.has(pull.number) || telling.has(pull.number)) continue;
    const planned = openGroup?.trailers ?? open?.trailers;
    const carried = openGroup?.trailers?.members ?? (open?.trailers ? [open.trailers] : []);
    if (!planned || !pull.body.includes(bodyMark(planned.fingerprint))) continue;
    if (pull.body.includes(storyMark(planned.fingerprint))) continue;
    if (!carried.some((each) => rangeOf(settings.sources, each))) continue;
    telling.set(pull.number, {
      kind: 'tell-story',
      number: pull.number,
      headSha: pull.headSha,
      body: pull.body,
      carried,
    });
  }
  return [...telling.values()];
}

/** Numbers of the pull requests of Sluice that are open. */
export function listOpen({ candidates, strays, unreadable }: Snapshot): Set<number> {
  const pulls = [
    ...candidates.flatMap(({ open, openGroup }) => [open?.pull, openGroup?.pull]),
    ...[...strays, ...unreadable].map(({ pull }) => pull),
  ];
  return new Set(pulls.flatMap((pull) => pull?.number ?? []));
}
