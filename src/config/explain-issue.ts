import type { z } from 'zod';
import { type ConfigPath, type Finding, valueAt } from './problem.ts';
import { isRecord } from './schema-parts.ts';
import { didYouMean, quote } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** The schema's own messages come first; this words what it leaves to the library. */
export function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wordType(issue.expected, issue.input);
    case 'invalid_value':
      return wordChoice(issue.values.map(String), issue.input);
    case 'too_big':
      return `this ${verbOf(issue.origin, 'most')} ${issue.maximum} ${unitOf(issue.origin)}`.trim();
    case 'too_small':
      return `this ${verbOf(issue.origin, 'least')} ${issue.minimum} ${unitOf(issue.origin)}`.trim();
    default:
      return 'this is not what belongs here; see docs/configuration.md';
  }
}

function verbOf(origin: string, limit: 'most' | 'least'): string {
  const isNumber = origin === 'number' || origin === 'int';
  if (limit === 'most') return isNumber ? 'must be at most' : 'has more than';
  return isNumber ? 'must be at least' : 'needs at least';
}

function unitOf(origin: string): string {
  if (origin === 'string') return 'characters; shorten it';
  return origin === 'array' ? 'entries' : '';
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function wordType(expected: string, input: unknown): string {
  if (input === undefined) return 'this key is missing';
  const wanted = KINDS[expected] ?? expected;
  if (input === null) return `this is empty; write ${wanted} or remove the key`;
  const quoted = expected === 'string' && typeof input !== 'object' ? '; put it in quotes' : '';
  return `this is ${describe(input)}, and should be ${wanted}${quoted}`;
}

function describe(input: unknown): string {
  if (Array.isArray(input)) return KINDS.array ?? '';
  return KINDS[typeof input] ?? typeof input;
}

function wordChoice(values: readonly string[], input: unknown): string {
  if (input === undefined) return 'this key is missing';
  const text = typeof input === 'string' ? input : describe(input);
  const shown = typeof input === 'string' ? quote(text) : text;
  return `${shown} is none of ${values.join(', ')}${typeof input === 'string' ? didYouMean(text, values) : ''}`;
}

/** What to tell people about the library's issues: one finding for a place, and one for each unknown key. */
export function explainIssues(issues: readonly Issue[], value: unknown): Finding[] {
  const findings: Finding[] = [];
  const told = new Set<string>();
  for (const finding of issues.flatMap((issue) => explainIssue(issue, value, []))) {
    const place = JSON.stringify(finding.path);
    if (!finding.atKey && told.has(place)) continue;
    told.add(place);
    findings.push(finding);
  }
  return findings;
}

function explainIssue(issue: Issue, root: unknown, before: ConfigPath): Finding[] {
  const path = [...before, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      message: messages[index] ?? '',
      path: [...path, key],
      atKey: true,
    }));
  }
  if (issue.code === 'invalid_key') {
    return [{ message: issue.issues[0]?.message ?? issue.message, path, atKey: true }];
  }
  if (issue.code === 'invalid_union') {
    const chosen = chooseBranch(issue.errors, valueAt(root, path));
    if (chosen) return chosen.flatMap((inner) => explainIssue(inner, root, path));
  }
  return [{ message: nameMissing(issue, valueAt(root, path), path), path }];
}

function nameMissing(issue: Issue, value: unknown, path: ConfigPath): string {
  const isMissing =
    value === undefined && ['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code);
  return isMissing ? `the key \`${path.at(-1) ?? ''}:\` is missing` : issue.message;
}

/**
 * Of a choice between forms, the one that was meant: the only one of the right type, and of several maps
 * the only one whose own key is there. Null when that does not tell.
 */
function chooseBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | null {
  const ofType = branches.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && isMismatch(issue)),
  );
  if (ofType.length <= 1) return ofType[0] ?? null;
  const present = ofType.filter((issues) => !issues.some((issue) => misses(issue, value)));
  const clean = present.filter((issues) => !issues.some(({ code }) => code === 'unrecognized_keys'));
  const [best, second] = clean.length > 0 ? clean : present;
  return best && !second ? best : null;
}

function isMismatch({ code }: Issue): boolean {
  return code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union';
}

function misses(issue: Issue, value: unknown): boolean {
  const [key, ...below] = issue.path;
  return below.length === 0 && typeof key === 'string' && isRecord(value) && !(key in value);
}
