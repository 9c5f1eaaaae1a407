import type { ASTNode } from '@marcbachmann/cel-js';
import { compilePattern } from './pattern.ts';
import { MOST_ENTRIES, POLICY_NAMES, type PolicyNeed } from './policy-object.ts';
import { isZone } from './wall-clock.ts';

/** What is wrong with an expression, and where: an offset into its text. */
export class PolicyError extends Error {
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

/** How often a loop in a loop goes round, at worst, with the weight of what it does. */
const MOST_STEPS = 1_500_000;
const LONGEST_PATTERN = 200;
/** Each can make the compiled pattern a thousand times larger, before its size can be told. */
const MOST_REPEATS = 3;
/** Instructions of a compiled pattern: time for a match is this times the length of the text. */
const LARGEST_PATTERN = 100;

const LOOPS = ['all', 'exists', 'exists_one', 'filter'];
/** Functions, with the weight of one call. Any other could build large texts or lists, or fail in hidden ways. */
const CALLS = weights(20, 'size', 'int', 'string', 'timestamp', 'duration');
const METHODS = {
  ...weights(20, 'size', 'startsWith', 'endsWith', 'contains', 'lowerAscii'),
  ...weights(100, 'getFullYear', 'getMonth', 'getDate', 'getDayOfWeek', 'getHours', 'getMinutes'),
  ...weights(2_000, 'matches'),
};
const OPERATORS = ['?:', '||', '&&', '!_', '-_', '==', '!=', '<', '<=', '>', '>=', 'in', '-', '*', '/', '%'];

/** Functions that Sluice has in place of the library's: its patterns can hang, and its zones depend on the machine's. */
export const OWN_FUNCTIONS = {
  matches: 'sluiceMatches',
  getFullYear: 'sluiceFullYear',
  getMonth: 'sluiceMonth',
  getDate: 'sluiceDate',
  getDayOfWeek: 'sluiceDayOfWeek',
  getHours: 'sluiceHours',
  getMinutes: 'sluiceMinutes',
} as const;

/**
 * Bounds an expression, puts Sluice's own functions in place of some of the library's, and tells which parts of the
 * object it asks for. Only what is named here is let through. Throws `PolicyError`.
 */
export function bindSyntax(root: ASTNode): Set<PolicyNeed> {
  const needs = new Set<PolicyNeed>();
  const steps = weigh(root, needs);
  if (steps > MOST_STEPS) {
    throw new PolicyError('this may take too long: take a loop out of a loop, or `matches` out of it', 0);
  }
  return needs;
}

/** Steps that the evaluation takes at most. */
function weigh(node: ASTNode, needs: Set<PolicyNeed>): number {
  const all = (nodes: readonly ASTNode[]) => nodes.reduce((sum, each) => sum + weigh(each, needs), 1);
  switch (node.op) {
    case 'value':
      return weighLiteral(node);
    case 'id':
      if (isName(node.args)) needs.add(node.args);
      if (node.args === 'release') needs.add('values');
      return 1;
    case '.':
      return weighField(node, needs);
    case '[]':
      if (typeof literalOf(node.args[1]) !== 'bigint')
        refuse('an index is a number that is written out, such as `from[0]`', node);
      return all(node.args);
    case 'list':
      return all(node.args);
    case 'call':
      checkTime(node);
      return callWeight(CALLS, node.args[0], node) + all(node.args[1]);
    case 'rcall':
      return weighMethod(node, needs);
    case '+':
      return 20 + all(node.args);
    case '!_':
    case '-_':
      return all([node.args]);
    default:
      if (!OPERATORS.includes(node.op)) refuse(`\`${node.op}\` has no place in a policy`, node);
      return operatorWeight(node) + all(node.args as readonly ASTNode[]);
  }
}

/** Whole lists can be compared, and searched. */
function operatorWeight({ op, args }: ASTNode): number {
  const mayBeList = (op === '==' || op === '!=') && !(args as readonly ASTNode[]).some(isText);
  return op === 'in' || mayBeList ? 20 : 0;
}

/** For sure: a literal, or a field other than `release.values`. */
function isText(node: ASTNode): boolean {
  return node.op === 'value' || (node.op === '.' && node.args[1] !== 'values');
}

function weighLiteral(node: Extract<ASTNode, { op: 'value' }>): number {
  const isPlain = node.args === null || ['string', 'bigint', 'number', 'boolean'].includes(typeof node.args);
  if (!isPlain) refuse('write text, a number, true, false or null', node);
  return 1;
}

function weighField(node: Extract<ASTNode, { op: '.' }>, needs: Set<PolicyNeed>): number {
  const [from, name] = node.args;
  if (from.op === 'id' && from.args === 'actor') refuse('`actor` is text, without fields', node);
  if (from.op === 'id' && from.args === 'release' && name !== 'values') {
    needs.add('release');
    return 2;
  }
  return 1 + weigh(from, needs);
}

function weighMethod(node: Extract<ASTNode, { op: 'rcall' }>, needs: Set<PolicyNeed>): number {
  const [name, receiver, args] = node.args;
  if (LOOPS.includes(name)) return weighLoop(node, needs);
  const weight = callWeight(METHODS, name, node);
  if (name === 'matches') checkPattern(args[0], node);
  if (name.startsWith('get') && args[0]) checkZone(args[0]);
  if (name in OWN_FUNCTIONS && args.length > 0)
    node.args[0] = OWN_FUNCTIONS[name as keyof typeof OWN_FUNCTIONS];
  return [receiver, ...args].reduce((sum, each) => sum + weigh(each, needs), weight);
}

function weighLoop(node: Extract<ASTNode, { op: 'rcall' }>, needs: Set<PolicyNeed>): number {
  const [name, receiver, [variable, body, ...others]] = node.args;
  if (!variable || !body || others.length > 0 || variable.op !== 'id')
    throw new PolicyError(
      `write \`${name}\` with a name and a condition, such as \`changes.${name}(c, c.kind == 'image')\``,
      node.start,
    );
  if (isName(variable.args))
    refuse(`\`${variable.args}\` has a meaning already; give the entry another name`, variable);
  if (!isBounded(receiver))
    refuse('a loop goes over a list of the object, or over one that is written out', receiver);
  return 1 + weigh(receiver, needs) + MOST_ENTRIES * weigh(body, needs);
}

/** Loops go over nothing that an expression made itself: a text could be doubled at each step. */
function isBounded(node: ASTNode): boolean {
  if (node.op === 'id') return isName(node.args);
  if (node.op === '.') return node.args[0].op === 'id' && node.args[0].args === 'release';
  if (node.op === 'list') return node.args.every(({ op }) => op === 'value');
  return node.op === 'rcall' && node.args[0] === 'filter' && isBounded(node.args[1]);
}

function weights(weight: number, ...names: string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, weight]));
}

function callWeight(known: Record<string, number>, name: string, { start }: ASTNode): number {
  if (Object.hasOwn(known, name)) return known[name]!;
  const methods = [...LOOPS, ...Object.keys(METHODS)].map((each) => `x.${each}`);
  const all = [...Object.keys(CALLS), ...methods].join(', ');
  throw new PolicyError(`there is no function \`${name}\` like this. Functions: ${all}`, start);
}

/** A time that is no time would make the gate wait for ever. */
function checkTime(node: Extract<ASTNode, { op: 'call' }>): void {
  const [name, [argument]] = node.args;
  if (name !== 'timestamp' && name !== 'duration') return;
  const text = argument && literalOf(argument);
  const isRight = typeof text === 'string' && (name === 'duration' ? isDuration(text) : isTimestamp(text));
  const example = name === 'duration' ? "duration('1h30m')" : "timestamp('2026-12-24T00:00:00Z')";
  if (!isRight) refuse(`write the time out, such as \`${example}\``, node);
}

function isDuration(text: string): boolean {
  return /^-?(?:\d{1,6}(?:h|ms|m|s)){1,4}$/.test(text);
}

/** Dates such as 30 February are moved to March without a word. */
function isTimestamp(text: string): boolean {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|[+-][01]\d:[0-5]\d)$/.exec(text);
  const atMs = match ? Date.parse(`${match[1]}Z`) : Number.NaN;
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(match![1]!);
}

function checkZone(node: ASTNode): void {
  const zone = literalOf(node);
  if (typeof zone !== 'string' || !isZone(zone))
    refuse('write the name of a time zone such as `Europe/Berlin`, or `UTC`', node);
}

function checkPattern(pattern: ASTNode | undefined, node: ASTNode): void {
  const text = pattern && literalOf(pattern);
  if (typeof text !== 'string')
    throw new PolicyError('the pattern of `matches` is text that is written out', node.start);
  if (text.length > LONGEST_PATTERN) refuse(`a pattern has ${LONGEST_PATTERN} characters at most`, pattern!);
  const repeats = text.split(/\{\d/).length - 1;
  if (repeats > MOST_REPEATS)
    refuse(`a pattern has ${MOST_REPEATS} repeats such as \`{2,5}\` at most`, pattern!);
  let size = 0;
  try {
    size = compilePattern(text).programSize();
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error';
    refuse(`this pattern cannot be used: ${why.slice(0, 200)}`, pattern!);
  }
  if (size > LARGEST_PATTERN) refuse('this pattern repeats too much; write it more simply', pattern!);
}

function literalOf(node: ASTNode): unknown {
  return node.op === 'value' ? node.args : undefined;
}

function isName(text: string): text is keyof typeof POLICY_NAMES {
  return Object.hasOwn(POLICY_NAMES, text);
}

function refuse(reason: string, { start }: ASTNode): never {
  throw new PolicyError(reason, start);
}
