import picomatch from 'picomatch';
import type { TargetLocation } from '../domain/target.ts';

/** Path below the root of a folder target; null for a path elsewhere, and for a target that is a file. */
export function pathBelowRoot(
  { root, isFile }: Pick<TargetLocation, 'root' | 'isFile'>,
  path: string,
): string | null {
  if (isFile) return null;
  if (root === '' || root === '.') return path;
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : null;
}

export function isKustomization(path: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}

/** Whether any of the globs matches. Dot files count, extended globs (`+(a|b)`) do not: they can take forever. */
export function globMatcher(globs: readonly string[]): (text: string) => boolean {
  if (globs.length === 0) return () => false;
  return picomatch([...globs], { dot: true, noextglob: true, nonegate: true });
}
