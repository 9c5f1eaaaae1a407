import { isKustomization } from '../below-root.ts';
import { shorten } from '../yaml-file.ts';
import { type Reference, readConfig, readKustomization } from './kustomization.ts';
import { refuseRemote, withoutPassword } from './remote-reference.ts';
import { NotRendered, refuseLinks, resolvePath, type SourceEntry, type SourceIndex } from './source.ts';

export interface InputFile extends SourceEntry {
  bytes: Uint8Array;
}

/** Everything that the view of a target depends on. */
export interface RenderInput {
  kind: 'kustomization' | 'chart' | 'plain';
  /** Folder of the target, or its only file. Repository-relative. */
  root: string;
  /** In the order of their paths. */
  files: InputFile[];
  /** A kustomization that renders charts of the repository with helm. */
  usesHelm: boolean;
  /** A kustomization generates Secrets, or a file has one: what the program says may hold their values. */
  hasSecrets: boolean;
}

const MOST_FILES = 5_000;
const MOST_BYTES = 64 * 1024 * 1024;
const MANIFEST = /\.(?:ya?ml|json)$/i;
/** A Secret, or a patch of one: in YAML, JSON or quoted in either. */
const SECRET = /kind[\\"']*\s*:\s*[\\"']*Secret/;

type Todo = { path: string; kind: Reference['kind'] | 'folder' };

interface Collection {
  index: SourceIndex;
  files: Map<string, InputFile>;
  seen: Set<string>;
  sizeBytes: number;
  usesHelm: boolean;
  usesPlugins: boolean;
  hasSecrets: boolean;
}

/**
 * Reads the files that a target is rendered from, and no others. Throws NotRendered, before anything is run, when one
 * of them is remote, outside the repository, behind a symbolic link, missing, or when there are too many.
 */
export async function collectInput(index: SourceIndex, target: string): Promise<RenderInput> {
  // A target may be the kustomization itself.
  const root = isKustomization(target) && index.entryAt(target) ? folderOf(target) : target;
  const kind = kindOf(index, root);
  const collection: Collection = {
    index,
    files: new Map(),
    seen: new Set(),
    sizeBytes: 0,
    usesHelm: false,
    usesPlugins: false,
    hasSecrets: false,
  };
  if (kind === 'kustomization') await collectAll(collection, [{ path: root, kind: 'base' }]);
  else if (kind === 'chart') await collectAll(collection, [{ path: root, kind: 'chart' }]);
  else await collectAll(collection, plainFiles(index, root));
  if (collection.usesHelm && collection.usesPlugins) {
    throw new NotRendered('it uses helm charts together with generators or transformers of its own');
  }
  const files = [...collection.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { kind, root, files, usesHelm: collection.usesHelm, hasSecrets: collection.hasSecrets };
}

function kindOf(index: SourceIndex, root: string): RenderInput['kind'] {
  const what = `\`${shorten(root, 200)}\``;
  refuseLinks(index, root, what);
  if (!index.isFolder(root)) {
    if (index.entryAt(root)) return 'plain';
    throw new NotRendered(`${what} is not there`);
  }
  if (kustomizationsIn(index, root).length > 0) return 'kustomization';
  return index.entryAt(below(root, 'Chart.yaml')) ? 'chart' : 'plain';
}

/** A folder may have several by mistake: the program says what is wrong with that. */
function kustomizationsIn(index: SourceIndex, folder: string): string[] {
  return ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
    .map((name) => below(folder, name))
    .filter((path) => index.entryAt(path));
}

function plainFiles(index: SourceIndex, root: string): Todo[] {
  if (!index.isFolder(root)) return [{ path: root, kind: 'file' }];
  const paths = index.entriesBelow(root).map(({ path }) => path);
  return paths.filter((path) => MANIFEST.test(path)).map((path) => ({ path, kind: 'file' }));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Wave by wave: what one file names is read together. */
async function collectAll(collection: Collection, first: Todo[]): Promise<void> {
  for (let wave = first; wave.length > 0; ) {
    const fresh = wave
      .flatMap((todo) => expand(collection.index, todo))
      .filter((todo) => isFresh(collection, todo));
    if (collection.seen.size > MOST_FILES) {
      throw new NotRendered(`it needs more than ${MOST_FILES} files`);
    }
    wave = (await Promise.all(fresh.map((todo) => visit(collection, todo)))).flat();
  }
}

function isFresh({ seen }: Collection, { path, kind }: Todo): boolean {
  // One file may be content here, and a base or a configuration there, which names more.
  const key = `${kind === 'config' || kind === 'base' ? kind : 'file'} ${path}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

/** A folder becomes the files that are read in it. */
function expand(index: SourceIndex, { path, kind }: Todo): Todo[] {
  if (!index.isFolder(path)) return [{ path, kind }];
  if (kind === 'chart') return index.entriesBelow(path).map((entry) => ({ path: entry.path, kind: 'file' }));
  const found = kustomizationsIn(index, path);
  if (found.length === 0) throw new NotRendered(`the base \`${shorten(path, 200)}\` has no kustomization`);
  return found.map((path) => ({ path, kind }));
}

async function visit(collection: Collection, { path, kind }: Todo): Promise<Todo[]> {
  const { bytes } = await readFile(collection, path);
  collection.hasSecrets ||= SECRET.test(Buffer.from(bytes).toString('latin1'));
  const isBase = (kind === 'base' || kind === 'config') && isKustomization(path);
  if (!isBase && kind !== 'config') return [];
  const text = decode(path, bytes);
  const folder = folderOf(path);
  if (!isBase) {
    const config = readConfig(path, text);
    collection.hasSecrets ||= config.makesSecrets;
    return config.references.flatMap((reference) => follow(collection, folder, path, reference));
  }
  const { references, usesHelm, usesPlugins, makesSecrets } = readKustomization(path, text);
  collection.hasSecrets ||= makesSecrets;
  collection.usesHelm ||= usesHelm;
  collection.usesPlugins ||= usesPlugins;
  // What a generator's kustomization brings in is configuration too.
  const kindOf = (reference: Reference) =>
    kind === 'config' && reference.kind === 'base' ? kind : reference.kind;
  return references.flatMap((reference) =>
    follow(collection, folder, path, { ...reference, kind: kindOf(reference) }),
  );
}

/** kustomize reads UTF-16 too, in which others would see no reference at all. */
function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotRendered(`\`${shorten(path, 200)}\` is not UTF-8`);
  }
}

function follow(
  { index }: Collection,
  folder: string,
  namedIn: string,
  { text, kind, isOptional, chart }: Reference,
): Todo[] {
  if (chart) {
    const place = resolvePath(index, folder, text, namedIn);
    if (index.isFolder(place)) return [{ path: place, kind }];
    if (chart.remote) throw new NotRendered(`remote chart ${shorten(withoutPassword(chart.remote), 200)}`);
  }
  if (isOptional && text.includes('\n')) return [];
  const exists = isThere(index, folder, text);
  refuseRemote(text, exists);
  const path = resolvePath(index, folder, text, namedIn);
  if (exists && (kind !== 'file' || index.entryAt(path))) return [{ path, kind }];
  if (isOptional) return [];
  throw new NotRendered(`\`${shorten(namedIn, 200)}\` names \`${shorten(text)}\`, which is not there`);
}

function isThere(index: SourceIndex, folder: string, text: string): boolean {
  try {
    const path = resolvePath(index, folder, text, '');
    return index.isFolder(path) || index.entryAt(path) !== null;
  } catch (error) {
    if (error instanceof NotRendered) return false;
    throw error;
  }
}

async function readFile(collection: Collection, path: string): Promise<InputFile> {
  const known = collection.files.get(path);
  if (known) return known;
  const entry = collection.index.entryAt(path);
  refuseLinks(collection.index, path, 'it needs a file that cannot be used');
  const bytes = entry && (await collection.index.readBlob(entry.sha));
  if (!entry || !bytes) {
    throw new NotRendered(`\`${shorten(path, 200)}\` could not be read`, { isTransient: true });
  }
  collection.sizeBytes += bytes.length;
  if (collection.sizeBytes > MOST_BYTES)
    throw new NotRendered(`it needs more than ${MOST_BYTES / 1024 / 1024} MB of files`);
  const file = { ...entry, bytes };
  collection.files.set(path, file);
  return file;
}
