import type { Candidate, Snapshot } from '../snapshot.ts';
import type { Decision, Part } from './plan-types.ts';
import { UNREADABLE_DELAY_MS } from './plan-unreadable.ts';

/** What is to be decided before anything else is done: rollbacks to begin, holds of rollbacks to end. */
export function planRollbacks({ candidates, failures }: Pick<Snapshot, 'candidates' | 'failures'>): Part {
  const { failed = [], isWhole = true } = failures ?? {};
  const decisions: Decision[] = [
    ...failed.map((each): Decision => ({ kind: 'begin-rollback', failed: each })),
    ...candidates.filter(({ lifts }) => lifts).flatMap(lift),
  ];
  return {
    actions: candidates.filter(({ rollback }) => rollback).flatMap(announce),
    promotions: [],
    notPromoted: [],
    ...(decisions.length > 0 && { decisions }),
    ...(!isWhole && { lookAgainMs: UNREADABLE_DELAY_MS }),
  };
}

function lift({ lifts, promotion }: Candidate): Decision[] {
  return lifts && promotion ? [{ kind: 'lift-hold', mark: lifts, release: promotion.release.label }] : [];
}

/** Said in the first look that knows of it, whoever began it. */
function announce({ rollback }: Candidate): Part['actions'] {
  const { mark, isAnnounced } = rollback ?? {};
  if (!mark?.isAutomatic || mark.pull === null || isAnnounced) return [];
  return [{ kind: 'announce-rollback', number: mark.pull, mark }];
}
