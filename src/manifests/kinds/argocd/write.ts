import type { ValuePlace, ValueWriter } from '../kind.ts';
import { formatImage, IMAGE_PARTS, type ImageText, parseImage } from './image.ts';

/** An image is one text with several parts; all else is a scalar of its own. */
export const argocdWriter: ValueWriter = {
  mayStayTyped: true,
  current(scalar, place) {
    const part = imagePart(place);
    return part === null ? scalar : (parseImage(scalar)?.[part] ?? null);
  },
  replace(scalar, place, value) {
    const part = imagePart(place);
    if (part === null) return value;
    const image = parseImage(scalar);
    if (!image || image[part] === null) return null;
    const changed = { ...image, [part]: value };
    const text = formatImage(changed);
    const read = parseImage(text);
    return read && isSame(read, changed) ? text : null;
  },
};

/** The part of a text in `kustomize.images`; null for what stands elsewhere, such as the `digest` of a Helm image. */
function imagePart({ part, address }: ValuePlace): (typeof IMAGE_PARTS)[number] | null {
  const isText = address.at(-2) === 'images' && typeof address.at(-1) === 'number';
  return isText ? (IMAGE_PARTS.find((each) => each === part) ?? null) : null;
}

function isSame(a: ImageText, b: ImageText): boolean {
  return a.name === b.name && IMAGE_PARTS.every((part) => a[part] === b[part]);
}
