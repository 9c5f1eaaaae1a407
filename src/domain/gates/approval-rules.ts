import type { ApprovalRule, Approver } from '../gate-spec.ts';
import { describeApprover, isApprover, keyOf, ownsAny } from './approvers.ts';
import type { OwnedFile, ReviewerFact } from './facts.ts';

type CountRule = Extract<ApprovalRule, { kind: 'count' }>;

/** Those whose approval counts, and what the rules are asked about. */
export interface Approvals {
  /** Logins, in the order of the reviews. */
  logins: readonly string[];
  /** By login in small letters; everyone of `logins` is there. */
  people: ReadonlyMap<string, ReviewerFact>;
  owned: readonly OwnedFile[];
}

export interface RuleResult {
  isMet: boolean;
  /** Logins that count in what is met. */
  by: readonly string[];
  /** Where it stands, for people: `1 of 2 approvals from team acme/sre`. Of what is not met, when it is not. */
  text: string;
}

/** How far approvals meet a rule. */
export function evaluateRule(rule: ApprovalRule, approvals: Approvals): RuleResult {
  if (rule.kind === 'count') return evaluateCount(rule, approvals);
  const results = rule.rules.map((each) => ({ rule: each, ...evaluateRule(each, approvals) }));
  const isMet =
    results.some((each) => each.isMet) && (rule.kind === 'any' || results.every((each) => each.isMet));
  const told = results.filter((each) => each.isMet === isMet);
  const texts = told.map((each) =>
    each.rule.kind === 'count' || told.length < 2 ? each.text : `(${each.text})`,
  );
  return {
    isMet,
    by: [...new Set(told.filter((each) => each.isMet).flatMap(({ by }) => by))],
    text: texts.join(rule.kind === 'all' || isMet ? ', and ' : ', or '),
  };
}

function evaluateCount({ count, from }: CountRule, { logins, people, owned }: Approvals): RuleResult {
  const by = logins.filter((login) => {
    const person = people.get(keyOf(login));
    return person && from.some((approver) => isApprover(approver, login, person, owned));
  });
  const orphan = isOwnersOnly(from) ? owned.find((file) => !isApproved(file, by, people)) : undefined;
  const asked = `${by.length} of ${count} ${count === 1 ? 'approval' : 'approvals'}`;
  const text = `${asked} from ${from.map(describeApprover).join(' or ')}`;
  if (by.length < count) return { isMet: false, by, text };
  return orphan
    ? { isMet: false, by, text: `${text}, but no code owner has approved \`${orphan.path}\`` }
    : { isMet: true, by, text };
}

/** With `codeowners` as the only approvers, each changed file that has owners needs one of them. */
function isOwnersOnly(from: readonly Approver[]): boolean {
  return from.every(({ kind }) => kind === 'codeowners');
}

function isApproved(
  { owners }: OwnedFile,
  by: readonly string[],
  people: ReadonlyMap<string, ReviewerFact>,
): boolean {
  return owners.length === 0 || by.some((login) => ownsAny(owners, login, people.get(keyOf(login))!));
}

/** Everyone whom any of the rules names. */
export function approversOf(rule: ApprovalRule): readonly Approver[] {
  return rule.kind === 'count' ? rule.from : rule.rules.flatMap(approversOf);
}

/** How many people must have approved at least when the rule is met. */
export function fewestPeople(rule: ApprovalRule): number {
  if (rule.kind === 'count') return rule.count;
  const fewest = rule.rules.map(fewestPeople);
  return rule.kind === 'all' ? Math.max(...fewest) : Math.min(...fewest);
}

/** Whether the rule cannot be met without the owners of each changed file. */
export function needsOwners(rule: ApprovalRule): boolean {
  if (rule.kind === 'count') return isOwnersOnly(rule.from);
  return rule.kind === 'all' ? rule.rules.some(needsOwners) : rule.rules.every(needsOwners);
}

/** The rule for people, before anybody has approved. */
export function describeRule(rule: ApprovalRule): string {
  if (rule.kind === 'count') return `${rule.count} from ${rule.from.map(describeApprover).join(' or ')}`;
  const texts = rule.rules.map((each) =>
    each.kind === 'count' ? describeRule(each) : `(${describeRule(each)})`,
  );
  return texts.join(rule.kind === 'all' ? ', and ' : ', or ');
}
