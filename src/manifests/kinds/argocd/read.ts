import { isMap, isScalar, type Node } from 'yaml';
import type { PromoteRule } from '../../../domain/promote-rule.ts';
import { type DocumentReading, occurrenceAt, readText } from '../../read-place.ts';
import { findImages, type ImageKey, readImageKey } from '../find-images.ts';
import {
  addScalar,
  baseName,
  below,
  entriesOf,
  nameFilter,
  objectName,
  type Place,
  textOf,
  withoutEnvironment,
} from '../read-object.ts';
import { IMAGE_PARTS, parseImage } from './image.ts';

const GROUP = 'argoproj.io/';

/** https://github.com/argoproj/argo-cd/blob/master/docs/operator-manual/application.yaml */
export function readArgocd(reading: DocumentReading, root: Node | null, rule: PromoteRule): void {
  if (!root || rule.kind !== 'argocd') return;
  const place: Place = { node: root, address: [] };
  if (!textOf(below(place, 'apiVersion'))?.startsWith(GROUP)) return;
  const kind = textOf(below(place, 'kind'));
  const name = objectName(reading, place);
  if (!name || !nameFilter(rule.names)(name)) return;
  if (kind === 'Application') readSources(reading, below(place, 'spec'), name);
  if (kind !== 'ApplicationSet') return;
  readSources(reading, below(place, 'spec', 'template', 'spec'), name);
  readGenerators(reading, below(place, 'spec', 'generators'), name);
}

function readSources(reading: DocumentReading, spec: Place | null, name: string): void {
  const only = below(spec, 'source');
  for (const source of [...(only ? [only] : []), ...entriesOf(below(spec, 'sources'))]) {
    readSource(reading, source, sourceName(reading, source, name));
  }
}

/** A chart and a repository of one name are counted apart, each in its own way: `checkout chart web`, `checkout web`. */
function sourceName({ target: { environment } }: DocumentReading, source: Place, name: string): string {
  const chart = textOf(below(source, 'chart'));
  if (chart) return `${name} chart ${baseName(chart, environment)}`;
  const repository = textOf(below(source, 'repoURL'));
  return repository ? `${name} ${baseName(repository, environment)}` : name;
}

function readSource(reading: DocumentReading, source: Place, name: string): void {
  const add = (place: Place | null, below: string, part: string) =>
    addScalar(reading, place, { kind: 'argocd', name: below === '' ? name : `${name} ${below}`, part });
  add(below(source, 'targetRevision'), '', 'targetRevision');
  for (const parameter of entriesOf(below(source, 'helm', 'parameters'))) {
    const image = readParameter(textOf(below(parameter, 'name')) ?? '');
    if (image) add(below(parameter, 'value'), image.name, image.part);
  }
  for (const { name: image, part, place } of findImages(below(source, 'helm', 'valuesObject'))) {
    add(place, image, part);
  }
  for (const image of entriesOf(below(source, 'kustomize', 'images'))) readImage(reading, image, name);
}

/** Of all parameters of a chart, only those of images belong to a release. */
function readParameter(key: string): { name: string; part: ImageKey } | null {
  const [, name, part] = /^(.*image(?:\[\d+\])?)\.(tag|digest|repository)$/i.exec(key) ?? [];
  return name && part ? { name, part: part as ImageKey } : readImageKey(key);
}

/** An image in one text: `name=newName:newTag`. Its parts have one place. */
function readImage(reading: DocumentReading, { node, address }: Place, name: string): void {
  if (isScalar(node) && String(node.value).includes('{{')) return;
  const text = readText(reading, node, 'an image');
  const image = text === null ? null : parseImage(text);
  if (!image) return;
  for (const part of IMAGE_PARTS) {
    const value = image[part];
    // Without `=`, the text names the image and nothing new.
    if (value === null || (part === 'newName' && !image.isRenamed)) continue;
    const held = { kind: 'argocd', name: `${name} ${image.name}`, part, value } as const;
    reading.collector.add(held, occurrenceAt(reading, node, address));
  }
}

/** Lists stand in generators that combine others, too: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Matrix/ */
function readGenerators(reading: DocumentReading, generators: Place | null, name: string): void {
  for (const generator of entriesOf(generators)) {
    const elements = entriesOf(below(generator, 'list', 'elements'));
    for (const element of elements) readElement(reading, element, name, elements.length === 1);
    for (const key of ['matrix', 'merge']) readGenerators(reading, below(generator, key, 'generators'), name);
  }
}

const ELEMENT_NAMES = ['name', 'app', 'application', 'component', 'service'];
/** Where an element is deployed, which differs between environments. */
const PLACE_NAMES = ['cluster', 'env'];
const REVISIONS = /^(?:targetRevision|revision|version|chartVersion|tag|digest)$/;

/** Of all keys of an element, only those that say which release it is; the others belong to the environment. */
function readElement(reading: DocumentReading, element: Place, name: string, isOnly: boolean): void {
  if (!isMap(element.node)) return;
  const full = elementName(reading, element, name, isOnly);
  if (full === null) return;
  for (const { key } of element.node.items) {
    const text = isScalar(key) ? String(key.value) : '';
    const image = readImageKey(text);
    if (image) {
      addScalar(reading, below(element, text), {
        kind: 'argocd',
        name: `${full} ${image.name}`,
        part: image.part,
      });
    } else if (REVISIONS.test(text)) {
      addScalar(reading, below(element, text), { kind: 'argocd', name: full, part: text });
    }
  }
  for (const { name: image, part, place } of findImages(element)) {
    if (place.address.length === element.address.length + 1) continue;
    addScalar(reading, place, { kind: 'argocd', name: `${full} ${image}`, part });
  }
}

/** The name of an element, and the chart whose versions it has; null for one of several that has no name. */
function elementName(
  { target: { environment } }: DocumentReading,
  element: Place,
  name: string,
  isOnly: boolean,
): string | null {
  const chart = textOf(below(element, 'chart'));
  const own = firstOf(element, ELEMENT_NAMES) ?? (chart || isOnly ? '' : firstOf(element, PLACE_NAMES));
  if (own === null) return null;
  const short = withoutEnvironment(own, environment);
  const full = short === '' || short === '{env}' ? name : `${name} ${short}`;
  return chart ? `${full} chart ${baseName(chart, environment)}` : full;
}

function firstOf(element: Place, keys: readonly string[]): string | null {
  return keys.map((key) => textOf(below(element, key))).find((text) => text !== null) ?? null;
}
