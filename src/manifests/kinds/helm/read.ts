import type { Node } from 'yaml';
import type { PromoteRule } from '../../../domain/promote-rule.ts';
import type { DocumentReading } from '../../read-place.ts';
import { findImages } from '../find-images.ts';
import { isChart } from '../place.ts';
import { readCharts } from '../read-charts.ts';
import { addScalar, below, nameFilter } from '../read-object.ts';

export function readHelm(reading: DocumentReading, root: Node | null, rule: PromoteRule): void {
  const place = root && { node: root, address: [] };
  if (rule.kind === 'charts') readCharts(reading, root, 'dependencies', rule.names);
  if (rule.kind !== 'helm') return;
  if (isChart(reading.file.path)) {
    if (!rule.parts.includes('appVersion') || rule.names.length > 0) return;
    addScalar(reading, below(place, 'appVersion'), { kind: 'helm', name: '', part: 'appVersion' });
    return;
  }
  const isWanted = nameFilter(rule.names);
  for (const image of findImages(place)) {
    if (!isWanted(image.name) || !rule.parts.includes(image.part)) continue;
    addScalar(reading, image.place, { kind: 'helm', name: image.name, part: image.part });
  }
}
