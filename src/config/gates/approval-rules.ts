import type { ApprovalRule, Approver } from '../../domain/gate-spec.ts';

/** A rule as the config has it: a group, or what it counts. */
export interface WrittenRule {
  count?: number | undefined;
  from?: readonly string[] | undefined;
  all?: readonly WrittenRule[] | undefined;
  any?: readonly WrittenRule[] | undefined;
}

/** How many approvals are counted in it, each on its own. */
export function countRules({ all, any }: WrittenRule): number {
  const rules = all ?? any;
  return rules ? rules.reduce((sum, each) => sum + countRules(each), 0) : 1;
}

/**
 * The rule in the terms of the domain. What means the same becomes the same: groups of one rule, groups within groups
 * of their kind, what is there twice, and the order of approvers.
 */
export function toRule({ count = 1, from = ['write'], all, any }: WrittenRule): ApprovalRule {
  const written = all ?? any;
  if (!written) return { kind: 'count', count, from: toApprovers(from) };
  const kind = all ? 'all' : 'any';
  const rules = written.flatMap((each) => {
    const rule = toRule(each);
    return rule.kind === kind ? rule.rules : [rule];
  });
  const different = dropRepeated(rules);
  return different.length === 1 ? different[0]! : { kind, rules: different };
}

const ORDER: readonly Approver['kind'][] = ['team', 'user', 'codeowners', 'role'];

function toApprovers(texts: readonly string[]): Approver[] {
  return dropRepeated(texts.map(toApprover)).sort((a, b) =>
    a.kind === b.kind ? (keyOf(a) < keyOf(b) ? -1 : 1) : ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
}

function dropRepeated<Meaning extends ApprovalRule | Approver>(meanings: readonly Meaning[]): Meaning[] {
  const keys = meanings.map(keyOf);
  return meanings.filter((_, index) => keys.indexOf(keys[index]!) === index);
}

/** GitHub takes names that differ only in case for one. */
function keyOf(meaning: ApprovalRule | Approver): string {
  return JSON.stringify(meaning).toLowerCase();
}

function toApprover(text: string): Approver {
  if (text === 'codeowners') return { kind: 'codeowners' };
  if (text === 'write') return { kind: 'role', role: 'write' };
  const [kind, name = ''] = text.split(':');
  if (kind === 'role') return { kind, role: name === 'admin' || name === 'maintain' ? name : 'write' };
  if (kind === 'user') return { kind, login: name };
  const [organization = '', slug = ''] = name.split('/');
  return { kind: 'team', organization, slug };
}
