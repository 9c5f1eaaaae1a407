/** An image of `kustomize.images`: `[name=]newName[:newTag][@digest]`. */
export interface ImageText {
  /** What the image is called in the manifests. */
  name: string;
  newName: string;
  newTag: string | null;
  digest: string | null;
  isRenamed: boolean;
}

export const IMAGE_PARTS = ['newName', 'newTag', 'digest'] as const;

/** Reads an image as Argo CD does; null when it has neither tag nor digest nor a new name. */
export function parseImage(text: string): ImageText | null {
  // A port has a slash after it: `localhost:5000/web` has no tag.
  const match = /^(?:([^=@\s]+)=)?([^=@\s]*?[^=@:\s])(?::([^/:@=\s]+))?(?:@([^@=\s]+))?$/.exec(text);
  const [, name, newName = '', newTag = null, digest = null] = match ?? [];
  if (!match || (name === undefined && newTag === null && digest === null)) return null;
  return { name: name ?? newName, newName, newTag, digest, isRenamed: name !== undefined };
}

export function formatImage({ name, newName, newTag, digest, isRenamed }: ImageText): string {
  const tag = newTag === null ? '' : `:${newTag}`;
  return `${isRenamed ? `${name}=` : ''}${newName}${tag}${digest === null ? '' : `@${digest}`}`;
}
