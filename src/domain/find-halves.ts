import { subject } from './subject.ts';
import {
  groupKey,
  type HeldValue,
  isReleaseSource,
  roleOf,
  type ValueChange,
  type ValueRole,
  valueKey,
} from './value.ts';

/**
 * Values that name one release in the target (repository, tag and digest of an image, an image and its remote base)
 * move together. Each reason says what would stay behind.
 */
export function findHalves(
  { changes, shared }: { changes: readonly ValueChange[]; shared: readonly HeldValue[] },
  source: ReadonlyMap<string, HeldValue>,
  target: ReadonlyMap<string, HeldValue>,
): string[] {
  if (changes.length === 0) return [];
  const sides: Sides = {
    source,
    target,
    moving: new Map(changes.flatMap((change) => (change.to === null ? [] : [[valueKey(change), change.to]]))),
    shared: new Set(shared.map(valueKey)),
  };
  const roles = { source: rolesByGroup(source), target: rolesByGroup(target) };
  const halves = new Set<string>();
  for (const key of sides.moving.keys()) {
    const value = source.get(key)!;
    if (!target.has(key) || value.kind === 'file') continue;
    if (lacksPartner(value, roles)) {
      halves.add(
        `${subject(value)} has a tag and a digest on one side only; they move together or not at all`,
      );
    }
    for (const reason of findLeftBehind(key, sides)) halves.add(reason);
  }
  return [...halves];
}

interface Sides {
  source: ReadonlyMap<string, HeldValue>;
  target: ReadonlyMap<string, HeldValue>;
  /** What each value that moves becomes. */
  moving: ReadonlyMap<string, string>;
  /** Values that may move, equal ones included. */
  shared: ReadonlySet<string>;
}

function findLeftBehind(key: string, { source, target, moving, shared }: Sides): string[] {
  const held = target.get(key)!;
  const to = moving.get(key);
  const reasons: string[] = [];
  for (const [otherKey, other] of target) {
    if (otherKey === key || moving.get(otherKey) === to) continue;
    const offered = source.get(otherKey);
    const stays = offered !== undefined && offered.value !== other.value && !moving.has(otherKey);
    if (stays && groupKey(other) === groupKey(held)) {
      reasons.push(`${subject(other)} belongs to ${subject(held)}, and cannot move with it`);
    }
    // Two values of one kind that both may move part freely; an image and its remote base never do.
    if (!namesSameRelease(held, other) || (held.kind === other.kind && shared.has(otherKey))) continue;
    reasons.push(`${subject(other)} names the same release as ${subject(held)}, and cannot move with it`);
  }
  return reasons;
}

type Roles = ReadonlyMap<string, ReadonlySet<ValueRole>>;

function rolesByGroup(values: ReadonlyMap<string, HeldValue>): Roles {
  const groups = new Map<string, Set<ValueRole>>();
  for (const value of values.values()) {
    const key = groupKey(value);
    groups.set(key, (groups.get(key) ?? new Set<ValueRole>()).add(roleOf(value)));
  }
  return groups;
}

/** Whether the tag of an image has a digest beside it in the source and none in the target, or the other way round. */
function lacksPartner(value: HeldValue, { source, target }: { source: Roles; target: Roles }): boolean {
  const role = roleOf(value);
  if (role !== 'tag' && role !== 'digest') return false;
  const other = role === 'tag' ? 'digest' : 'tag';
  const group = groupKey(value);
  return Boolean(source.get(group)?.has(other)) !== Boolean(target.get(group)?.has(other));
}

function namesSameRelease(a: HeldValue, b: HeldValue): boolean {
  if (a.value !== b.value || !isName(a) || !isName(b)) return false;
  if (isReleaseSource(a) !== isReleaseSource(b) && (isImage(a) || isImage(b))) return true;
  return /^[0-9a-f]{40}$/.test(a.value);
}

function isName(value: HeldValue): boolean {
  const role = roleOf(value);
  return role === 'tag' || role === 'version' || role === 'digest';
}

function isImage(value: HeldValue): boolean {
  return value.kind !== 'field' && roleOf(value) === 'tag' && !isReleaseSource(value);
}
