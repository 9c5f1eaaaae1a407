import { isKustomization } from '../../below-root.ts';
import type { ManifestKind } from '../kind.ts';
import { placeFilter } from '../place.ts';
import { readKustomization } from './read.ts';

/** Kustomizations: images, remote bases, Helm charts. */
export const kustomize: ManifestKind = {
  rules: ['images', 'refs', 'charts'],
  pathFilter: (target) => placeFilter(target, isKustomization),
  isText: () => true,
  read: readKustomization,
};
