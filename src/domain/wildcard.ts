/** Whether a text is a pattern, in which each `*` stands for any text, the empty one too. */
export function matchesWildcards(text: string, pattern: string): boolean {
  return matchesParts(text, pattern.split('*'));
}

/** Whether the text is these parts in order, with anything between them. Takes the leftmost place of each. */
export function matchesParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
