import type { ManifestKind } from '../kind.ts';
import { isOwnYaml, placeFilter } from '../place.ts';
import { readFlux } from './read.ts';

/** Flux: HelmRelease, Kustomization, GitRepository, OCIRepository. */
export const flux: ManifestKind = {
  rules: ['flux'],
  pathFilter: (target) => placeFilter(target, isOwnYaml),
  isText: (text) => text.includes('.toolkit.fluxcd.io/'),
  read: readFlux,
};
