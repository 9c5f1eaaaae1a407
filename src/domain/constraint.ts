import { compareToBound, isPrerelease } from './version.ts';
import { matchesParts } from './wildcard.ts';

type Operator = '>=' | '<=' | '>' | '<' | '=';

/** One condition on a version. */
type Term =
  | { kind: 'bound'; operator: Operator; version: string }
  | { kind: 'pattern'; parts: readonly string[]; negated: boolean };

/** Alternatives, each a list of terms that must all hold. */
export type Constraint = readonly (readonly Term[])[];

export type ConstraintReading = { ok: true; constraint: Constraint } | { ok: false; reason: string };

const MOST_TERMS = 20;
const MOST_WILDCARDS = 5;

/**
 * Reads a constraint on versions: bounds (`>=1.4 <2`, `^1.4`, `~1.4.2`), texts with wildcards (`1.4.*`, `release-*`),
 * each of them refused with a leading `!` (`!*-rc*`); a space or comma between what must all hold, `||` between
 * alternatives. Bounds order versions as promotions do, build numbers and dates included.
 */
export function parseConstraint(text: string): ConstraintReading {
  const alternatives: Term[][] = [];
  for (const alternative of text.split('||')) {
    // `>= 1.4` is one bound.
    const words = alternative.replace(/([<>=^~!])\s+/g, '$1').split(/[\s,]+/);
    const terms: Term[] = [];
    for (const word of words.filter((each) => each !== '')) {
      const read = readTerm(word);
      if (typeof read === 'string') return { ok: false, reason: read };
      terms.push(...read);
    }
    if (terms.length === 0) return { ok: false, reason: 'a part of it is empty; write such as ">=1.4 <2"' };
    alternatives.push(terms);
  }
  return alternatives.flat().length > MOST_TERMS
    ? { ok: false, reason: `it has more than ${MOST_TERMS} conditions; write it more simply` }
    : { ok: true, constraint: alternatives };
}

function readTerm(word: string): Term[] | string {
  const [, negation = '', operator = '', version = ''] = /^(!?)([<>]=?|=|\^|~)?(.*)$/s.exec(word) ?? [];
  if (version === '') return `${word} names no version; write such as ">=1.4"`;
  if (operator === '') return readPattern(version, negation !== '');
  if (negation) return `${word} has a ! before a bound; write the opposite bound`;
  if (version.includes('*')) return `${word} has both a bound and a wildcard; write one of them`;
  if (compareToBound(version, version) === null) {
    return `${word} names no version that has an order; write such as ">=1.4"`;
  }
  if (operator !== '^' && operator !== '~')
    return [{ kind: 'bound', operator: operator as Operator, version }];
  const end = endOf(operator, version);
  if (end === null) return `${word} needs a version such as 1.4.2; write ">=" and "<" otherwise`;
  return [
    { kind: 'bound', operator: '>=', version },
    { kind: 'bound', operator: '<', version: end },
  ];
}

function readPattern(text: string, negated: boolean): Term[] | string {
  // `1.x` means what `1.*` does.
  const parts = text.replace(/(?<=\d\.)[xX](?=\.|$)/g, '*').split('*');
  return parts.length - 1 > MOST_WILDCARDS
    ? `${text} has more than ${MOST_WILDCARDS} wildcards; write it more simply`
    : [{ kind: 'pattern', parts, negated }];
}

/** The first version after `^1.4` or `~1.4.2`, as in https://github.com/npm/node-semver#advanced-range-syntax */
function endOf(operator: '^' | '~', version: string): string | null {
  const match = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+].*)?$/.exec(version);
  if (!match) return null;
  const numbers = match
    .slice(1)
    .filter((each) => each !== undefined)
    .map(Number);
  const firstCounted = numbers.findIndex((number) => number > 0);
  const caret = firstCounted === -1 ? numbers.length - 1 : firstCounted;
  const place = operator === '~' ? Math.min(1, numbers.length - 1) : caret;
  return numbers
    .map((number, index) => (index < place ? number : index === place ? number + 1 : 0))
    .join('.');
}

/**
 * Why the constraint keeps a version out, or null when it lets it in. What cannot be compared with a bound is kept
 * out, and so is a pre-release unless a bound names one (`>=1.4.0-0`).
 */
export function findKeptOut(version: string, text: string): string | null {
  const reading = parseConstraint(text);
  if (!reading.ok) return `the constraint cannot be read: ${reading.reason}`;
  const reasons = reading.constraint.map((terms) => findFailing(version, terms));
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

function findFailing(version: string, terms: readonly Term[]): string | null {
  const bounds = terms.filter((term) => term.kind === 'bound');
  for (const term of terms) {
    if (term.kind === 'pattern') {
      if (matchesParts(version, term.parts) === term.negated) return 'it does not match';
      continue;
    }
    const order = compareToBound(version, term.version);
    if (order === null) return 'the two cannot be compared';
    if (!holds(term.operator, order)) return 'it does not match';
  }
  if (bounds.length > 0 && isPrerelease(version) && !bounds.some((bound) => isPrerelease(bound.version))) {
    return 'it is a pre-release';
  }
  return null;
}

function holds(operator: Operator, order: -1 | 0 | 1): boolean {
  if (order === 0) return operator.endsWith('=');
  return operator.startsWith(order < 0 ? '<' : '>');
}
