import type { Traced } from '../../domain/gates/trace-facts.ts';

/**
 * GitHub takes 65,535 characters: https://docs.github.com/en/rest/checks/runs#create-a-check-run. All that is written
 * is ASCII, so that characters are bytes too.
 */
const MOST_TEXT = 65_535;
const MOST_STRING = 1_000;
const MOST_ITEMS = 200;

const HEADING = '### What the gates were judged by';
const EXPLANATION =
  'How to read it: `docs/gates/README.md` of Sluice. `defaultBranch` is the tip at which this was written; later tips that change nothing else are not.';
const CUT =
  '_Capped: GitHub takes 65,535 characters. Facts that stand as `"left out"` did not fit; the table above is whole._';

interface TracedGate {
  readonly [key: string]: Traced;
  facts: Traced;
}

/** The trace as Markdown: a heading and a block of JSON, which nothing in it can end. Cut where it is too long. */
export function renderTrace(about: { readonly [key: string]: Traced }, gates: readonly TracedGate[]): string {
  const whole = render(about, gates, false);
  if (whole.length <= MOST_TEXT) return whole;
  let kept: readonly Traced[] = gates;
  // The longest facts first: short ones often tell more.
  const byLength = gates.map((gate, index) => ({ index, length: toJson(gate.facts).length }));
  for (const { index } of byLength.sort((a, b) => b.length - a.length)) {
    kept = kept.map((gate, at) => (at === index ? { ...gates[index]!, facts: 'left out' } : gate));
    const text = render(about, kept, true);
    if (text.length <= MOST_TEXT) return text;
  }
  for (let count = kept.length; count > 0; count = Math.floor(count / 2)) {
    const text = render({ ...about, gatesLeftOut: kept.length - count }, kept.slice(0, count), true);
    if (text.length <= MOST_TEXT) return text;
  }
  return render({ gatesLeftOut: kept.length }, [], true);
}

function render(about: { readonly [key: string]: Traced }, gates: readonly Traced[], isCut: boolean): string {
  const json = toJson({ ...about, gates });
  return [HEADING, EXPLANATION, `\`\`\`json\n${json}\n\`\`\``, ...(isCut ? [CUT] : [])].join('\n\n');
}

/** JSON in ASCII without what means something in Markdown: no backtick can end the block, no mention reaches anybody. */
function toJson(value: Traced): string {
  return JSON.stringify(shorten(value), null, 2).replace(
    /[`@<>&]|[^\n\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function shorten(value: Traced): Traced {
  if (typeof value === 'string') {
    return value.length > MOST_STRING ? `${value.slice(0, MOST_STRING)}...` : value;
  }
  if (Array.isArray(value)) {
    const more = value.length - MOST_ITEMS;
    const kept = value.slice(0, MOST_ITEMS).map(shorten);
    return more > 0 ? [...kept, `and ${more} more`] : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shorten(each)]));
}

/** The same trace for a head that has been made meanwhile. */
export function withHead<Report extends { text?: string }>(
  report: Report,
  headSha: string,
): Report & { headSha: string } {
  const text = report.text?.replace(/^ {2}"head": "",$/m, `  "head": "${headSha}",`);
  return { ...report, ...(text === undefined ? {} : { text }), headSha };
}

/**
 * Whether two traces tell the same. That the default branch has moved on is nothing new by itself: the config that
 * counts stands there as a blob of its own, and so do the facts. Before all has passed, a fact that changes no row of the
 * table is not worth a write either: of a hundred checks that a pattern names, each would be one.
 */
export function isSameTrace(one: string, other: string, isFinal: boolean): boolean {
  const settled = (text: string) => {
    const all = text.replace(/^ {2}"defaultBranch": "[0-9a-f]*",$/m, '');
    return isFinal ? all : all.split('\n  "gates": [', 1)[0];
  };
  return settled(one) === settled(other);
}
