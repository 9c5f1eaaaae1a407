import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isAlias, isScalar } from 'yaml';
import type { PromoteRule } from '../domain/promote-rule.ts';
import type { Occurrence } from '../domain/value.ts';
import { readValues } from '../manifests/read-values.ts';
import type { ValueEdit } from '../manifests/value-edit.ts';
import { writeValues } from '../manifests/write-values.ts';
import { type ManifestFile, parseYamlFile, type YamlFile } from '../manifests/yaml-file.ts';
import { scalarsOf } from './list-scalars.ts';

export interface CorpusCheck {
  files: number;
  /** Values of all kinds of manifests, and every other scalar as a plain field. */
  values: number;
  /** Changed, with nothing else in the file changed. */
  exact: number;
  /** Left as they were, with a reason. */
  refused: number;
  wrong: number;
}

const RULES: readonly PromoteRule[] = [
  { kind: 'images', parts: ['newTag', 'digest', 'newName'], names: [] },
  { kind: 'refs' },
  { kind: 'charts', names: [] },
  { kind: 'helm', parts: ['tag', 'digest', 'repository', 'appVersion'], names: [] },
  { kind: 'argocd', names: [] },
  { kind: 'flux', names: [] },
];

/** What a careless editor writes so that some reader takes it for something else. */
const TEXTS = [
  'v9.8.7',
  '1.10',
  '012',
  'yes',
  '1e3',
  '2024-01-01',
  '1234567890123456789012345678901234567890',
  '@a',
  '*b',
  'a: b #c',
  "it's",
];
/** What may stand as a part of a longer text: a URL, the name of an image. */
const WORDS = TEXTS.slice(0, 7);

/** Edits at once, in files with more scalars than this: one by one, a large file would take minutes. */
const MOST_EDITS = 100;

/** Changes every value of every file below a folder, in memory, and looks whether anything else changed. */
export function checkCorpus(folder: string, report: (line: string) => void): CorpusCheck {
  const check: CorpusCheck = { files: 0, values: 0, exact: 0, refused: 0, wrong: 0 };
  const reasons = new Map<string, number>();
  const refuse = (reason: string) => {
    check.refused += 1;
    const kind = reason.replace(/`[^`]*`|"[^"]*"/g, '…');
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
  };
  for (const path of listFiles(folder)) {
    const file = { path, text: readFileSync(join(folder, path), 'utf8') };
    if (file.text.includes('\0') || file.text.includes('\ufffd')) continue;
    check.files += 1;
    const parsed = parseYamlFile(file);
    if (!parsed.ok) {
      report(`${path}: no values: ${parsed.problem.message}`);
      continue;
    }
    const found = findEdits(parsed.file);
    check.values += found.edits.length + found.refused.length;
    for (const reason of found.refused) refuse(reason);
    const original = { file: parsed.file, scalars: allScalars(parsed.file) };
    for (const edits of inBatches(found.edits)) checkBatch(original, edits, check, refuse, report);
  }
  for (const [reason, count] of reasons) report(`refused ${count}: ${reason}`);
  return check;
}

function listFiles(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below))
    .sort()
    .flatMap((name) => {
      const path = posix.join(below, name);
      const entry = lstatSync(join(folder, path));
      if (entry.isDirectory()) return name === '.git' ? [] : listFiles(folder, path);
      return entry.isFile() ? [path] : [];
    });
}

/** One value, in all its places. */
type Edits = readonly ValueEdit[];

function findEdits(file: YamlFile): { edits: Edits[]; refused: string[] } {
  const root = posix.dirname(file.path);
  const target = { application: 'app', environment: posix.basename(root), root, isFile: false };
  const held = readValues(RULES, target, [file], []);
  const values = [
    ...held.values,
    ...held.ambiguous.flatMap(({ values: places, ...value }) =>
      places.map((place) => ({ ...value, ...place })),
    ),
  ];
  const edits = values.map(({ kind, part, value, occurrences }, index) => {
    const to = other(WORDS, value, index);
    return occurrences.map((occurrence) => ({ occurrence, kind, part, from: value, to }));
  });
  const refused = held.problems.map(({ message }) => message);
  let index = 0;
  for (const { document, address, node, value, reason } of scalarsOf(file)) {
    if (reason !== null) refused.push(reason);
    if (value === null) continue;
    const occurrence: Occurrence = {
      path: file.path,
      line: file.lineAt(node.range?.[0] ?? 0),
      document,
      address,
    };
    const to = other(TEXTS, value, index);
    edits.push([{ occurrence, kind: 'field', part: address.join('.'), from: value, to }]);
    index += 1;
  }
  return { edits, refused };
}

function other(texts: readonly string[], value: string, index: number): string {
  const text = texts[index % texts.length]!;
  return text === value ? texts[(index + 1) % texts.length]! : text;
}

function inBatches(all: readonly Edits[]): Edits[][] {
  const size = Math.ceil(all.length / MOST_EDITS);
  const batches: Edits[][] = [];
  // Values of different kinds share places: only plain fields go together.
  for (const edits of all) {
    const last = batches.at(-1);
    if (last && last.length < size && isPlain(edits) && last.every(isPlain)) last.push(edits);
    else batches.push([edits]);
  }
  return batches;
}

function isPlain(edits: Edits): boolean {
  return edits.every(({ kind }) => kind === 'field');
}

interface Original {
  file: YamlFile;
  scalars: readonly PlacedText[];
}

function checkBatch(
  original: Original,
  batch: readonly Edits[],
  check: CorpusCheck,
  refuse: (reason: string) => void,
  report: (line: string) => void,
): void {
  const { file } = original;
  const all = batch.flat();
  const written = writeValues(file, all);
  const wrong = written.ok ? findWrong(original, written.text, all) : null;
  if (batch.length > 1 && (!written.ok || wrong)) {
    for (const edits of batch) checkBatch(original, [edits], check, refuse, report);
  } else if (!written.ok) {
    refuse(written.problems[0]?.message ?? '');
  } else if (wrong) {
    check.wrong += batch.length;
    report(`${file.path}:${all[0]?.occurrence.line}: wrong: ${wrong}`);
  } else {
    check.exact += batch.length;
  }
}

/** Compares without what the editor itself checks with: line by line, and scalar by scalar. */
function findWrong({ file: before, scalars: were }: Original, text: string, edits: Edits): string | null {
  const [old, now] = [before.text.split('\n'), text.split('\n')];
  if (old.length !== now.length) return 'the number of lines changed';
  const lines = new Set(edits.map(({ occurrence }) => occurrence.line));
  const changed = old.findIndex((line, index) => (line !== now[index]) !== lines.has(index + 1));
  if (changed !== -1) return `line ${changed + 1} changed, or did not`;
  const parsed = parseYamlFile({ path: before.path, text } satisfies ManifestFile);
  if (!parsed.ok) return parsed.problem.message;
  const wanted = new Map(edits.map((edit) => [placeKey(edit.occurrence), edit]));
  const are = allScalars(parsed.file);
  if (were.length !== are.length) return 'the number of values changed';
  const strange = were.findIndex(({ key, text: value }, index) => {
    const edit = wanted.get(key);
    const found = are[index]!;
    if (!edit) return found.key !== key || found.text !== value;
    const isWhole = value === edit.from;
    return found.key !== key || (isWhole ? found.text !== edit.to : !found.text.includes(String(edit.to)));
  });
  return strange === -1 ? null : `${were[strange]?.key} became ${are[strange]?.text}`;
}

function placeKey({ document, address }: Pick<Occurrence, 'document' | 'address'>): string {
  return JSON.stringify([document, address]);
}

interface PlacedText {
  key: string;
  text: string;
}

/** Every scalar with its place, those that are never promoted included. */
function allScalars(file: YamlFile): PlacedText[] {
  return scalarsOf(file).map(({ document, address, node }) => {
    const text = isScalar(node) ? String(node.value) : isAlias(node) ? `*${node.source}` : '';
    return { key: placeKey({ document, address }), text };
  });
}
