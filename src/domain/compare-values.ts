import type { PromoteRule } from './promote-rule.ts';
import { shortValue } from './release.ts';
import {
  type AmbiguousValue,
  describeProblem,
  type HeldValue,
  type HeldValues,
  type ValueKind,
  valueKey,
} from './value.ts';
import { compareVersions, isFloating, isRange } from './version.ts';

/** One value that differs between two targets. `to` null deletes a file; `from` null adds one. */
export interface ValueChange {
  kind: ValueKind;
  name: string;
  part: string;
  from: string | null;
  to: string | null;
}

export interface ComparisonRules {
  promote: readonly PromoteRule[];
  allowDowngrade: boolean;
  allowFloating: boolean;
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
  const sourceByKey = new Map(source.values.map((value) => [valueKey(value), value]));
  const targetByKey = new Map(target.values.map((value) => [valueKey(value), value]));
  const wanted = wantedKeys(sourceByKey, targetByKey, rules.promote);
  const result: Comparison = {
    shared: [],
    changes: [],
    leftOut: [],
    blocked: findUnreadable(source, target),
  };
  for (const [key, held] of targetByKey) {
    const offered = sourceByKey.get(key);
    if (held.kind === 'file' || !wanted.has(key) || !offered) continue;
    const reason = rules.allowFloating ? null : movingReason(offered, held, sourceByKey, targetByKey);
    if (reason) {
      if (offered.value !== held.value || isLoose(offered.value)) result.leftOut.push(reason);
      continue;
    }
    result.shared.push(offered);
    if (offered.value === held.value) continue;
    result.changes.push(changeOf(offered, held.value, offered.value));
    const back = rules.allowDowngrade ? null : downgradeReason(offered, held);
    if (back) result.blocked.push(back);
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
  const allRefs = promote.some(({ kind }) => kind === 'refs');
  const linked = new Set([...linkedRefs(source), ...linkedRefs(target)]);
  const wanted = new Set<string>();
  for (const [key, value] of target) {
    if (value.kind !== 'remote-base' || allRefs || linked.has(key)) wanted.add(key);
  }
  return wanted;
}

function linkedRefs(values: Map<string, HeldValue>): string[] {
  const tags = new Set([...values.values()].filter(isTag).map(({ value }) => value));
  return [...values]
    .filter(([, value]) => value.kind === 'remote-base' && tags.has(value.value))
    .map(([key]) => key);
}

function isTag({ kind, part }: HeldValue): boolean {
  return kind === 'image' && part === 'newTag';
}

function isLoose(value: string): boolean {
  return isFloating(value) || isRange(value);
}

/** Why a value does not move: what is offered, or what stands there, is a floating tag or a range. */
function movingReason(
  offered: HeldValue,
  held: HeldValue,
  source: Map<string, HeldValue>,
  target: Map<string, HeldValue>,
): string | null {
  if (offered.part === 'newName' || offered.part === 'digest') return null;
  for (const [side, value, values] of [
    ['offers', offered, source],
    ['is held at', held, target],
  ] as const) {
    const pinned = isTag(value) && values.has(valueKey({ ...value, part: 'digest' }));
    if (pinned) continue;
    const text =
      side === 'offers'
        ? `${subject(value)} offers \`${value.value}\``
        : `${subject(value)} is held at \`${value.value}\``;
    if (isFloating(value.value)) return `${text}, a floating tag, which names no release`;
    if (isRange(value.value)) return `${text}, a version range, which names no release`;
  }
  return null;
}

function downgradeReason(offered: HeldValue, held: HeldValue): string | null {
  if (offered.part === 'newName' || offered.part === 'digest') return null;
  if (compareVersions(offered.value, held.value) !== -1) return null;
  return `${subject(offered)} would go back from \`${shortValue(held.value)}\` to \`${shortValue(offered.value)}\`, a downgrade`;
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

/** Values that name one release in the target (a tag and its digest, an image and its remote base) move together. */
function findHalves(
  result: Comparison,
  source: Map<string, HeldValue>,
  target: Map<string, HeldValue>,
): string[] {
  const moving = new Map(
    result.changes.filter(({ to }) => to !== null).map((change) => [valueKey(change), change.to]),
  );
  const shared = new Set(result.shared.map(valueKey));
  const halves = new Set<string>();
  for (const [key, to] of moving) {
    const value = source.get(key)!;
    const held = target.get(key);
    if (value.kind === 'image' && value.part !== 'newName') {
      const other = valueKey({ ...value, part: value.part === 'newTag' ? 'digest' : 'newTag' });
      if (source.has(other) !== target.has(other)) {
        halves.add(
          `${subject(value)} has a tag and a digest on one side only; they move together or not at all`,
        );
      }
    }
    for (const [otherKey, other] of target) {
      if (!held || otherKey === key || moving.get(otherKey) === to || !namesSameRelease(held, other))
        continue;
      // Two images that happen to name one commit may part; an image and its remote base never do.
      if (held.kind === other.kind && shared.has(otherKey)) continue;
      halves.add(`${subject(other)} names the same release as ${subject(value)}, and cannot move with it`);
    }
  }
  return [...halves];
}

function namesSameRelease(a: HeldValue, b: HeldValue): boolean {
  if (a.value !== b.value || a.part === 'newName' || b.part === 'newName') return false;
  const kinds = new Set([a.kind, b.kind]);
  if (kinds.has('image') && kinds.has('remote-base')) return true;
  return /^[0-9a-f]{40}$/.test(a.value);
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

/** A value as people say it: `image quay.io/acme/checkout`, `image_tag`. */
export function subject({ kind, name, part }: Pick<HeldValue, 'kind' | 'name' | 'part'>): string {
  if (kind === 'image') return part === 'newTag' ? `image \`${name}\`` : `${part} of image \`${name}\``;
  if (kind === 'remote-base') return `ref of \`${name}\``;
  if (kind === 'file') return `file \`${name}\``;
  return name ? `\`${part}\` in \`${name}\`` : `\`${part}\``;
}
