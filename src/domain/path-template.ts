import type { TargetLocation } from './target.ts';

/** An environment with its path templates, best first. */
interface TemplatedEnvironment {
  name: string;
  paths: readonly string[];
}

/** One folder level of the repository; a file is an entry without children. */
type Tree = Map<string, Tree | null>;

/** A segment of a template: the text before its first variable, and those after each variable. */
interface SegmentPattern {
  first: string;
  others: readonly string[];
}

const VARIABLE = /\{[^{}]*\}/;

/**
 * Finds the targets that path templates describe among the repository's file paths.
 *
 * `{env}` stands for exactly the environment's name; any other variable for one or more characters of one
 * path segment, as few as possible from left to right. The values in order, joined with `/`, name the
 * application. A template that names a file makes a file target, one that names a folder a folder target.
 * Of several templates of an environment, the first that finds an application wins. The result stands in
 * the order of the environments, then of the application names, whatever the order of the paths.
 */
export function matchTargets(
  environments: readonly TemplatedEnvironment[],
  filePaths: readonly string[],
): TargetLocation[] {
  const patterns = environments.map(({ name, paths }) => paths.map((path) => parseTemplate(path, name)));
  const depth = patterns.flat().reduce((deepest, { length }) => Math.max(deepest, length), 0);
  const tree = growTree(filePaths, depth);
  return environments.flatMap(({ name }, index) => {
    const found = new Map<string, TargetLocation>();
    for (const pattern of patterns[index] ?? []) {
      for (const target of findTargets(tree, pattern, name)) {
        if (!found.has(target.application)) found.set(target.application, target);
      }
    }
    return [...found.values()].sort((a, b) => (a.application < b.application ? -1 : 1));
  });
}

function parseTemplate(template: string, environment: string): SegmentPattern[] {
  return template
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => {
      const [first = '', ...others] = segment.replaceAll('{env}', () => environment).split(VARIABLE);
      return { first, others };
    });
}

/** Only as deep as the templates look, so that the cost depends on them and not on the repository's depth. */
function growTree(filePaths: readonly string[], depth: number): Tree {
  const root: Tree = new Map();
  for (const filePath of filePaths) {
    let folder = root;
    let start = 0;
    for (let level = 0; level < depth; level++) {
      const end = filePath.indexOf('/', start);
      if (end === -1) {
        const name = filePath.slice(start);
        if (!folder.has(name)) folder.set(name, null);
        break;
      }
      folder = openFolder(folder, filePath.slice(start, end));
      start = end + 1;
    }
  }
  return root;
}

function openFolder(folder: Tree, name: string): Tree {
  const known = folder.get(name);
  if (known) return known;
  const made: Tree = new Map();
  folder.set(name, made);
  return made;
}

function findTargets(tree: Tree, pattern: readonly SegmentPattern[], environment: string): TargetLocation[] {
  const targets: TargetLocation[] = [];
  const last = pattern.length - 1;
  const walk = (folder: Tree, index: number, above: string, before: string): void => {
    const segment = pattern[index];
    if (!segment) return;
    for (const [name, captured] of matchEntries(folder, segment)) {
      const entry = folder.get(name);
      const root = join(above, name);
      const application = captured.reduce(join, before);
      if (index < last) {
        if (entry) walk(entry, index + 1, root, application);
      } else if (entry || !isBareVariable(segment) || !isHousekeeping(name)) {
        targets.push({ application, environment, root, isFile: !entry });
      }
    }
  };
  walk(tree, 0, '', '');
  return targets;
}

function join(before: string, next: string): string {
  return before === '' ? next : `${before}/${next}`;
}

function matchEntries(folder: Tree, { first, others }: SegmentPattern): [name: string, values: string[]][] {
  if (others.length === 0) return folder.has(first) ? [[first, []]] : [];
  const found: [string, string[]][] = [];
  for (const name of folder.keys()) {
    const values = matchSegment(name, first, others);
    if (values) found.push([name, values]);
  }
  return found;
}

/**
 * Values of the variables, each as short as can be. Searching each text from where the last one ended leaves
 * the most room for the rest, so there is nothing to go back for: linear where a regular expression would
 * try every split of a hostile name.
 */
function matchSegment(name: string, first: string, others: readonly string[]): string[] | null {
  if (!name.startsWith(first)) return null;
  const values: string[] = [];
  let start = first.length;
  for (const [index, text] of others.entries()) {
    const isLast = index === others.length - 1;
    const end = isLast ? name.length - text.length : name.indexOf(text, start + 1);
    if (end <= start || (isLast && !name.endsWith(text))) return null;
    values.push(name.slice(start, end));
    start = end + text.length;
  }
  return values;
}

function isBareVariable({ first, others }: SegmentPattern): boolean {
  return first === '' && others.length === 1 && others[0] === '';
}

/** Files that stand beside applications and are none. */
function isHousekeeping(name: string): boolean {
  return (
    name.startsWith('.') || name.startsWith('README') || /^(kustomization\.ya?ml|Kustomization)$/.test(name)
  );
}
