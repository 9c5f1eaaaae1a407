import { compareValues } from '../../../src/domain/compare-values.ts';
import type { PromoteRule } from '../../../src/domain/promote-rule.ts';
import type { HeldValues } from '../../../src/domain/value.ts';
import { readValues } from '../../../src/manifests/read-values.ts';
import { selectPaths } from '../../../src/manifests/select-paths.ts';
import { writeValues } from '../../../src/manifests/write-values.ts';
import { editsOf, summary } from '../support.ts';

const ROOT = 'apps/checkout/prod-eu';
const TARGET = { application: 'checkout', environment: 'prod-eu', root: ROOT, isFile: false };

/** Reads the files of a target by their paths below it; only those that the rule asks for. */
export function readKind(files: Record<string, string>, ...rules: PromoteRule[]): HeldValues {
  const all = Object.entries(files).map(([path, text]) => ({ path: `${ROOT}/${path}`, text }));
  const wanted = selectPaths(
    rules,
    TARGET,
    all.map(({ path }) => path),
  );
  return readValues(
    rules,
    TARGET,
    all.filter(({ path }) => wanted.includes(path)),
    [],
  );
}

export { summary };

/** What moves from dev to prod by the default rules, one line a value. Paths start at the repository's root. */
export function moves(
  dev: Record<string, string>,
  prod: Record<string, string>,
  rule: PromoteRule,
  rootOf = (environment: string) => environment,
): string[] {
  const [source, target] = [readIn('dev', dev, rule, rootOf), readIn('prod', prod, rule, rootOf)];
  const rules = { promote: [rule], allowDowngrade: false, allowFloating: false };
  const { changes, blocked } = compareValues(source, target, rules);
  return [...changes.map(({ name, part, from, to }) => `${name} ${part}: ${from} -> ${to}`), ...blocked];
}

function readIn(
  environment: string,
  files: Record<string, string>,
  rule: PromoteRule,
  rootOf: (environment: string) => string,
): HeldValues {
  const root = rootOf(environment);
  const target = { application: 'checkout', environment, root, isFile: root in files };
  const wanted = selectPaths([rule], target, Object.keys(files));
  return readValues(
    [rule],
    target,
    wanted.map((path) => ({ path, text: files[path]! })),
    [],
  );
}

/** Changes one value of a file, named as in the summary; the lines that differ, or the problems. */
export function change(path: string, text: string, rule: PromoteRule, what: string, to: string): string[] {
  const held = readKind({ [path]: text }, rule);
  const value = held.values.find(({ kind, name, part }) => `${kind} ${name} ${part}` === what);
  if (!value) throw new Error(`no ${what} in ${JSON.stringify(summary(held))}`);
  const full = `${ROOT}/${path}`;
  const result = writeValues({ path: full, text }, editsOf(value, full, to));
  if (!result.ok) return result.problems.map(({ line, message }) => `${line}: ${message}`);
  const old = text.split('\n');
  return result.text.split('\n').filter((line, index) => line !== old[index]);
}
