import type { TargetLocation } from '../../domain/target.ts';
import { pathBelowRoot } from '../below-root.ts';

/** The target itself when it is a file, or what lies below it, as far as it `isWanted` by that path. */
export function placeFilter(
  target: TargetLocation,
  isWanted: (path: string) => boolean,
): (path: string) => boolean {
  return (path) => {
    if (target.isFile) return path === target.root && isWanted(path);
    const below = pathBelowRoot(target, path);
    return below !== null && isWanted(below);
  };
}

/** Not the templates of a chart, which are no YAML, nor the charts that it brings along. */
export function isOwnYaml(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path) && !/(?:^|\/)(?:templates|charts)\//.test(path);
}

/** https://helm.sh/docs/topics/charts/#the-chartyaml-file */
export function isChart(path: string): boolean {
  return /(?:^|\/)Chart\.yaml$/.test(path);
}
