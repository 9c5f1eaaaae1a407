import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { readScalar } from '../manifests/scalar.ts';
import { asNode, type YamlFile } from '../manifests/yaml-file.ts';

export interface FoundScalar {
  document: number;
  address: readonly (string | number)[];
  node: Node;
  /** Null when there is none, or when it cannot be promoted. */
  value: string | null;
  /** Why it cannot be promoted; null when it can, and when there is no value. */
  reason: string | null;
}

/** Every scalar of a file that is no key, aliases included, in the order of the file. */
export function scalarsOf(file: YamlFile): FoundScalar[] {
  return file.documents.flatMap(({ contents }, document) =>
    leavesOf(contents, []).map(({ node, address }) => ({ document, address, node, ...readLeaf(file, node) })),
  );
}

interface Leaf {
  node: Node;
  address: readonly (string | number)[];
}

function leavesOf(value: unknown, address: readonly (string | number)[]): Leaf[] {
  if (isSeq(value)) return value.items.flatMap((item, index) => leavesOf(item, [...address, index]));
  if (isMap(value)) {
    return value.items.flatMap(({ key, value: child }) =>
      isScalar(key) ? leavesOf(child, [...address, String(key.value)]) : [],
    );
  }
  const node = asNode(value);
  return node ? [{ node, address }] : [];
}

function readLeaf(file: YamlFile, node: Node): Pick<FoundScalar, 'value' | 'reason'> {
  const reading = readScalar(file, node);
  if (reading.status === 'value') return { value: reading.scalar.value, reason: null };
  return { value: null, reason: reading.status === 'refused' ? `the value ${reading.reason}` : null };
}
