import type { PromoteRule } from '../domain/promote-rule.ts';
import type { TargetLocation } from '../domain/target.ts';
import type { HeldValues } from '../domain/value.ts';
import { createCollector, type ValueCollector } from './collect-values.ts';
import { readField } from './read-fields.ts';
import { readFiles, type TreeEntry } from './read-files.ts';
import { readImages } from './read-images.ts';
import type { DocumentReading } from './read-place.ts';
import { readRemoteBases } from './read-remote-bases.ts';
import { pathFilter } from './select-paths.ts';
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
  const filters = rules.map((rule) => ({ rule, isRead: pathFilter(rule, target) }));
  for (const file of files.toSorted(byPath)) {
    const wanted = filters.filter(({ isRead }) => isRead(file.path)).map(({ rule }) => rule);
    if (wanted.length === 0) continue;
    if (links.has(file.path)) {
      const message = 'it is a symbolic link, which is never followed; put a file there';
      collector.report({ path: file.path, line: null, message });
    } else {
      readFile(collector, file, wanted);
    }
  }
  for (const rule of rules) {
    if (rule.kind === 'files') readFiles(collector, target, rule, blobs.toSorted(byPath));
  }
  return collector.result();
}

function readFile(collector: ValueCollector, file: ManifestFile, rules: readonly PromoteRule[]): void {
  const parsed = parseYamlFile(file);
  if (!parsed.ok) {
    collector.report(parsed.problem);
    return;
  }
  for (const [document, { contents }] of parsed.file.documents.entries()) {
    const reading: DocumentReading = { file: parsed.file, document, collector };
    const root = asNode(contents);
    for (const rule of rules) {
      if (rule.kind === 'images') readImages(reading, root, rule);
      if (rule.kind === 'field') readField(reading, root, rule);
    }
    // An image and the remote base beside it often name one commit: bases are read with either rule.
    if (rules.some(({ kind }) => kind === 'images' || kind === 'refs')) readRemoteBases(reading, root);
  }
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
