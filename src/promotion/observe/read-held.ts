import { subject } from '../../domain/compare-values.ts';
import type { PromoteRule } from '../../domain/promote-rule.ts';
import type { TargetLocation } from '../../domain/target.ts';
import { describeTarget } from '../../domain/target.ts';
import type { AmbiguousValue, HeldValue, HeldValues, ManifestProblem } from '../../domain/value.ts';
import { readValues } from '../../manifests/read-values.ts';
import type { ManifestFile } from '../../manifests/yaml-file.ts';
import type { TreeEntry } from '../ports/git.ts';

const ENVIRONMENT = '{env}';

/**
 * The values that a target holds. `{env}` in the path of a field stands for the target's environment, so that one
 * file can hold the values of all of them; the value is the same one in each. Of a place that it shares with
 * `others`, only such fields are its own: anything else there is a problem, since moving it would move theirs too.
 */
export function readHeld(
  rules: readonly PromoteRule[],
  location: TargetLocation,
  files: readonly ManifestFile[],
  entries: readonly TreeEntry[],
  others: readonly TargetLocation[] = [],
): HeldValues {
  if (others.length === 0) return readOwn(rules, location, files, entries);
  const held = readOwn(rules.filter(tellsApart), location, files, []);
  const shared = readOwn(
    rules.filter((rule) => !tellsApart(rule)),
    location,
    files,
    entries,
  );
  const found = [...shared.values, ...shared.ambiguous];
  const problems = [
    ...held.problems,
    ...shared.problems,
    ...found.map((value) => sharedProblem(value, others)),
  ];
  return { ...held, problems };
}

/** Whether a rule names another value in each environment. */
function tellsApart(rule: PromoteRule): boolean {
  return rule.kind === 'field' && rule.path.includes(ENVIRONMENT);
}

function readOwn(
  rules: readonly PromoteRule[],
  location: TargetLocation,
  files: readonly ManifestFile[],
  entries: readonly TreeEntry[],
): HeldValues {
  const templates = new Map<string, string>();
  const resolved = rules.map((rule) => {
    if (rule.kind !== 'field' || !tellsApart(rule)) return rule;
    const path = rule.path.replaceAll(ENVIRONMENT, location.environment);
    templates.set(path, rule.path);
    return { ...rule, path };
  });
  const held = readValues(resolved, location, files, entries);
  if (templates.size === 0) return held;
  const rename = <Value extends { kind: string; part: string }>(value: Value): Value =>
    value.kind === 'field' ? { ...value, part: templates.get(value.part) ?? value.part } : value;
  return { ...held, values: held.values.map(rename), ambiguous: held.ambiguous.map(rename) };
}

function sharedProblem(
  value: HeldValue | AmbiguousValue,
  others: readonly TargetLocation[],
): ManifestProblem {
  const { path, line } = ('occurrences' in value ? value : value.values[0]!).occurrences[0]!;
  const whose = others.map(describeTarget).join(', ');
  return {
    path,
    line: value.kind === 'file' ? null : line,
    message: `${subject(value)} belongs to ${whose} too, and would move there without their gates; give each a path of its own, or promote fields with \`{env}\` in their path`,
  };
}
