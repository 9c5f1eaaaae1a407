import type { GateFacts } from '../../domain/gates/facts.ts';
import { combineGates, type GateResult } from '../../domain/gates/gate.ts';
import type { CheckReport, OwnCheck } from '../ports/checks.ts';
import type { Commit } from '../ports/git.ts';
import type { Pull } from '../ports/pulls.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Note } from './describe-update.ts';
import { labelsOf } from './labels-of.ts';
import type { Action, Part } from './plan-types.ts';
import { UNREADABLE_DELAY_MS } from './plan-unreadable.ts';
import { reportUnlessSaid } from './report-gates.ts';
import { isToBeReadAgain } from './timed-looks.ts';

/** GitHub computes whether a pull request can be merged in the background; it is asked again after this long. */
const MERGEABILITY_DELAY_MS = 5_000;

/** A head that carries what it should, alone or for a group, with what its gates say. */
export interface JudgedHead {
  pull: Pull;
  head: Commit;
  check: OwnCheck | null;
  mergeable: boolean | null;
  gates: readonly GateResult[];
  /** What tells of them. */
  report: Omit<CheckReport, 'headSha'>;
  /** What the gates were judged by. */
  facts: readonly GateFacts[];
  autoMerge: boolean;
  reviewers: readonly string[];
  /** What it takes back; absent: nothing. */
  rollsBack?: object;
  /** For the log. */
  promotion: { application: string; to: string; release: string };
  /** Null when the pull request speaks of what it carries already. */
  description: { title: string; body: string; note: Note | null } | null;
}

/** What is to be done with a head as it is: labels, texts, its check run, its merge. */
export function planHead(
  { base, settings }: Pick<Snapshot, 'base' | 'settings'>,
  judged: JudgedHead,
): Pick<Part, 'actions' | 'lookAgainMs'> {
  const { pull, check, head, gates, reviewers, description } = judged;
  const report = { ...judged.report, headSha: pull.headSha };
  const labels = labelsOf(settings, judged.rollsBack);
  const actions: Action[] = [];
  if (labels.some((label) => !hasLabel(pull, label))) {
    actions.push({ kind: 'label-promotion', number: pull.number, labels, reviewers });
  }
  if (description) {
    const { title, body, note } = description;
    actions.push({ kind: 'describe-promotion', number: pull.number, title, body, note });
  }
  const isPassed = combineGates(gates) === 'passed';
  const verdict = reportUnlessSaid(report, check);
  actions.push(...verdict);
  // Only once the check is green does GitHub tell whether protection wants the latest base as well.
  const isNewlyPassed = isPassed && verdict.length > 0 && head.parents.at(-1) !== base.commit.sha;
  if (isPassed && judged.autoMerge) {
    actions.push({
      kind: 'merge-promotion',
      promotion: judged.promotion,
      number: pull.number,
      branch: pull.branch,
      headSha: pull.headSha,
      method: settings.mergeMethod,
      title: `${pull.title} (#${pull.number})`,
      message: head.message.split('\n').slice(1).join('\n').trim(),
    });
  }
  return { actions, lookAgainMs: isNewlyPassed ? MERGEABILITY_DELAY_MS : lookAgain(judged) };
}

/** GitHub takes labels that differ only in case for one. */
function hasLabel({ labels }: Pull, wanted: string): boolean {
  return labels.some((label) => label.toLowerCase() === wanted.toLowerCase());
}

/** GitHub tells of most changes; what it could not tell this time is asked for again. */
function lookAgain({ mergeable, facts }: JudgedHead): number | undefined {
  if (facts.some(isToBeReadAgain)) return UNREADABLE_DELAY_MS;
  return mergeable === null ? MERGEABILITY_DELAY_MS : undefined;
}
