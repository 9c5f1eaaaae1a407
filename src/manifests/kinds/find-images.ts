import { isMap, isScalar, type Node } from 'yaml';
import { asNode } from '../yaml-file.ts';
import { below, entriesOf, type Place, textOf } from './read-object.ts';

export type ImageKey = 'tag' | 'digest' | 'repository';

/** A part of an image in Helm values, by the path of the image. */
export interface ImagePlace {
  /** `image`, `web.image`, `sidecars[proxy].image`. */
  name: string;
  part: ImageKey;
  place: Place;
}

const PARTS: readonly ImageKey[] = ['tag', 'digest', 'repository'];
/** `imageTag`, `web_image_digest`. */
const FLAT_KEY = /^(.*image)[._-]?(tag|digest|repository)$/i;

/**
 * Finds images in Helm values by what charts call them: a map with `tag` or `digest` that has a `repository` or is
 * named after an image, and keys such as `imageTag`. `helm create` writes the former:
 * https://helm.sh/docs/chart_template_guide/values_files/
 */
export function findImages(values: Place | null): ImagePlace[] {
  const found: ImagePlace[] = [];
  const open: { name: string; place: Place }[] = values ? [{ name: '', place: values }] : [];
  while (open.length > 0) {
    const { name, place } = open.pop()!;
    if (isImage(name, place)) {
      for (const part of PARTS) {
        const held = below(place, part);
        if (held) found.push({ name, part, place: held });
      }
    }
    for (const { key, child } of childrenOf(place)) {
      const flat = readImageKey(key);
      if (flat && !isMap(child.node)) found.push({ ...flat, name: join(name, flat.name), place: child });
      open.push({ name: join(name, key), place: child });
    }
    for (const entry of entriesOf(place)) {
      const own = textOf(below(entry, 'name')) ?? String(entry.address.at(-1));
      open.push({ name: `${name}[${own}]`, place: entry });
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** `image.tag` and `imageTag` are the `tag` of `image`; null for a key that names no part of an image. */
export function readImageKey(key: string): { name: string; part: ImageKey } | null {
  const [, name, part] = FLAT_KEY.exec(key) ?? [];
  return name && part ? { name, part: part.toLowerCase() as ImageKey } : null;
}

function isImage(name: string, place: Place): boolean {
  if (name === '' || !(isLeaf(place, 'tag') || isLeaf(place, 'digest'))) return false;
  return isLeaf(place, 'repository') || /image$/i.test(name.replace(/\[[^\]]*\]$/, ''));
}

function isLeaf(place: Place, key: string): boolean {
  const node = below(place, key)?.node;
  return node !== undefined && !isMap(node);
}

function childrenOf({ node, address }: Place): { key: string; child: Place }[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const child: Node | null = asNode(value);
    if (!isScalar(key) || !child) return [];
    const text = String(key.value);
    return [{ key: text, child: { node: child, address: [...address, text] } }];
  });
}

function join(name: string, key: string): string {
  return name === '' ? key : `${name}.${key}`;
}
