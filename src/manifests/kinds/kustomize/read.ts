import type { Node } from 'yaml';
import type { PromoteRule } from '../../../domain/promote-rule.ts';
import type { DocumentReading } from '../../read-place.ts';
import { readCharts } from '../read-charts.ts';
import { readImages } from './read-images.ts';
import { readRefs } from './read-refs.ts';

export function readKustomization(reading: DocumentReading, root: Node | null, rule: PromoteRule): void {
  // `helmCharts`: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/helmcharts/
  if (rule.kind === 'charts') readCharts(reading, root, 'helmCharts', rule.names);
  if (rule.kind === 'images') readImages(reading, root, rule);
  // An image and the remote base beside it often name one commit: bases are read with either rule.
  if (rule.kind === 'images' || rule.kind === 'refs') readRefs(reading, root);
}
