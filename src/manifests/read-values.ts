import type { PromoteRule } from '../domain/promote-rule.ts';
import type { TargetLocation } from '../domain/target.ts';
import type { HeldValues } from '../domain/value.ts';
import { createCollector, type ValueCollector, withAllow } from './collect-values.ts';
import { kindsOf } from './kinds/all.ts';
import { readFiles, type TreeEntry } from './kinds/files/read.ts';
import type { ManifestKind } from './kinds/kind.ts';
import { asNode, type ManifestFile, parseYamlFile } from './yaml-file.ts';

/**
 * Reads every promoted value that a target holds: `files` are the texts that `selectPaths` asked for, `blobs` all
 * entries of the tree below the target's root. What cannot be read becomes a problem that names file and line, and
 * hides nothing of the other files.
 */
export function readValues(
  rules: readonly PromoteRule[],
  target: TargetLocation,
  files: readonly ManifestFile[],
  blobs: readonly TreeEntry[],
): HeldValues {
  const collector = createCollector();
  const links = new Set(blobs.filter(({ mode }) => mode === '120000').map(({ path }) => path));
  const all = rules.flatMap((rule) =>
    kindsOf(rule).map((kind) => ({ rule, kind, isPath: kind.pathFilter(target, rule) })),
  );
  for (const file of files.toSorted(byPath)) {
    const readings = all.filter(({ kind, isPath }) => isPath(file.path) && kind.isText(file.text));
    if (readings.length === 0) continue;
    if (links.has(file.path)) {
      const message = 'it is a symbolic link, which is never followed; put a file there';
      collector.report({ path: file.path, line: null, message });
    } else {
      readFile(collector, file, target, readings);
    }
  }
  for (const rule of rules) {
    if (rule.kind === 'files') readFiles(collector, target, rule, blobs.toSorted(byPath));
  }
  return collector.result();
}

/** One rule, and one kind of manifest that the file may be for it. */
interface RuleReading {
  rule: PromoteRule;
  kind: ManifestKind;
}

function readFile(
  collector: ValueCollector,
  file: ManifestFile,
  target: TargetLocation,
  readings: readonly RuleReading[],
): void {
  const parsed = parseYamlFile(file);
  if (!parsed.ok) {
    collector.report(parsed.problem);
    return;
  }
  for (const [document, { contents }] of parsed.file.documents.entries()) {
    const root = asNode(contents);
    for (const { rule, kind } of readings) {
      const allow = 'allow' in rule ? (rule.allow ?? []) : [];
      const reading = { file: parsed.file, document, target, collector: withAllow(collector, allow) };
      kind.read(reading, root, rule);
    }
  }
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
