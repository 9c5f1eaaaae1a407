import { findKeptOut } from './constraint.ts';
import { findHalves } from './find-halves.ts';
import type { PromoteRule } from './promote-rule.ts';
import { shortValue } from './release.ts';
import { subject } from './subject.ts';
import {
  type AmbiguousValue,
  describeProblem,
  groupKey,
  type HeldValue,
  type HeldValues,
  roleOf,
  type ValueChange,
  valueKey,
} from './value.ts';
import { compareVersions, isContent, isFloating, isPartial, isRange } from './version.ts';

export { subject } from './subject.ts';
export type { ValueChange } from './value.ts';

export interface ComparisonRules {
  promote: readonly PromoteRule[];
  allowDowngrade: boolean;
  allowFloating: boolean;
  /** Tags that name no release here although others may: the names of environments. */
  floating?: readonly string[];
  /** Constraints of the environment that every version that moves must meet: `>=1.4 <2`. */
  allow?: readonly string[];
}

/** What moving one target's values to another would do, and what may not move. */
export interface Comparison {
  /** Values that both hold and that may move, equal ones included. */
  shared: HeldValue[];
  changes: ValueChange[];
  /** Values left where they are; the others move without them. */
  leftOut: string[];
  /** Reasons for which nothing may move: half of a release is never promoted. */
  blocked: string[];
}

/**
 * Compares what a source holds with what a target holds. A target is given only what it holds already
 * (whole files excepted); floating tags and ranges stay where they are, a downgrade or half a release stops all.
 */
export function compareValues(source: HeldValues, target: HeldValues, rules: ComparisonRules): Comparison {
  const isSettled = holdsSame(source, target, rules);
  return isSettled ? nothingMoves(source, target, source.values) : compareEach(source, target, rules);
}

/** Whether the target holds just what the source holds, and all of it names a release: so it is with most targets. */
export function holdsSame(source: HeldValues, target: HeldValues, rules: ComparisonRules): boolean {
  if (source.values.length !== target.values.length) return false;
  if (source.ambiguous.length + target.ambiguous.length > 0) return false;
  return target.values.every(({ kind, name, part, value }, index) => {
    const offered = source.values[index]!;
    const isSame =
      offered.value === value && offered.kind === kind && offered.name === name && offered.part === part;
    // Files are listed last, and remote bases only where they count.
    if (!isSame || kind === 'file' || kind === 'remote-base') return false;
    return rules.allowFloating || looseness(offered, rules) === null;
  });
}

function nothingMoves(source: HeldValues, target: HeldValues, shared: readonly HeldValue[]): Comparison {
  return { shared: [...shared], changes: [], leftOut: [], blocked: findUnreadable(source, target) };
}

function compareEach(source: HeldValues, target: HeldValues, rules: ComparisonRules): Comparison {
  const sourceByKey = new Map(source.values.map((value) => [valueKey(value), value]));
  const targetByKey = new Map(target.values.map((value) => [valueKey(value), value]));
  const wanted = wantedKeys(sourceByKey, targetByKey, rules.promote);
  const result = nothingMoves(source, target, []);
  for (const [key, held] of targetByKey) {
    const offered = sourceByKey.get(key);
    if (held.kind === 'file' || !wanted.has(key) || !offered) continue;
    const reason = rules.allowFloating ? null : movingReason(offered, held, sourceByKey, targetByKey, rules);
    if (reason) {
      if (offered.value !== held.value || looseness(offered, rules)) result.leftOut.push(reason);
      continue;
    }
    result.shared.push(offered);
    if (offered.value === held.value) continue;
    result.changes.push(changeOf(offered, held.value, offered.value));
    const back = rules.allowDowngrade ? null : downgradeReason(offered, held);
    if (back) result.blocked.push(back);
    result.blocked.push(...keptOutReasons(offered, held, rules.allow ?? [], sourceByKey));
  }
  addFileChanges(result, sourceByKey, targetByKey);
  result.blocked.push(...findHalves(result, sourceByKey, targetByKey));
  result.blocked.push(...findAmbiguous(source, target, sourceByKey, targetByKey));
  return result;
}

function changeOf({ kind, name, part }: HeldValue, from: string | null, to: string | null): ValueChange {
  return { kind, name, part, from, to };
}

/** Remote bases count only when a rule says so, or when they name the same release as an image beside them. */
function wantedKeys(
  source: Map<string, HeldValue>,
  target: Map<string, HeldValue>,
  promote: readonly PromoteRule[],
): Set<string> {
  const isAll =
    promote.some(({ kind }) => kind === 'refs') ||
    [...target.values()].every(({ kind }) => kind !== 'remote-base');
  if (isAll) return new Set(target.keys());
  const linked = new Set([...linkedRefs(source), ...linkedRefs(target)]);
  const wanted = new Set<string>();
  for (const [key, value] of target) {
    if (value.kind !== 'remote-base' || linked.has(key)) wanted.add(key);
  }
  return wanted;
}

function linkedRefs(values: Map<string, HeldValue>): string[] {
  const tags = new Set(
    [...values.values()]
      .filter((value) => value.kind !== 'field' && roleOf(value) === 'tag')
      .map(({ value }) => value),
  );
  return [...values]
    .filter(([, value]) => value.kind === 'remote-base' && tags.has(value.value))
    .map(([key]) => key);
}

/** What a value is that names no release; null when it names one. */
function looseness(held: HeldValue, { floating }: ComparisonRules): string | null {
  if (isFloating(held.value, floating)) return 'a floating tag';
  return isRange(held.value) || (isChartVersion(held) && isPartial(held.value)) ? 'a version range' : null;
}

/** Versions that Helm looks up in a repository of charts: the newest that fits is taken. */
function isChartVersion({ kind, name, part }: HeldValue): boolean {
  if (kind === 'chart') return true;
  if (kind === 'flux') return part === 'version' && name.startsWith('HelmRelease ');
  if (kind !== 'argocd') return false;
  return part === 'chartVersion' || (/ chart \S+$/.test(name) && roleOf({ kind, part }) === 'version');
}

/** Why a value does not move: what is offered, or what stands there, is a floating tag or a range. */
function movingReason(
  offered: HeldValue,
  held: HeldValue,
  source: Map<string, HeldValue>,
  target: Map<string, HeldValue>,
  rules: ComparisonRules,
): string | null {
  if (!namesVersion(offered) && !namesVersion(held)) return null;
  for (const [side, value, values] of [
    ['offers', offered, source],
    ['is held at', held, target],
  ] as const) {
    if (roleOf(value) === 'tag' && isPinned(value, values)) continue;
    const text =
      side === 'offers'
        ? `${subject(value)} offers \`${value.value}\``
        : `${subject(value)} is held at \`${value.value}\``;
    const what = looseness(value, rules);
    if (what) return `${text}, ${what}, which names no release`;
  }
  return null;
}

function downgradeReason(offered: HeldValue, held: HeldValue): string | null {
  if (!namesVersion(offered)) return null;
  if (compareVersions(offered.value, held.value) !== -1) return null;
  return `${subject(offered)} would go back from \`${shortValue(held.value)}\` to \`${shortValue(offered.value)}\`, a downgrade`;
}

/** Repositories, digests and files have no version; a key named `commit` may hold anything. */
export function namesVersion(value: HeldValue): boolean {
  const role = roleOf(value);
  return role === 'tag' || role === 'version' || (role === 'digest' && !isContent(value.value));
}

function namesContent(value: HeldValue): boolean {
  return roleOf(value) === 'digest' && isContent(value.value);
}

/** Whether a digest beside the tag says which image it is. */
function isPinned(tag: HeldValue, values: Map<string, HeldValue>): boolean {
  const group = groupKey(tag);
  return [...values.values()].some((value) => namesContent(value) && groupKey(value) === group);
}

/** Why the constraints of the environment and of the rules keep a version out. */
function keptOutReasons(
  offered: HeldValue,
  held: HeldValue,
  allow: readonly string[],
  source: Map<string, HeldValue>,
): string[] {
  if (!namesVersion(offered) && !namesContent(offered)) return [];
  const all = new Set([...allow, ...(offered.allow ?? []), ...(held.allow ?? [])]);
  return [...all].flatMap((constraint) => {
    const reason = namesVersion(offered)
      ? findKeptOut(offered.value, constraint)
      : findUntold(offered, constraint, source);
    const what = `${subject(offered)} offers \`${shortValue(offered.value)}\``;
    return reason ? [`${what}, which \`allow: ${constraint}\` keeps out: ${reason}`] : [];
  });
}

/** Why a digest is kept out: only a version beside it can tell what it is. */
function findUntold(digest: HeldValue, constraint: string, source: Map<string, HeldValue>): string | null {
  const beside = [...source.values()].filter((value) => namesVersion(value) && standsBeside(value, digest));
  if (beside.length === 0) return 'nothing tells which version it is';
  const isLetIn = beside.some(({ value }) => findKeptOut(value, constraint) === null);
  return isLetIn ? null : 'the version beside it is kept out';
}

/** Of one group, or two keys of one map: `app.version` and `app.commit`. */
function standsBeside(a: HeldValue, b: HeldValue): boolean {
  if (groupKey(a) === groupKey(b)) return true;
  return a.kind === 'field' && b.kind === 'field' && a.name === b.name && mapOf(a) === mapOf(b);
}

function mapOf({ part }: HeldValue): string {
  return part.replace(/(?:^|\.)[^.\]]*$/, '');
}

function addFileChanges(
  result: Comparison,
  source: Map<string, HeldValue>,
  target: Map<string, HeldValue>,
): void {
  for (const [key, value] of source) {
    if (value.kind !== 'file') continue;
    const held = target.get(key);
    result.shared.push(value);
    if (held?.value !== value.value) result.changes.push(changeOf(value, held?.value ?? null, value.value));
  }
  for (const [key, value] of target) {
    if (value.kind === 'file' && !source.has(key)) result.changes.push(changeOf(value, value.value, null));
  }
}

function findUnreadable(source: HeldValues, target: HeldValues): string[] {
  return [...source.problems, ...target.problems].map(describeProblem);
}

function findAmbiguous(
  source: HeldValues,
  target: HeldValues,
  sourceByKey: Map<string, HeldValue>,
  targetByKey: Map<string, HeldValue>,
): string[] {
  if (source.ambiguous.length + target.ambiguous.length === 0) return [];
  const sourceKeys = new Set([...sourceByKey.keys(), ...source.ambiguous.map(valueKey)]);
  const targetKeys = new Set([...targetByKey.keys(), ...target.ambiguous.map(valueKey)]);
  return [
    ...source.ambiguous.filter((value) => targetKeys.has(valueKey(value))),
    ...target.ambiguous.filter((value) => sourceKeys.has(valueKey(value))),
  ].map(describeAmbiguous);
}

function describeAmbiguous(value: AmbiguousValue): string {
  const places = value.values.map(({ value: text, occurrences }) => {
    const { path, line } = occurrences[0]!;
    return `\`${shortValue(text)}\` in \`${path}:${line}\``;
  });
  return `${subject(value)} has different values within one target (${places.join(', ')})`;
}
