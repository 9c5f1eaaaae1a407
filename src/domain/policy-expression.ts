import { Environment } from '@marcbachmann/cel-js';
import { compilePattern } from './pattern.ts';
import {
  LONGEST_TEXT,
  POLICY_NAMES,
  POLICY_TYPES,
  type PolicyNeed,
  type PolicyObject,
} from './policy-object.ts';
import { bindSyntax, OWN_FUNCTIONS, PolicyError } from './policy-syntax.ts';
import { remember } from './remember.ts';
import { wallTimeAt } from './wall-clock.ts';

const LONGEST_EXPRESSION = 2_000;
/** Each is asked for several times at every look. */
const MOST_REMEMBERED = 500;
const LIMITS = {
  maxAstNodes: 300,
  maxDepth: 30,
  maxListElements: 100,
  maxMapEntries: 1,
  maxCallArguments: 4,
};
const DAY_MS = 24 * 60 * 60 * 1000;
const TIMESTAMP = 'google.protobuf.Timestamp';

export type CompiledPolicy =
  | {
      ok: true;
      needs: ReadonlySet<PolicyNeed>;
      /** Throws an error that says why when the expression has no value for this object. */
      evaluate(object: PolicyObject): boolean;
    }
  | {
      ok: false;
      reason: string;
      /** Where in the expression: an offset, from 0. */
      at: number;
    };

/**
 * Reads an expression in CEL, checks the types of all that is in it, and bounds the time that it can take. The language:
 * https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export const compilePolicy = remember(MOST_REMEMBERED, compile);

function compile(text: string): CompiledPolicy {
  if (text.length > LONGEST_EXPRESSION)
    return { ok: false, reason: `it is longer than ${LONGEST_EXPRESSION} characters`, at: 0 };
  try {
    const run = ENVIRONMENT.parse(text);
    const needs = bindSyntax(run.ast);
    const { valid, type, error } = run.check();
    if (!valid) throw error;
    if (type !== 'bool')
      throw new PolicyError(`it gives ${type}, and must give true or false; compare it with something`, 0);
    return { ok: true, needs, evaluate: (object) => toVerdict(run({ ...object })) };
  } catch (error) {
    return { ok: false, ...explain(error) };
  }
}

function toVerdict(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Error('it gave neither true nor false');
  return value;
}

/** The library's message without its drawing of the place, and the place. */
export function explain(error: unknown): { reason: string; at: number } {
  if (error instanceof PolicyError) return { reason: error.message, at: error.at };
  if (!(error instanceof Error)) return { reason: 'unknown error', at: 0 };
  const { summary, code, range } = error as Error & {
    summary?: string;
    code?: string;
    range?: { start: number };
  };
  const reason = (summary ?? error.message).split('\n', 1)[0]!.slice(0, 200);
  return { reason: word(reason, code), at: range?.start ?? 0 };
}

function word(reason: string, code: string | undefined): string {
  const name = /: (\S+)$/.exec(reason)?.[1] ?? '';
  if (code === 'unknown_variable')
    return `there is no \`${name}\`. Names: ${Object.keys(POLICY_NAMES).join(', ')}`;
  if (code === 'no_such_key' && name !== '') return `there is no field \`${name}\` here`;
  return code === 'unexpected_token'
    ? `this is no CEL: ${reason[0]!.toLowerCase()}${reason.slice(1)}`
    : reason;
}

const ENVIRONMENT = makeEnvironment();

function makeEnvironment(): Environment {
  const environment = new Environment({ limits: LIMITS });
  for (const [name, { ctor, fields }] of Object.entries(POLICY_TYPES))
    environment.registerType(name, { ctor, fields: { ...fields } });
  for (const [name, type] of Object.entries(POLICY_NAMES)) environment.registerVariable(name, type);
  const sync = { async: false };
  environment.registerFunction(`string.${OWN_FUNCTIONS.matches}(string): bool`, matches, sync);
  const parts: [keyof typeof OWN_FUNCTIONS, (wall: Date) => number][] = [
    ['getFullYear', (wall) => wall.getUTCFullYear()],
    ['getMonth', (wall) => wall.getUTCMonth()],
    ['getDate', (wall) => wall.getUTCDate()],
    ['getDayOfWeek', (wall) => wall.getUTCDay()],
    ['getHours', (wall) => wall.getUTCHours()],
    ['getMinutes', (wall) => wall.getUTCMinutes()],
  ];
  for (const [name, part] of parts) {
    const read = (at: Date, zone: string) => BigInt(part(wallDate(at, zone)));
    environment.registerFunction(`${TIMESTAMP}.${OWN_FUNCTIONS[name]}(string): int`, read, sync);
  }
  return environment;
}

function matches(text: string, pattern: string): boolean {
  if (text.length > LONGEST_TEXT) throw new Error('`matches` looks at no longer text');
  return compilePattern(pattern).matcher(text).find();
}

/** A date that shows in UTC what the clocks of a zone show. */
function wallDate(at: Date, zone: string): Date {
  const { day, minute } = wallTimeAt(at.getTime(), zone);
  return new Date(day * DAY_MS + minute * 60_000);
}
