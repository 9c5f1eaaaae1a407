import type { Node } from 'yaml';
import type { PromoteRule } from '../../../domain/promote-rule.ts';
import { pathBelowRoot } from '../../below-root.ts';
import type { DocumentReading } from '../../read-place.ts';
import { findImages } from '../find-images.ts';
import { isChart } from '../place.ts';
import { readCharts } from '../read-charts.ts';
import { addScalar, below, nameFilter, withoutEnvironment } from '../read-object.ts';

export function readHelm(reading: DocumentReading, root: Node | null, rule: PromoteRule): void {
  const place = root && { node: root, address: [] };
  if (rule.kind === 'charts') readCharts(reading, root, 'dependencies', rule.names);
  if (rule.kind !== 'helm') return;
  const path = pathBelowRoot(reading.target, reading.file.path);
  const file = path === null ? '' : fileName(path, reading.target.environment);
  if (isChart(reading.file.path)) {
    if (!rule.parts.includes('appVersion') || rule.names.length > 0) return;
    addScalar(reading, below(place, 'appVersion'), { kind: 'helm', name: file, part: 'appVersion' });
    return;
  }
  const isWanted = nameFilter(rule.names);
  for (const image of findImages(place)) {
    if (!isWanted(image.name) || !rule.parts.includes(image.part)) continue;
    const name = file === '' ? image.name : `${file} ${image.name}`;
    addScalar(reading, image.place, { kind: 'helm', name, part: image.part });
  }
}

/**
 * What tells a file from the others of its target, in every environment alike: `web/values.yaml`. Empty for the
 * chart and the values at the root, `values-prod.yaml` included.
 */
function fileName(path: string, environment: string): string {
  const folders = path.split('/').map((part) => withoutEnvironment(part, environment));
  const file = folders.pop() ?? '';
  // The environment `prod-eu` may have values that it shares with the rest of `prod`.
  const base = environment
    .split(/[-_.]/)
    .reduce((name, word) => withoutEnvironment(name, word), file)
    .replace(/\.yml$/, '.yaml');
  return folders.length === 0 && /^(?:values|Chart)\.yaml$/.test(base) ? '' : [...folders, base].join('/');
}
