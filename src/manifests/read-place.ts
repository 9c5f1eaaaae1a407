import type { Node } from 'yaml';
import type { TargetLocation } from '../domain/target.ts';
import type { Occurrence } from '../domain/value.ts';
import type { ValueCollector } from './collect-values.ts';
import { readScalar } from './scalar.ts';
import { shorten, type YamlFile } from './yaml-file.ts';

/** One document of a file that is read, and where what is read goes. */
export interface DocumentReading {
  file: YamlFile;
  /** Index of the document in the file. */
  document: number;
  collector: ValueCollector;
  /** The target that the file belongs to. */
  target: TargetLocation;
}

/** The text of a scalar that can be promoted; otherwise null, with a problem unless there is just no value. */
export function readText({ file, collector }: DocumentReading, node: Node, what: string): string | null {
  const reading = readScalar(file, node);
  if (reading.status === 'value') return reading.scalar.value;
  if (reading.status === 'refused') collector.report(problemAt(file, node, `${what} ${reading.reason}`));
  return null;
}

export function occurrenceAt(
  { file, document }: DocumentReading,
  node: Node,
  address: readonly (string | number)[],
): Occurrence {
  return { path: file.path, line: lineOf(file, node), document, address };
}

export function problemAt(file: YamlFile, node: Node, message: string) {
  return { path: file.path, line: lineOf(file, node), message: shorten(message, 400) };
}

function lineOf(file: YamlFile, node: Node): number {
  return file.lineAt(node.range?.[0] ?? 0);
}
