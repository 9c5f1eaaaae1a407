import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { findInScalar } from './find-in-scalar.ts';
import type { ConfigPath, ConfigProblem, Finding } from './problem.ts';
import { formatPath, valueAt } from './problem.ts';
import { quote } from './suggest.ts';

/** Values counted as often as aliases repeat them: far above any real config, and a few aliases cannot pass it. */
const MOST_VALUES = 50_000;
const DEEPEST = 30;

/** Start and end as offsets into the text. */
type Span = readonly [start: number, end: number];

/** A YAML document as plain values, which remembers where each stood. */
export interface ReadYaml {
  value: unknown;
  problems: ConfigProblem[];
  /** Gives a finding the place of its value, or of the nearest value around it. */
  locate(finding: Finding): ConfigProblem;
}

interface Walk {
  document: ReturnType<typeof parseDocument>;
  keys: Map<string, Span>;
  values: Map<string, Span>;
  findings: (Finding & { span?: Span })[];
  budget: number;
}

/**
 * Reads YAML 1.2 without trusting it: duplicate keys, several documents, tags and alias bombs are problems.
 * Aliases are read; a value behind one has the place where it is used.
 */
export function readYaml(text: string): ReadYaml {
  const lineCounter = new LineCounter();
  // Its own check for duplicate keys compares each key with each: minutes for a hostile file. `readMap` has one.
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false });
  const place = (message: string, path: string, [start, end]: Span): ConfigProblem => {
    const { line, col } = lineCounter.linePos(start);
    const endLine = lineCounter.linePos(Math.max(start, end - 1)).line;
    return {
      message,
      line: Math.max(1, line),
      column: Math.max(1, col),
      ...(endLine > line && { endLine }),
      path,
    };
  };
  // What follows the first error is most often its consequence.
  const problems = [...document.errors, ...document.warnings]
    .sort((a, b) => a.pos[0] - b.pos[0])
    .slice(0, 1)
    .map(({ code, message, pos: [start] }) =>
      place(explainSyntax(code, message, lineAt(text, start)), '', [start, start + 1]),
    );
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2') {
    problems.push(place('the config is read as YAML 1.2; remove the line %YAML', '', [0, 1]));
  }
  const walk: Walk = { document, keys: new Map(), values: new Map(), findings: [], budget: MOST_VALUES };
  const value = problems.length === 0 ? readNode(walk, document.contents, []) : undefined;
  const locate = ({ message, path, atKey, at, span }: Finding & { span?: Span }): ConfigProblem => {
    const whole = span ?? findSpan(walk, path, atKey ?? false);
    const start = at === undefined ? null : findInScalar(text, whole, valueAt(value, path), at);
    return place(message, formatPath(path), start === null ? whole : [start, start + 1]);
  };
  // A part of a config that was cut off must not look like a whole one.
  const whole = walk.budget < 0 ? undefined : value;
  return { value: whole, problems: [...problems, ...walk.findings.map(locate)], locate };
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? text.length : end);
}

function explainSyntax(code: string, message: string, line: string): string {
  if (code === 'MULTIPLE_DOCS') return 'the file holds several documents; keep one, and remove the line ---';
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; YAML takes spaces only';
  if (code === 'TAG_RESOLVE_FAILED') return 'tags (a word after !) are not read here; remove it';
  if (/\{\w+\}/.test(line))
    return 'this is not YAML; put a text with { } in quotes, such as "apps/{app}/{env}"';
  if (message.includes('call stack')) return 'this is nested too deeply to be a config';
  const [first = ''] = message.split('\n');
  return `this is not YAML: ${first.slice(0, 200)}`;
}

function readNode(walk: Walk, node: Node | null, path: ConfigPath): unknown {
  walk.budget -= 1;
  if (walk.budget < 0 || path.length > DEEPEST) {
    if (walk.budget !== -Infinity) {
      walk.findings.push({ message: 'this holds too much, or is nested too deeply, to be a config', path });
      walk.budget = -Infinity;
    }
    return null;
  }
  if (node?.range) remember(walk.values, path, [node.range[0], node.range[1]]);
  if (isAlias(node)) {
    const target = node.resolve(walk.document);
    if (target) return readNode(walk, target, path);
    walk.findings.push({ message: `there is no anchor &${node.source} above this alias`, path });
    return null;
  }
  if (isMap(node)) return readMap(walk, node.items, path);
  if (isSeq(node)) return readList(walk, node.items, path);
  return isScalar(node) ? readScalar(walk, node.value, path) : null;
}

function readScalar(walk: Walk, value: unknown, path: ConfigPath): unknown {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  walk.findings.push({ message: 'a value of this kind has no meaning here; write text', path });
  return null;
}

function readList(walk: Walk, items: readonly unknown[], path: ConfigPath): unknown[] {
  const list: unknown[] = [];
  for (const [index, item] of items.entries()) {
    if (walk.budget < 0) break;
    list.push(readNode(walk, item as Node | null, [...path, index]));
  }
  return list;
}

function readMap(walk: Walk, items: readonly Pair[], path: ConfigPath): Record<string, unknown> {
  const map: Record<string, unknown> = Object.create(null);
  for (const { key, value } of items) {
    if (walk.budget < 0) break;
    const span: Span | undefined = isScalar(key) && key.range ? [key.range[0], key.range[1]] : undefined;
    const name = isScalar(key) ? String(key.value) : '?';
    const keyPath = [...path, name];
    const message = isScalar(key) && key.value !== null ? refuseKey(map, name) : 'a key must be a plain word';
    if (span && !(name in map)) remember(walk.keys, keyPath, span);
    if (message !== null) walk.findings.push({ message, path: keyPath, atKey: true, span });
    else map[name] = readNode(walk, value as Node | null, keyPath);
  }
  return map;
}

function refuseKey(map: Record<string, unknown>, name: string): string | null {
  if (name === '<<' || name === 'Symbol(<<)') return 'merge keys (<<) are not read; repeat the lines instead';
  // Libraries pass over this name without a word, to protect themselves from changed prototypes.
  if (name === '__proto__') return 'unknown key "__proto__"';
  return name in map ? `${quote(name)} is there twice; keep one` : null;
}

function remember(spans: Map<string, Span>, path: ConfigPath, span: Span): void {
  const key = JSON.stringify(path);
  // What an alias stands for is read after the alias: the place of use wins.
  if (!spans.has(key)) spans.set(key, span);
}

function findSpan({ keys, values }: Walk, path: ConfigPath, atKey: boolean): Span {
  const key = JSON.stringify(path);
  const found = (atKey && keys.get(key)) || values.get(key) || keys.get(key);
  if (found) return found;
  for (let length = path.length; length >= 0; length -= 1) {
    const around = JSON.stringify(path.slice(0, length));
    const start = (keys.get(around) ?? values.get(around))?.[0];
    if (start !== undefined) return [start, start + 1];
  }
  return [0, 1];
}
