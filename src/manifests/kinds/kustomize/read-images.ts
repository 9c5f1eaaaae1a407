import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { ImagePart, PromoteRule } from '../../../domain/promote-rule.ts';
import { globMatcher } from '../../below-root.ts';
import { type DocumentReading, occurrenceAt, problemAt, readText } from '../../read-place.ts';
import { asNode, childAt, shorten } from '../../yaml-file.ts';

/**
 * Reads the `images:` of a kustomization.
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
 */
export function readImages(
  reading: DocumentReading,
  root: Node | null,
  rule: Extract<PromoteRule, { kind: 'images' }>,
): void {
  const images = childAt(root, 'images');
  if (images === null) return;
  if (!isSeq(images)) {
    if (isScalar(images) && /^(?:|~|null)$/.test(String(images.value))) return;
    const message = '`images` is not a list; write the entries below it as `- name: ...`';
    reading.collector.report(problemAt(reading.file, images, message));
    return;
  }
  const isWanted = rule.names.length === 0 ? () => true : globMatcher(rule.names);
  for (const [index, item] of images.items.entries()) {
    const entry = asNode(item);
    const name = entry && readName(reading, entry);
    if (!name || !isWanted(name)) continue;
    for (const part of rule.parts) readPart(reading, entry, { name, index, part });
  }
}

function readName({ file, collector }: DocumentReading, entry: Node): string | null {
  const name = childAt(entry, 'name');
  if (isMap(entry) && isScalar(name) && String(name.value) !== '') return String(name.value);
  const message =
    'this entry of `images` has no `name` of its own; give it one, so that it can be told which image it is';
  collector.report(problemAt(file, entry, message));
  return null;
}

function readPart(
  reading: DocumentReading,
  entry: Node,
  { name, index, part }: { name: string; index: number; part: ImagePart },
): void {
  const node = childAt(entry, part);
  const value = node && readText(reading, node, `\`${part}\` of image ${shorten(name)}`);
  if (!node || value === null) return;
  reading.collector.add(
    { kind: 'image', name, part, value },
    occurrenceAt(reading, node, ['images', index, part]),
  );
}
