import type { ManifestKind } from '../kind.ts';
import { isChart, isOwnYaml, placeFilter } from '../place.ts';
import { readHelm } from './read.ts';

/** Helm: `Chart.yaml`, and values in `values*.yaml` or in a target that is itself a file, whatever its name. */
export const helm: ManifestKind = {
  rules: ['helm', 'charts'],
  pathFilter(target, { kind }) {
    if (kind === 'charts') return placeFilter(target, (path) => isOwnYaml(path) && isChart(path));
    return placeFilter(
      target,
      (path) => target.isFile || (isOwnYaml(path) && (isChart(path) || isValues(path))),
    );
  },
  isText: () => true,
  read: readHelm,
};

function isValues(path: string): boolean {
  return /(?:^|[/._-])values[^/]*\.ya?ml$/.test(path);
}
