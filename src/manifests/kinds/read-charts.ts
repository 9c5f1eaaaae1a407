import type { Node } from 'yaml';
import type { DocumentReading } from '../read-place.ts';
import { addScalar, below, entriesOf, nameFilter, textOf } from './read-object.ts';

/** Reads a list of Helm charts with `name` and `version`, as kustomizations and charts have it. */
export function readCharts(
  reading: DocumentReading,
  root: Node | null,
  key: 'helmCharts' | 'dependencies',
  names: readonly string[],
): void {
  const isWanted = nameFilter(names);
  const place = root && { node: root, address: [] };
  for (const chart of entriesOf(below(place, key))) {
    // Two copies of one chart are told apart by what they are deployed as.
    const name = textOf(below(chart, 'alias')) ?? textOf(below(chart, 'name'));
    if (!name || !isWanted(name)) continue;
    addScalar(reading, below(chart, 'version'), { kind: 'chart', name, part: 'version' });
  }
}
