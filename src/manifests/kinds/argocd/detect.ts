import type { ManifestKind } from '../kind.ts';
import { isOwnYaml, placeFilter } from '../place.ts';
import { readArgocd } from './read.ts';

/** Argo CD: Application and ApplicationSet. */
export const argocd: ManifestKind = {
  rules: ['argocd'],
  pathFilter: (target) => placeFilter(target, isOwnYaml),
  isText: (text) => text.includes('argoproj.io/') && /\bApplication(?:Set)?\b/.test(text),
  read: readArgocd,
};
