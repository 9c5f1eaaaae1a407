import picomatch from 'picomatch';
import { toList } from './schema-parts.ts';

/** Names of the environments that an override means by name or glob; all of them when it says none. */
export function matchEnvironments(
  written: string | readonly string[] | undefined,
  names: readonly string[],
): string[] {
  if (written === undefined) return [...names];
  const matches = picomatch([...toList(written)], { dot: true });
  return names.filter((name) => matches(name));
}
