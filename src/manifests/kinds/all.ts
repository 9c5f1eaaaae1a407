import type { PromoteRule } from '../../domain/promote-rule.ts';
import type { ValueKind } from '../../domain/value.ts';
import { argocd } from './argocd/detect.ts';
import { argocdWriter } from './argocd/write.ts';
import { flux } from './flux/detect.ts';
import { fluxWriter } from './flux/write.ts';
import { helm } from './helm/detect.ts';
import { helmWriter } from './helm/write.ts';
import type { ManifestKind, ValueWriter } from './kind.ts';
import { kustomize } from './kustomize/detect.ts';
import { chartWriter, imageWriter, refWriter } from './kustomize/write.ts';
import { plain } from './plain/detect.ts';
import { plainWriter } from './plain/write.ts';

/** Kinds of manifests whose text is read. Whole files are told by their blob, and have no entry here. */
const KINDS: readonly ManifestKind[] = [kustomize, helm, argocd, flux, plain];

/** The kinds that a rule reads; a rule for charts reads two. */
export function kindsOf(rule: PromoteRule): readonly ManifestKind[] {
  return KINDS.filter(({ rules }) => rules.includes(rule.kind));
}

/** How each kind of value is written; a whole file is replaced by its blob. */
export const WRITERS: Record<Exclude<ValueKind, 'file'>, ValueWriter> = {
  image: imageWriter,
  'remote-base': refWriter,
  chart: chartWriter,
  helm: helmWriter,
  argocd: argocdWriter,
  flux: fluxWriter,
  field: plainWriter,
};
