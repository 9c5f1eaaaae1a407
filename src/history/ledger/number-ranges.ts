const RANGES = /^(?:\d{1,10}(?:-\d{1,10})?(?:,(?!$)|$))*$/;

/** `1-4,7`: numbers of which most have a neighbour, in few characters. */
export function formatRanges(numbers: Iterable<number>): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const open = ranges.at(-1);
    if (open && open[1] === number - 1) open[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Null when it is not what `formatRanges` writes. */
export function parseRanges(text: string): Set<number> | null {
  if (!RANGES.test(text)) return null;
  const numbers = new Set<number>();
  for (const range of text === '' ? [] : text.split(',')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    if (last - first > MOST) return null;
    for (let number = first; number <= last; number++) numbers.add(number);
  }
  return formatRanges(numbers) === text ? numbers : null;
}

/** More pull requests than a repository has. */
const MOST = 1_000_000;
