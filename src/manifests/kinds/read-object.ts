import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { ValueKind } from '../../domain/value.ts';
import { globMatcher } from '../below-root.ts';
import { type DocumentReading, occurrenceAt, readText } from '../read-place.ts';
import { asNode, childAt } from '../yaml-file.ts';

export type Address = readonly (string | number)[];

/** A node and where it stands. */
export interface Place {
  node: Node;
  address: Address;
}

/** What stands at the end of the keys; null when it is not there. */
export function below(place: Place | null, ...steps: (string | number)[]): Place | null {
  let node: Node | null = place?.node ?? null;
  for (const step of steps) node = childAt(node, step);
  return node && place ? { node, address: [...place.address, ...steps] } : null;
}

/** The entries of a list; none when it is no list. */
export function entriesOf(place: Place | null): Place[] {
  if (!place || !isSeq(place.node)) return [];
  return place.node.items.flatMap((item, index) => {
    const node = asNode(item);
    return node ? [{ node, address: [...place.address, index] }] : [];
  });
}

/** The text of a scalar that only tells what something is; null for anything else. */
export function textOf(place: Place | null): string | null {
  return place && isScalar(place.node) && String(place.node.value) !== '' ? String(place.node.value) : null;
}

/** Name of a Kubernetes object without the name of the environment: `checkout-staging` is `checkout` in staging. */
export function objectName({ target: { environment } }: DocumentReading, root: Place): string | null {
  const name = textOf(below(root, 'metadata', 'name'));
  return name === null || isTemplate(name) ? null : withoutEnvironment(name, environment);
}

const MOST_NAME_CHARACTERS = 500;

/** What a chart or a repository is called, by its name, path or URL: `https://github.com/acme/web.git` is `web`. */
export function baseName(text: string, environment: string): string {
  // The limit keeps a hostile text of slashes from costing quadratic time.
  const base = text
    .slice(-MOST_NAME_CHARACTERS)
    .replace(/\/+$/, '')
    .replace(/^.*[/:]/, '')
    .replace(/\.git$/, '');
  return withoutEnvironment(base, environment);
}

/** A name without that of the environment; `{env}` when it has no other. */
export function withoutEnvironment(name: string, environment: string): string {
  const words = environment.split(/[-_.]/);
  const parts = name.split(/([-_.])/);
  for (let start = 0; start < parts.length; start += 2) {
    const isHere = words.every((word, index) => parts[start + index * 2] === word);
    if (!isHere) continue;
    const [before, after] = [parts.slice(0, start), parts.slice(start + words.length * 2 - 1)];
    const rest = start === 0 ? after.slice(1) : [...before.slice(0, -1), ...after];
    return rest.join('') || '{env}';
  }
  return name;
}

/** Which names a rule takes; all when it has no globs. */
export function nameFilter(names: readonly string[]): (name: string) => boolean {
  return names.length === 0 ? () => true : globMatcher(names);
}

/** Filled in by Argo CD (`{{version}}`) or Flux (`${version}`): the value stands elsewhere. */
function isTemplate(source: string): boolean {
  return source.includes('{{') || source.includes('${');
}

/** Hands over the value of a scalar; what is not there, or is filled in when it is deployed, holds none. */
export function addScalar(
  reading: DocumentReading,
  place: Place | null,
  value: { kind: ValueKind; name: string; part: string },
): void {
  if (!place) return;
  const [start, end] = place.node.range ?? [0, 0];
  if (isTemplate(reading.file.text.slice(start, end)) && (isScalar(place.node) || isMap(place.node))) return;
  const text = readText(reading, place.node, `\`${place.address.join('.')}\``);
  if (text === null) return;
  reading.collector.add({ ...value, value: text }, occurrenceAt(reading, place.node, place.address));
}
