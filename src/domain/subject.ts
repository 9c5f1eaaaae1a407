import { type HeldValue, roleOf } from './value.ts';

/** A value as people say it: `image quay.io/acme/checkout`, `image_tag`. */
export function subject(value: Pick<HeldValue, 'kind' | 'name' | 'part'>): string {
  const { kind, name, part } = value;
  switch (kind) {
    case 'image':
      return part === 'newTag' ? `image \`${name}\`` : `${part} of image \`${name}\``;
    case 'remote-base':
      return `ref of \`${name}\``;
    case 'chart':
      return `chart \`${name}\``;
    case 'helm':
      if (part === 'appVersion') return name ? `\`${part}\` in \`${name}\`` : `\`${part}\` of the chart`;
      return `\`${name}.${part}\` of the Helm values`;
    case 'argocd':
      return `${partOf(value)}Argo CD \`${name}\``;
    case 'flux':
      return `${partOf(value)}Flux \`${name}\``;
    case 'file':
      return `file \`${name}\``;
    case 'field':
      return name ? `\`${part}\` in \`${name}\`` : `\`${part}\``;
  }
}

/** The tag of an image is what the image is known by; all else is named. */
function partOf(value: Pick<HeldValue, 'kind' | 'part'>): string {
  return roleOf(value) === 'tag' ? 'tag of ' : `\`${value.part}\` of `;
}
