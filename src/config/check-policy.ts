import { compilePolicy } from '../domain/policy-expression.ts';
import { POLICY_NAMES, POLICY_TYPES } from '../domain/policy-object.ts';
import { didYouMean } from './suggest.ts';

const FIELDS = Object.values(POLICY_TYPES).flatMap(({ fields }) => Object.keys(fields));

/** What is wrong with an expression, and where in its text; null when nothing is. */
export function checkPolicy(text: string): { message: string; at: number } | null {
  const compiled = compilePolicy(text);
  if (compiled.ok) return null;
  const { reason, at } = compiled;
  const wrong = /^there is no (?:field )?`(\w{1,60})`/.exec(reason)?.[1] ?? '';
  const hint = wrong === '' ? '' : didYouMean(wrong, [...Object.keys(POLICY_NAMES), ...FIELDS]);
  return { message: `${reason}${hint} (${placeOf(text, at)} of the expression)`, at };
}

/** `column 5`, or `line 2, column 5` where there are lines. */
function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  const column = `column ${(lines.at(-1)?.length ?? 0) + 1}`;
  return text.trimEnd().includes('\n') ? `line ${lines.length}, ${column}` : column;
}
