import type { Node } from 'yaml';
import type { PromoteRule } from '../../../domain/promote-rule.ts';
import type { DocumentReading } from '../../read-place.ts';
import { findImages } from '../find-images.ts';
import {
  addScalar,
  baseName,
  below,
  entriesOf,
  nameFilter,
  objectName,
  type Place,
  textOf,
} from '../read-object.ts';

type ReadSpec = (reading: DocumentReading, spec: Place, name: string) => void;

const GROUP = /^([a-z]+)\.toolkit\.fluxcd\.io\//;

const READERS: Record<string, ReadSpec> = {
  'helm HelmRelease': readHelmRelease,
  'kustomize Kustomization': (reading, spec, name) => readImages(reading, below(spec, 'images'), name),
  // https://fluxcd.io/flux/components/source/gitrepositories/#reference
  'source GitRepository': (reading, spec, name) => readRef(reading, spec, name, ['tag', 'semver', 'commit']),
  // https://fluxcd.io/flux/components/source/ocirepositories/#reference
  'source OCIRepository': (reading, spec, name) => readRef(reading, spec, name, ['tag', 'semver', 'digest']),
};

export function readFlux(reading: DocumentReading, root: Node | null, rule: PromoteRule): void {
  if (!root || rule.kind !== 'flux') return;
  const place: Place = { node: root, address: [] };
  const group = GROUP.exec(textOf(below(place, 'apiVersion')) ?? '')?.[1] ?? '';
  const kind = textOf(below(place, 'kind')) ?? '';
  const key = `${group} ${kind}`;
  const read = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
  const name = objectName(reading, place);
  const spec = below(place, 'spec');
  if (read && name && spec && nameFilter(rule.names)(name)) read(reading, spec, `${kind} ${name}`);
}

/** https://fluxcd.io/flux/components/helm/helmreleases/#chart-template */
function readHelmRelease(reading: DocumentReading, spec: Place, release: string): void {
  const chart = textOf(below(spec, 'chart', 'spec', 'chart'));
  // A name, or the path of a chart in a Git repository: the versions of another chart are no versions of this one.
  const name = chart ? `${release} ${baseName(chart, reading.target.environment)}` : release;
  addScalar(reading, below(spec, 'chart', 'spec', 'version'), { kind: 'flux', name, part: 'version' });
  for (const image of findImages(below(spec, 'values'))) {
    addScalar(reading, image.place, { kind: 'flux', name: `${name} ${image.name}`, part: image.part });
  }
  for (const renderer of entriesOf(below(spec, 'postRenderers'))) {
    readImages(reading, below(renderer, 'kustomize', 'images'), name);
  }
}

/** Images as in a kustomization: https://fluxcd.io/flux/components/kustomize/kustomizations/#images */
function readImages(reading: DocumentReading, images: Place | null, name: string): void {
  for (const entry of entriesOf(images)) {
    const image = textOf(below(entry, 'name'));
    if (!image) continue;
    for (const part of ['newName', 'newTag', 'digest']) {
      addScalar(reading, below(entry, part), { kind: 'flux', name: `${name} ${image}`, part });
    }
  }
}

function readRef(reading: DocumentReading, spec: Place, name: string, parts: readonly string[]): void {
  for (const part of parts) {
    addScalar(reading, below(spec, 'ref', part), { kind: 'flux', name, part });
  }
}
