import type { ResourceChange } from './compare-renderings.ts';
import { describeFields } from './describe-field.ts';
import { codeBlock, inlineCode } from './markdown.ts';
import type { ResourceId } from './read-resources.ts';

const MOST_LINES = 150;
const MOST_NAMED = 10;
/** Kept free for the line that counts what was cut. */
const FOOTER_BYTES = 100;

/**
 * The changes as Markdown that takes at most `limitBytes` of UTF-8 (at least 200). A resource is shown whole, or by
 * its heading, or counted at the end. Nothing in it mentions anybody or becomes HTML.
 */
export function describeComparison(
  { changes, unchanged }: { changes: readonly ResourceChange[]; unchanged: number },
  limitBytes: number,
): string {
  if (changes.length === 0)
    return `Nothing changes in the cluster: ${count(unchanged, 'resource')} stay as they are.`;
  const summary = summarize(changes, unchanged);
  const warned = [summary, ...warnOfDeletions(changes)].join('\n\n');
  const head = byteLength(warned) + FOOTER_BYTES <= limitBytes ? warned : summary;
  const sections: string[] = [];
  let left = limitBytes - byteLength(head) - FOOTER_BYTES;
  let [shortened, omitted] = [0, 0];
  for (const change of changes) {
    const heading = describeHeading(change);
    // From here on nothing is shown: bodies take time.
    if (omitted > 0 || byteLength(heading) + 2 > left) {
      omitted += 1;
      continue;
    }
    const whole = [heading, ...describeBody(change)].join('\n\n');
    const isWhole = byteLength(whole) + 2 <= left;
    const section = isWhole ? whole : `${heading} _(too long to show here)_`;
    if (byteLength(section) + 2 > left) {
      omitted += 1;
      continue;
    }
    if (!isWhole) shortened += 1;
    sections.push(section);
    left -= byteLength(section) + 2;
  }
  return [head, ...sections, ...describeCut(shortened, omitted)].join('\n\n');
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function summarize(changes: readonly ResourceChange[], unchanged: number): string {
  const of = (wanted: ResourceChange['change']) => changes.filter(({ change }) => change === wanted).length;
  const [deleted, changed, added] = [of('deleted'), of('changed'), of('added')];
  const parts = [
    deleted > 0 ? `**${deleted} deleted**` : '',
    changed > 0 ? `${changed} changed` : '',
    added > 0 ? `${added} added` : '',
    unchanged > 0 ? `${unchanged} as before` : '',
  ];
  return `In the cluster: ${parts.filter((part) => part !== '').join(', ')}.`;
}

/** https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts */
function warnOfDeletions(changes: readonly ResourceChange[]): string[] {
  const deleted = changes.filter(({ change }) => change === 'deleted');
  if (deleted.length === 0) return [];
  const names = deleted.slice(0, MOST_NAMED).map(({ id }) => `> - ${nameOf(id)}`);
  const more = deleted.length - names.length;
  const lines = ['> [!CAUTION]', `> This deletes ${count(deleted.length, 'resource')}:`, '>', ...names];
  return [(more > 0 ? [...lines, `> - and ${more} more`] : lines).join('\n')];
}

function describeHeading({ id, change }: ResourceChange): string {
  return `#### ${nameOf(id)} ${change === 'deleted' ? '**is deleted**' : change === 'added' ? 'is added' : 'changes'}`;
}

/** Kinds of other makers with their group: some share a kind's name with Kubernetes' own. */
function nameOf({ group, kind, namespace, name }: ResourceId): string {
  if (kind === '') return name === '' ? 'A document' : `File ${inlineCode(clipName(name))}`;
  const isForeign = group.includes('.') && !group.endsWith('.k8s.io');
  const full = namespace === '' ? name : `${namespace}/${name}`;
  return `${inlineCode(clipName(isForeign ? `${kind}.${group}` : kind))} ${inlineCode(clipName(full))}`;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ lets no name be longer. */
function clipName(name: string): string {
  return name.length > 253 ? `${name.slice(0, 250)}…` : name;
}

function describeBody(change: ResourceChange): string[] {
  const lines = describeFields(change);
  const more = lines.length - MOST_LINES;
  const shown = more > 1 ? [...lines.slice(0, MOST_LINES), ` … ${more} more lines`] : lines;
  return [
    ...(shown.length > 0 ? [codeBlock('diff', shown)] : []),
    ...(change.follows.length > 0
      ? [`Is given the new ${change.follows.slice(0, MOST_NAMED).map(inlineCode).join(', ')}.`]
      : []),
  ];
}

function describeCut(shortened: number, omitted: number): string[] {
  const parts = [
    shortened > 0 ? `${count(shortened, 'resource')} by name only` : '',
    omitted > 0 ? `${count(omitted, 'more resource')} not at all` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? [`_Cut to fit: ${parts.join(', ')}._`] : [];
}
