import type { Node } from 'yaml';
import type { PromoteRule } from '../../../domain/promote-rule.ts';
import { findField, parseFieldPath } from '../../field-path.ts';
import { type DocumentReading, occurrenceAt, problemAt, readText } from '../../read-place.ts';
import { shorten } from '../../yaml-file.ts';

/** Reads one scalar field by its path; a document without the field holds nothing. */
export function readField(
  reading: DocumentReading,
  root: Node | null,
  rule: Extract<PromoteRule, { kind: 'field' }>,
): void {
  const search = findField(root, parseFieldPath(rule.path));
  const what = `\`${shorten(rule.path)}\``;
  if (!search.found) {
    const { problem } = search;
    if (problem) {
      const message = `${what} ${problem.message}; write it so that the path names one place`;
      reading.collector.report(problemAt(reading.file, problem.node, message));
    }
    return;
  }
  const value = readText(reading, search.node, what);
  if (value === null) return;
  reading.collector.add(
    { kind: 'field', name: rule.file ?? '', part: rule.path, value },
    occurrenceAt(reading, search.node, search.address),
  );
}
