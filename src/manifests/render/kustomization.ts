import { type Document, isMap, isScalar, visit } from 'yaml';
import { looksTyped } from '../plain-scalar.ts';
import { parseYamlFile, shorten } from '../yaml-file.ts';
import { NotRendered } from './source.ts';

/** A path that a kustomization names. */
export interface Reference {
  text: string;
  /** `base`: a file or a folder with a kustomization; `config`: the same, and what it holds names files too. */
  kind: 'base' | 'file' | 'config' | 'chart';
  /** Left alone when nothing stands there: kustomize takes it for something else than a path then. */
  isOptional?: boolean;
  /** Of a chart: what to call it when it stands in a repository of charts only. */
  chart?: { remote: string };
}

type Fields = Record<string, unknown>;

const MOST_MERGES = 10;

/**
 * Line breaks to the YAML 1.1 reader of kustomize, and part of a comment to others: https://yaml.org/spec/1.1/#b-char.
 * It also passes over a second byte order mark, which is part of the key to others.
 */
const UNCLEAR_BREAK = /\r(?!\n)|[\u0085\u2028\u2029]/;
const BYTE_ORDER_MARK = /\ufeff/;

const BASE_FIELDS = ['resources', 'bases', 'components'];
const FILE_FIELDS = ['crds', 'configurations'];
const CONFIG_FIELDS = ['generators', 'transformers', 'validators'];
const PATCH_FIELDS = ['patches', 'patchesjson6902', 'replacements'];
const SOURCE_FIELDS = ['configmapgenerator', 'secretgenerator'];
const HELM_FIELDS = ['helmcharts', 'helmchartinflationgenerator'];

export interface Kustomization {
  references: Reference[];
  usesHelm: boolean;
  usesPlugins: boolean;
  makesSecrets: boolean;
}

/**
 * What a kustomization needs besides itself. Takes in more rather than less: kustomize reads keys whatever their case
 * and follows aliases and merges.
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function readKustomization(path: string, text: string): Kustomization {
  const references: Reference[] = [];
  let usesHelm = false;
  let usesPlugins = false;
  let makesSecrets = false;
  for (const fields of readObjects(path, text)) {
    const add = (kind: Reference['kind'], texts: readonly string[], isOptional = false) =>
      references.push(...texts.map((text) => ({ text, kind, isOptional })));
    for (const name of BASE_FIELDS) add('base', stringsAt(fields, name));
    for (const name of FILE_FIELDS) add('file', stringsAt(fields, name));
    for (const name of PATCH_FIELDS)
      add(
        'file',
        mapsAt(fields, name).flatMap((map) => stringsAt(map, 'path')),
      );
    // Paths and inline patches look alike there; kustomize tries the path first.
    add('file', stringsAt(fields, 'patchesstrategicmerge'), true);
    add(
      'file',
      mapsAt(fields, 'openapi').flatMap((map) => stringsAt(map, 'path')),
    );
    makesSecrets ||= valuesAt(fields, 'secretgenerator').length > 0;
    for (const name of SOURCE_FIELDS) add('file', mapsAt(fields, name).flatMap(sourcesOf));
    for (const text of CONFIG_FIELDS.flatMap((name) => stringsAt(fields, name))) {
      usesPlugins = true;
      if (!isInline(text)) {
        add('config', [text]);
        continue;
      }
      const config = readConfig(path, text);
      references.push(...config.references);
      makesSecrets ||= config.makesSecrets;
    }
    const charts = HELM_FIELDS.flatMap((name) => mapsAt(fields, name));
    usesHelm ||= charts.length > 0;
    references.push(...readCharts(path, charts, mapsAt(fields, 'helmglobals')));
  }
  return { references, usesHelm, usesPlugins, makesSecrets };
}

/** Whether kustomize could take it for a configuration, which it tries before it looks for a file of that name. */
function isInline(text: string): boolean {
  return /[\n{}]/.test(text);
}

/** Files that the configuration of a generator or transformer names, as those built into kustomize do. */
export function readConfig(path: string, text: string): Pick<Kustomization, 'references' | 'makesSecrets'> {
  let makesSecrets = false;
  const references: Reference[] = [];
  const open: unknown[] = readObjects(path, text);
  while (open.length > 0) {
    const node = open.pop();
    if (Array.isArray(node)) open.push(...node);
    if (!isFields(node)) continue;
    makesSecrets ||= stringsAt(node, 'kind').includes('SecretGenerator');
    const named = ['path', 'paths'].flatMap((name) => stringsAt(node, name));
    for (const text of [...named, ...sourcesOf(node)]) {
      // A JSON pointer, or an inline patch; the program itself keeps absolute paths out.
      if (!text.startsWith('/') && !text.includes('\n'))
        references.push({ text, kind: 'file', isOptional: true });
    }
    open.push(...Object.values(node));
  }
  return { references, makesSecrets };
}

/** `files:` are paths or `key=path`; kustomize reads a URL there too, which may hold a `=`. */
function sourcesOf(map: Fields): string[] {
  const files = stringsAt(map, 'files').map((text) =>
    /^https?:/i.test(text) ? text : text.slice(text.indexOf('=') + 1),
  );
  return [...files, ...stringsAt(map, 'envs'), ...stringsAt(map, 'env')];
}

/**
 * Charts that stand in the repository. kustomize hands their names to helm as they are, and helm takes a leading dash
 * for an option, `--post-renderer` among them: refused.
 * https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_
 */
function readCharts(path: string, charts: Fields[], globals: Fields[]): Reference[] {
  if (
    [...charts, ...globals].some((map) => ['confighome', 'helmhome'].some((key) => valuesAt(map, key).length))
  ) {
    throw new NotRendered(
      `\`${shorten(path, 200)}\` sets a configuration folder for helm, which could hold plugins`,
    );
  }
  return charts.flatMap((chart) => {
    const { texts, option } = optionsOf(chart);
    if (option)
      throw new NotRendered(`\`${shorten(path, 200)}\` gives helm the option \`${shorten(option)}\``);
    refuseUnclearPlace(path, chart, globals, charts.length);
    const first = (name: string) => texts(name).at(0) ?? '';
    const name = first('name') || first('chartname');
    const version = first('version') || first('chartversion');
    const home = [...globals, chart].flatMap((map) => stringsAt(map, 'charthome')).at(0) || 'charts';
    const source = first('repo') || first('chartrepourl');
    if (source && [name, version, home].some((text) => text !== '' && looksTyped(text))) {
      throw new NotRendered(`\`${shorten(path, 200)}\` has a chart whose name or version is no plain text`);
    }
    // Helm fetches what does not stand in the very folder that kustomize looks into:
    // https://github.com/kubernetes-sigs/kustomize/blob/master/plugin/builtin/helmchartinflationgenerator/HelmChartInflationGenerator.go
    const place = source && version ? `${home}/${name}-${version}/${name}` : `${home}/${name}`;
    const values = ['valuesfile', 'additionalvaluesfiles', 'values'].flatMap(texts);
    return [
      {
        text: place,
        kind: 'chart',
        chart: { remote: source && `${name} from ${source}` },
      } as const,
      ...values.map((text): Reference => ({ text, kind: 'file' })),
    ];
  });
}

/**
 * Where a chart stands is told once, and spelled as kustomize spells it: else two readers could take two folders. The
 * folder of one chart is that of all to kustomize, or of none when there are `helmGlobals`.
 */
function refuseUnclearPlace(path: string, chart: Fields, globals: Fields[], charts: number): void {
  const homes = [...globals, chart].flatMap((map) =>
    pairsOf(map).flatMap(([key, , spelled]) => (key === 'charthome' ? [spelled] : [])),
  );
  const names = [
    ['name', 'chartname'],
    ['version', 'chartversion'],
    ['repo', 'chartrepourl'],
  ];
  const isRepeated = names.some((same) => same.flatMap((name) => valuesAt(chart, name)).length > 1);
  const isSharedHome = valuesAt(chart, 'charthome').length > 0 && (globals.length > 0 || charts > 1);
  const isUnclearHome = globals.length > 1 || homes.length > 1 || homes.some((key) => key !== 'chartHome');
  if (isSharedHome || isUnclearHome || isRepeated) {
    throw new NotRendered(`\`${shorten(path, 200)}\` does not say clearly where its charts stand`);
  }
}

function optionsOf(chart: Fields) {
  const texts = (name: string) => stringsAt(chart, name);
  const names = pairsOf(chart)
    .map(([name]) => name)
    .filter((name) => !['valuesinline', 'valueslocal'].includes(name));
  return { texts, option: names.flatMap(texts).find((text) => text.trim().startsWith('-')) };
}

/** Every document that is a mapping, with aliases followed and every scalar as text. */
function readObjects(path: string, text: string): Fields[] {
  if (UNCLEAR_BREAK.test(text)) {
    throw new NotRendered(
      `\`${shorten(path, 200)}\` has a line break that not all YAML readers take for one (a lone CR, NEL, LS or PS)`,
    );
  }
  if (BYTE_ORDER_MARK.test(text)) {
    throw new NotRendered(`\`${shorten(path, 200)}\` has a byte order mark inside of its text`);
  }
  const parsed = parseYamlFile({ path, text });
  if (!parsed.ok) throw new NotRendered(`\`${shorten(path, 200)}\`: ${parsed.problem.message}`);
  try {
    parsed.file.documents.forEach((document) => {
      refuseUnclear(path, document);
    });
    return parsed.file.documents.map((document) => document.toJS({ maxAliasCount: 100 })).filter(isFields);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof NotRendered) throw error;
    throw new NotRendered(
      `\`${shorten(path, 200)}\`: its aliases cannot be followed (${shorten(error.message)})`,
    );
  }
}

/**
 * A tag makes kustomize read something else than what stands there: `!!binary` decodes a path, say. Of several merges,
 * which it accepts, or of keys that are aliases, two readers could take different ones.
 */
function refuseUnclear(path: string, document: Document): void {
  const file = `\`${shorten(path, 200)}\``;
  visit(document, {
    Value(_, node) {
      if (node.tag !== undefined)
        throw new NotRendered(`${file} has the YAML tag \`${shorten(node.tag)}\`; leave it out`);
      if (!isMap(node)) return;
      const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : null));
      if (keys.includes(null)) throw new NotRendered(`${file} has a key that is an alias or no text`);
      if (keys.filter((key) => key === '<<').length > 1)
        throw new NotRendered(`${file} has several merge keys (\`<<\`) in one mapping; make them one list`);
    },
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Every key, value and key as spelled of a mapping, those of its merges (`<<`) included. Keys are folded as Go folds them, `ſ` to `s`.
 * https://pkg.go.dev/encoding/json#Unmarshal
 */
function pairsOf(map: Fields, depth = 0): [string, unknown, string][] {
  if (depth > MOST_MERGES) throw new NotRendered('its merge keys are nested too deeply');
  return Object.entries(map).flatMap(([key, value]): [string, unknown, string][] =>
    key === '<<'
      ? [value]
          .flat()
          .filter(isFields)
          .flatMap((merged) => pairsOf(merged, depth + 1))
      : [[key.toUpperCase().toLowerCase(), value, key]],
  );
}

function valuesAt(map: Fields, name: string): unknown[] {
  return pairsOf(map).flatMap(([key, value]) => (key === name ? [value].flat() : []));
}

function stringsAt(map: Fields, name: string): string[] {
  return valuesAt(map, name).filter((value) => typeof value === 'string' && value !== '') as string[];
}

function mapsAt(map: Fields, name: string): Fields[] {
  return valuesAt(map, name).filter(isFields);
}
