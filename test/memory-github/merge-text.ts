import { diffArrays } from 'diff';

/** Lines of the base that one side replaces; `from` and `to` as in `slice`. */
interface Hunk {
  from: number;
  to: number;
  lines: string[];
}

/** Three-way merge of texts by lines, as git merges: null where both sides changed the same or neighbouring lines. */
export function mergeText(base: string, ours: string, theirs: string): string | null {
  const lines = linesOf(base);
  const [mine, other] = [hunksOf(lines, linesOf(ours)), hunksOf(lines, linesOf(theirs))];
  const merged: string[] = [];
  let at = 0;
  while (mine.length + other.length > 0) {
    const group = takeGroup(mine, other);
    const [one, two] = [apply(lines, group, group.mine), apply(lines, group, group.other)];
    if (group.mine.length > 0 && group.other.length > 0 && one !== two) return null;
    merged.push(...lines.slice(at, group.from), group.mine.length > 0 ? one : two);
    at = group.to;
  }
  return [...merged, ...lines.slice(at)].join('');
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunksOf(base: string[], side: string[]): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  for (const { added, removed, value } of diffArrays(base, side)) {
    const last = hunks.at(-1);
    const touches = last && last.to === at;
    if (removed) {
      if (touches) last.to += value.length;
      else hunks.push({ from: at, to: at + value.length, lines: [] });
      at += value.length;
    } else if (added) {
      if (touches) last.lines.push(...value);
      else hunks.push({ from: at, to: at, lines: [...value] });
    } else at += value.length;
  }
  return hunks;
}

/** The first hunk of either side, with all that overlap or touch it. */
function takeGroup(mine: Hunk[], other: Hunk[]): { from: number; to: number; mine: Hunk[]; other: Hunk[] } {
  const from = Math.min(
    mine[0]?.from ?? Number.POSITIVE_INFINITY,
    other[0]?.from ?? Number.POSITIVE_INFINITY,
  );
  const group = { from, to: from, mine: [] as Hunk[], other: [] as Hunk[] };
  for (;;) {
    const side = [mine, other].find((hunks) => hunks[0] && hunks[0].from <= group.to);
    if (!side) return group;
    const hunk = side.shift()!;
    group.to = Math.max(group.to, hunk.to);
    (side === mine ? group.mine : group.other).push(hunk);
  }
}

/** What a side makes of the lines of a group. */
function apply(base: string[], { from, to }: { from: number; to: number }, hunks: readonly Hunk[]): string {
  const out: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    out.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...out, ...base.slice(at, to)].join('');
}
