/**
 * The hunk of a patch that shows a line of the new file (`RIGHT`) or of the old one (`LEFT`), from its
 * header down to that line, as GitHub quotes it above a comment. Null when the patch does not show the line.
 */
export function hunkAt(patch: string, side: 'LEFT' | 'RIGHT', line: number): string | null {
  let hunk: string[] = [];
  let left = 0;
  let right = 0;
  for (const text of patch.split('\n')) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    if (header) {
      hunk = [text];
      left = Number(header[1]);
      right = Number(header[2]);
      continue;
    }
    hunk.push(text);
    const isLeft = !text.startsWith('+');
    const isRight = !text.startsWith('-');
    if (side === 'LEFT' ? isLeft && left === line : isRight && right === line) return hunk.join('\n');
    if (isLeft) left++;
    if (isRight) right++;
  }
  return null;
}
