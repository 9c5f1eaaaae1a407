import { z } from 'zod';
import type { TextCheck } from './check-text.ts';
import { didYouMean, quote } from './suggest.ts';

const MOST_ENTRIES = 100;

/** A map whose unknown keys are refused by name. Its message has one line for each of them. */
export function section<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .map(
              (key) => `unknown key ${quote(key)}${didYouMean(key, known) || `. Keys: ${known.join(', ')}`}`,
            )
            .join('\n')
        : undefined,
  });
}

/** Text of one line. */
export function text(most = 100, check: TextCheck = () => null): z.ZodString {
  return z
    .string()
    .min(1, { error: 'this is empty; write some text or remove the key' })
    .max(most)
    .superRefine((value, context) => {
      const message = /[\p{Cc}\u2028\u2029]/u.test(value)
        ? 'the text must stand on one line, without control characters'
        : check(value);
      if (message !== null) context.addIssue({ code: 'custom', message });
    });
}

/** A list; at least one entry unless `least` says otherwise. */
export function list<Item extends z.ZodType>(item: Item, most = MOST_ENTRIES, least = 1): z.ZodArray<Item> {
  return z.array(item).min(least, { error: 'the list is empty; write an entry or remove the key' }).max(most);
}

/** One text, or a list of them. */
export function oneOrMore<Item extends z.ZodType>(item: Item, most = MOST_ENTRIES) {
  return z.union([item, list(item, most)], { error: 'write text, or a list of texts' });
}

/** What `oneOrMore` read, always as a list. */
export function toList<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? value : [value as Item];
}

/** What a list of alternatives does not know, with the nearest that it does. */
export function unknownKind(what: string, known: readonly string[], plural: string) {
  return ({ input }: { input?: unknown }): string => {
    const all = `${plural}: ${known.join(', ')}`;
    if (typeof input === 'string')
      return `unknown ${what} ${quote(input)}${didYouMean(input, known) || '.'} ${all}`;
    const [key, ...others] = isRecord(input) ? Object.keys(input) : [];
    if (key === undefined) return `this is no ${what}. ${all}`;
    if (others.length > 0 && [key, ...others].filter((each) => known.includes(each)).length > 1) {
      return `this is more than one ${what}; begin each with its own "- "`;
    }
    return known.includes(key)
      ? `${quote(key)} cannot be written like this; see the examples of the ${what}s`
      : `unknown ${what} ${quote(key)}${didYouMean(key, known) || '.'} ${all}`;
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
