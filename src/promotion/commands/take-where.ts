import type { WordsCommand } from '../../domain/commands/command.ts';
import { labelRelease, namesRelease, shortValue } from '../../domain/release.ts';
import type { BuildSource } from '../../domain/settings.ts';
import { readTemplate } from '../../domain/tag-template.ts';
import { roleOf } from '../../domain/value.ts';
import { cell, code, plain } from '../markdown.ts';
import type { Target } from '../snapshot.ts';
import type { CommandCall } from './command-call.ts';
import { refuse, type Taken, tell } from './taken.ts';

const COMMIT = /^[0-9a-f]{7,40}$/;
/** Each commit that is held somewhere costs a call, once. */
const MOST_ASKED = 30;
const MOST_LINES = 100;

/** A target that holds what was asked for; `by` says how that is known. */
interface Found {
  target: Target;
  by: string;
}

/**
 * Answers `/where`: the environments that hold a release, or a commit of an application's source, be it in a later one.
 * Changes nothing.
 */
export async function takeWhere(call: CommandCall, { words }: Pick<WordsCommand, 'words'>): Promise<Taken> {
  const [wanted] = words;
  if (wanted === undefined || words.length > 1)
    return refuse(`${code('/where')} takes one release or commit: ${code('/where v1.4.2')}.`);
  const named = findNamed(call.snapshot.targets, wanted);
  const isCommit = COMMIT.test(wanted);
  const { found: built, unasked } = isCommit ? await findBuilt(call, wanted) : { found: [], unasked: [] };
  const known = new Set(named.map(({ target }) => target));
  const found = [...named, ...built.filter(({ target }) => !known.has(target))];
  const notes = unasked.map((text) => `- ${text}`).join('\n');
  if (found.length === 0)
    return tell(
      [`No environment holds ${code(wanted)}, as far as its tags tell.`, notes].filter(Boolean).join('\n\n'),
    );
  return tell([describe(wanted, found), notes].filter(Boolean).join('\n\n'));
}

/** Targets whose values name it: the label of the release, a tag, a digest or a commit, whole or abbreviated. */
function findNamed(targets: readonly Target[], wanted: string): Found[] {
  const isMeant = (value: string) =>
    value === wanted || shortValue(value) === wanted || (wanted.length >= 7 && value.startsWith(wanted));
  return targets.flatMap((target): Found[] => {
    const { values } = target.held;
    const label = labelRelease(values);
    if (!namesRelease(wanted, label) && !values.some(({ value }) => isMeant(value))) return [];
    return [{ target, by: `holds ${code(label)}` }];
  });
}

/** Targets whose build was made of a commit that the wanted one led to. */
async function findBuilt(call: CommandCall, wanted: string): Promise<{ found: Found[]; unasked: string[] }> {
  const found: Found[] = [];
  const unasked = new Set<string>();
  let left = MOST_ASKED;
  for (const source of call.snapshot.settings.sources) {
    const builds = [...buildsOf(call.snapshot.targets, source)].slice(0, left);
    left -= builds.length;
    for (const [head, members] of builds) {
      const range = { repository: source.repository, base: wanted, head };
      const read = await call.sources.readChanges(range);
      if (!read.known) unasked.add(`${code(source.repository)}: ${cell(read.reason)}`);
      // What the commit has is all in the build.
      else if (read.value.behindCount === 0)
        found.push(...members.map((target) => ({ target, by: `was built from ${code(shortValue(head))}` })));
    }
  }
  return { found, unasked: [...unasked] };
}

/** The commits or releases that what targets hold of a source was built from, each with these targets. */
function buildsOf(
  targets: readonly Target[],
  { application, tag }: BuildSource,
): ReadonlyMap<string, Target[]> {
  const builds = new Map<string, Target[]>();
  for (const target of targets) {
    if (target.location.application !== application) continue;
    const tags = target.held.values.filter((value) => roleOf(value) === 'tag');
    for (const head of new Set(tags.flatMap(({ value }) => readTemplate(tag, value) ?? [])))
      builds.set(head, [...(builds.get(head) ?? []), target]);
  }
  return builds;
}

function describe(wanted: string, found: readonly Found[]): string {
  const lines = found.slice(0, MOST_LINES).map(({ target: { location }, by }) => {
    return `- **${plain(location.application)}** in **${plain(location.environment)}** ${by}`;
  });
  const rest = found.length - lines.length;
  if (rest > 0) lines.push(`- and ${rest} more`);
  return `${code(wanted)} is in:\n\n${lines.join('\n')}`;
}
