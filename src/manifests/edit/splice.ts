/** A stretch of text that is replaced. */
export interface TextSplice {
  start: number;
  end: number;
  source: string;
}

/** Replaces stretches of a text, none of which overlap. */
export function applySplices(text: string, splices: readonly TextSplice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, source } of splices.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, start), source);
    at = end;
  }
  return parts.join('') + text.slice(at);
}
