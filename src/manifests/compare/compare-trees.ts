import { diffArrays } from 'diff';
import { hideSecrets, hideValues, isPublicKey, isSecret, showKey } from './secrets.ts';
import { keyOfTree, type Tree, textAt } from './tree.ts';

/** One place in a resource that differs. */
export interface FieldChange {
  /** `spec.template.spec.containers[name=app].image` */
  path: string;
  /** Null: it is new, or it is gone. */
  from: Tree | null;
  to: Tree | null;
  /** Inside of a Secret: `from` and `to` have the keys, and no value. */
  isHidden: boolean;
}

interface Place {
  path: string;
  isHidden: boolean;
}

interface Report {
  add(change: FieldChange): void;
  effort: Effort;
}

/** What may still be spent on finding which entries of lists are the same: it grows with the square of the edits. */
export interface Effort {
  left: number;
}

/** Lists that Kubernetes merges by something else than `name`, although their entries may have one. */
const MERGE_KEYS = new Map([
  ['volumeMounts', 'mountPath'],
  ['volumeDevices', 'devicePath'],
  ['hostAliases', 'ip'],
]);
const COMMON_KEYS = ['name', 'containerPort', 'port'];

/** More than that is not looked for: lists that differ that much are compared entry by entry. */
const MOST_EDITS = 500;

/** What differs between two versions of a resource, in the order of the older one; nothing when they mean the same. */
export function compareTrees(from: Tree, to: Tree, effort: Effort): FieldChange[] {
  const changes: FieldChange[] = [];
  const add = (change: FieldChange) => {
    // Values of Secrets go no further than this.
    const show = (tree: Tree | null) => tree && (change.isHidden ? hideValues(tree) : hideSecrets(tree));
    changes.push({ ...change, from: show(change.from), to: show(change.to) });
  };
  compareNodes(from, to, { path: '', isHidden: false }, { add, effort });
  return changes;
}

function compareNodes(from: Tree, to: Tree, place: Place, report: Report): void {
  if (from instanceof Map && to instanceof Map) compareMaps(from, to, place, report);
  else if (Array.isArray(from) && Array.isArray(to)) compareLists(from, to, place, report);
  else if (typeof from !== 'string' || from !== to) report.add({ ...place, from, to });
}

function compareMaps(from: Map<string, Tree>, to: Map<string, Tree>, place: Place, report: Report): void {
  const secret = isSecret(from) || isSecret(to);
  for (const key of new Set([...from.keys(), ...to.keys()])) {
    const isHidden = place.isHidden || (secret && !isPublicKey(key));
    compareEntries(
      from.get(key),
      to.get(key),
      { path: joinPath(place.path, isHidden ? showKey(key) : key), isHidden },
      report,
    );
  }
}

/** A part that one side does not have is one change, however much it holds. */
function compareEntries(from: Tree | undefined, to: Tree | undefined, place: Place, report: Report): void {
  if (from !== undefined && to !== undefined) compareNodes(from, to, place, report);
  else report.add({ ...place, from: from ?? null, to: to ?? null });
}

function compareLists(from: Tree[], to: Tree[], place: Place, report: Report): void {
  const key = mergeKey(place.path, from, to);
  if (key) compareKeyed(from, to, key, place, report);
  else compareOrdered(from, to, place, report);
}

/** By what the entries of both lists can be told apart; null when nothing tells each of them. */
function mergeKey(path: string, from: Tree[], to: Tree[]): string | null {
  const special = MERGE_KEYS.get(path.slice(path.lastIndexOf('.') + 1));
  const isUnique = (list: Tree[], key: string) => {
    const values = list.map((entry) => textAt(entry, key));
    return !values.includes(null) && new Set(values).size === values.length;
  };
  const keys = special ? [special] : COMMON_KEYS;
  return keys.find((key) => isUnique(from, key) && isUnique(to, key)) ?? null;
}

function compareKeyed(from: Tree[], to: Tree[], key: string, place: Place, report: Report): void {
  const index = (list: Tree[]) => new Map(list.map((entry) => [textAt(entry, key)!, entry]));
  const [before, after] = [index(from), index(to)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  for (const name of names) {
    const selector = place.isHidden ? '' : `[${key}=${name}]`;
    compareEntries(before.get(name), after.get(name), { ...place, path: place.path + selector }, report);
  }
  const kept = (one: Map<string, Tree>, other: Map<string, Tree>) =>
    [...one.keys()].filter((name) => other.has(name)).join(', ');
  const [orderBefore, orderAfter] = [kept(before, after), kept(after, before)];
  if (orderBefore !== orderAfter) {
    report.add({ ...place, path: `${place.path} (order)`, from: orderBefore, to: orderAfter });
  }
}

function compareOrdered(from: Tree[], to: Tree[], place: Place, report: Report): void {
  const parts = diffEntries(from.map(keyOfTree), to.map(keyOfTree), report.effort);
  if (!parts) {
    comparePositions(from, to, 0, place, report);
    return;
  }
  let [atFrom, atTo] = [0, 0];
  let [removed, added] = [0, 0];
  const flush = () => {
    const [before, after] = [from.slice(atFrom, atFrom + removed), to.slice(atTo, atTo + added)];
    comparePositions(before, after, atTo, place, report);
    [atFrom, atTo, removed, added] = [atFrom + removed, atTo + added, 0, 0];
  };
  for (const part of parts) {
    if (part.removed) removed += part.count;
    else if (part.added) added += part.count;
    else {
      flush();
      [atFrom, atTo] = [atFrom + part.count, atTo + part.count];
    }
  }
  flush();
}

/** Null when the lists have nothing in common, or it would take too long to find out what. */
function diffEntries(from: string[], to: string[], effort: Effort) {
  const known = new Set(from);
  if (!to.some((entry) => known.has(entry))) return null;
  const maxEditLength = Math.min(MOST_EDITS, Math.floor(Math.sqrt(Math.max(0, effort.left))));
  const parts = diffArrays(from, to, { maxEditLength });
  const edits = parts?.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0);
  effort.left -= Math.min(edits ?? maxEditLength, from.length + to.length) ** 2;
  return parts;
}

/** Entry by entry; `first` is the index of the first one in the list afterwards. */
function comparePositions(from: Tree[], to: Tree[], first: number, place: Place, report: Report): void {
  for (let index = 0; index < Math.max(from.length, to.length); index += 1) {
    compareEntries(from[index], to[index], { ...place, path: `${place.path}[${first + index}]` }, report);
  }
}

/** As the config's `field:` names it: a key with dots or brackets stands in quotes. */
function joinPath(path: string, key: string): string {
  if (/[.[\]"'\s]/.test(key) || key === '') return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
