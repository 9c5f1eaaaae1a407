import { isAlias, isScalar, isSeq, type Node } from 'yaml';
import { type DocumentReading, occurrenceAt, problemAt, readText } from '../../read-place.ts';
import { parseRemoteBase } from '../../remote-base.ts';
import { asNode, childAt } from '../../yaml-file.ts';

const FIELDS = ['resources', 'bases', 'components'] as const;

/** Reads the `?ref=` of the remote bases of a kustomization; local paths are passed over. */
export function readRefs(reading: DocumentReading, root: Node | null): void {
  for (const field of FIELDS) {
    const list = childAt(root, field);
    if (!isSeq(list)) continue;
    for (const [index, item] of list.items.entries()) {
      const node = asNode(item);
      if (node) readBase(reading, node, [field, index]);
    }
  }
}

function readBase(reading: DocumentReading, node: Node, address: readonly [string, number]): void {
  if (isAlias(node)) {
    const message = `an entry of \`${address[0]}\` is an alias; write the path or URL itself there`;
    reading.collector.report(problemAt(reading.file, node, message));
    return;
  }
  if (!isScalar(node) || !parseRemoteBase(String(node.value))) return;
  const text = readText(reading, node, 'the URL of a remote base');
  const base = text === null ? null : parseRemoteBase(text);
  if (!base) return;
  const value = { kind: 'remote-base', name: base.name, part: 'ref', value: base.ref } as const;
  reading.collector.add(value, occurrenceAt(reading, node, address));
}
