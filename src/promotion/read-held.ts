import type { PromoteRule } from '../domain/promote-rule.ts';
import type { TargetLocation } from '../domain/target.ts';
import type { HeldValues } from '../domain/value.ts';
import { readValues } from '../manifests/read-values.ts';
import type { ManifestFile } from '../manifests/yaml-file.ts';
import type { TreeEntry } from './ports.ts';

const ENVIRONMENT = '{env}';

/**
 * The values that a target holds. `{env}` in the path of a field stands for the target's environment, so that one
 * file can hold the values of all of them; the value is the same one in each.
 */
export function readHeld(
  rules: readonly PromoteRule[],
  location: TargetLocation,
  files: readonly ManifestFile[],
  entries: readonly TreeEntry[],
): HeldValues {
  const templates = new Map<string, string>();
  const resolved = rules.map((rule) => {
    if (rule.kind !== 'field' || !rule.path.includes(ENVIRONMENT)) return rule;
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
