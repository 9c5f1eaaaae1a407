import { createHash } from 'node:crypto';
import type { RenderInput } from './collect-input.ts';
import type { Renderer } from './renderer.ts';

/**
 * Equal for inputs that give the same view: the same program on the same files by their blob SHAs. To keep views by,
 * so that nothing is rendered twice. 64 hexadecimal digits.
 */
export function renderKey(
  { version, helm }: Pick<Renderer, 'version' | 'helm'>,
  { kind, root, files, usesHelm }: RenderInput,
): string {
  const text = JSON.stringify([
    kind === 'kustomization' ? version : null,
    kind === 'chart' || usesHelm ? (helm?.version ?? null) : null,
    kind,
    root,
    files.map(({ path, sha }) => [path, sha]),
  ]);
  return createHash('sha256').update(text).digest('hex');
}
