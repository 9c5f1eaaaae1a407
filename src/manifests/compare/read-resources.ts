import { SOURCE_COMMENT } from '../render/render-plain.ts';
import { parseYamlFile } from '../yaml-file.ts';
import { type Budget, type Tree, textAt, treeOf } from './tree.ts';

/** What Kubernetes tells resources apart by; versions of one API are the same resource. */
export interface ResourceId {
  group: string;
  /** Empty for a document that is no resource: `name` is its file then. */
  kind: string;
  namespace: string;
  name: string;
}

export interface Resource {
  id: ResourceId;
  tree: Tree;
}

/** Documents as text, so that equal ones need not be parsed. Rendered YAML never has `---` inside of a value. */
export function splitDocuments(yaml: string): string[] {
  const documents: string[][] = [[]];
  let source: string | null = null;
  for (const line of yaml.split('\n')) {
    if (/^---(?:\s|$)/.test(line)) {
      // The documents of one file share the comment that names it.
      documents.push(source ? [source, line.slice(3)] : [line.slice(3)]);
    } else {
      if (line.startsWith(SOURCE_COMMENT)) source = line;
      documents.at(-1)!.push(line);
    }
  }
  return documents.map((lines) => lines.join('\n').trimEnd()).filter((text) => /^\s*[^\s#]/m.test(text));
}

/** The resources of one document: those inside of a `List`, too. Throws an Error that says what is wrong with it. */
export function readResources(text: string, budget: Budget): Resource[] {
  const source = text.split('\n').findLast((line) => line.startsWith(SOURCE_COMMENT));
  const path = source?.slice(SOURCE_COMMENT.length).trim() ?? '';
  const parsed = parseYamlFile({ path, text });
  if (!parsed.ok) {
    const { line, message } = parsed.problem;
    throw new Error(
      `${path ? `\`${path}\`` : 'a document of it'}${line ? `, line ${line}` : ''}: ${message}`,
    );
  }
  return parsed.file.documents
    .filter(({ contents }) => contents !== null)
    .flatMap((document) => resourcesOf(treeOf(document, budget), path));
}

function resourcesOf(tree: Tree, path: string): Resource[] {
  const kind = textAt(tree, 'kind') ?? '';
  const items = tree instanceof Map ? tree.get('items') : undefined;
  if (/List$/.test(kind) && Array.isArray(items)) {
    return items.flatMap((item) => resourcesOf(withKindOf(tree, item), path));
  }
  const name = textAt(tree, 'metadata', 'name') ?? textAt(tree, 'metadata', 'generateName');
  const apiVersion = textAt(tree, 'apiVersion') ?? '';
  if (!kind || !name) return [{ id: { group: '', kind: '', namespace: '', name: path }, tree }];
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return [{ id: { group, kind, namespace: textAt(tree, 'metadata', 'namespace') ?? '', name }, tree }];
}

/** Items of a `SecretList` need not say that they are Secrets. */
function withKindOf(list: Tree, item: Tree): Tree {
  const kind = textAt(list, 'kind')?.replace(/List$/, '');
  if (!(item instanceof Map) || !kind || textAt(item, 'kind') !== null) return item;
  const apiVersion = textAt(item, 'apiVersion') ?? textAt(list, 'apiVersion') ?? 'v1';
  return new Map([...item, ['apiVersion', apiVersion], ['kind', kind]]);
}

export function resourceKey({ group, kind, namespace, name }: ResourceId): string {
  return JSON.stringify([group, kind, namespace, name]);
}
