import type { Node } from 'yaml';
import type { PromoteRule } from '../../domain/promote-rule.ts';
import type { TargetLocation } from '../../domain/target.ts';
import type { DocumentReading } from '../read-place.ts';

/** What a tool keeps in YAML files: which files may hold it, and how its values are read. */
export interface ManifestKind {
  /** The rules of the config that read it. */
  rules: readonly PromoteRule['kind'][];
  /** Which files may hold such values, by their place alone. */
  pathFilter(target: TargetLocation, rule: PromoteRule): (path: string) => boolean;
  /** Whether a text may hold them, at a glance: what may not is never parsed, and its errors are no problem. */
  isText(text: string): boolean;
  /** Hands the values of one document to the collector, and what is wrong with them. */
  read(reading: DocumentReading, root: Node | null, rule: PromoteRule): void;
}

/** Which value of a scalar is meant. */
export type ValuePlace = { part: string; address: readonly (string | number)[] };

/** How a value stands in the text of its scalar. */
export interface ValueWriter {
  /** Whether a plain number or boolean may be replaced by another one; otherwise every reader must see a string. */
  mayStayTyped: boolean;
  /** The value that a scalar's text holds; null when there is none. */
  current(scalar: string, place: ValuePlace): string | null;
  /** The scalar's text with another value; null when the value cannot stand there. */
  replace(scalar: string, place: ValuePlace, value: string): string | null;
}

/** The value is all of the scalar. */
export function wholeScalar({ mayStayTyped }: { mayStayTyped: boolean }): ValueWriter {
  return { mayStayTyped, current: (scalar) => scalar, replace: (_scalar, _place, value) => value };
}
