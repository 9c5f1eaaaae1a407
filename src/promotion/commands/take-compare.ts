import { didYouMean, quote } from '../../config/suggest.ts';
import type { WordsCommand } from '../../domain/commands/command.ts';
import { compareHeld } from '../../domain/compare-environments.ts';
import { shortValue } from '../../domain/release.ts';
import { subject } from '../../domain/subject.ts';
import { cell, code, plain, table } from '../markdown.ts';
import type { Snapshot, Target } from '../snapshot.ts';
import { refuse, type Taken, tell } from './taken.ts';

const MOST_ROWS = 200;
const USAGE = `${code('/compare')} takes two environments, and an application if only that matters: ${code('/compare staging prod checkout')}.`;

type Compared = Pick<Snapshot, 'settings' | 'targets'>;

/** Answers `/compare`: the promoted values in which two environments differ, application by application. Changes nothing. */
export function takeCompare(
  { snapshot: { settings, targets } }: { snapshot: Compared },
  { words }: Pick<WordsCommand, 'words'>,
): Taken {
  const [one, other, application = null] = words;
  if (one === undefined || other === undefined || words.length > 3) return refuse(USAGE);
  const names = settings.environments.map(({ name }) => name);
  for (const name of [one, other]) {
    if (!names.includes(name))
      return refuse(plain(`There is no environment ${quote(name)}${didYouMean(name, names) || '.'}`));
  }
  const [here, there] = [one, other].map((name) => inEnvironment(targets, name, application));
  if (here!.size + there!.size === 0)
    return refuse(`There is no application ${code(application ?? '')} in ${code(one)} or ${code(other)}.`);
  return tell(describe([one, other], here!, there!));
}

function inEnvironment(
  targets: readonly Target[],
  environment: string,
  application: string | null,
): ReadonlyMap<string, Target> {
  const own = targets.filter(
    ({ location }) =>
      location.environment === environment && (application === null || location.application === application),
  );
  return new Map(own.map((target) => [target.location.application, target]));
}

function describe(
  [one, other]: [string, string],
  here: ReadonlyMap<string, Target>,
  there: ReadonlyMap<string, Target>,
): string {
  const rows: string[][] = [];
  let differing = 0;
  let equal = 0;
  for (const [application, target] of here) {
    const counterpart = there.get(application);
    if (!counterpart) continue;
    const differences = compareHeld(target.held, counterpart.held);
    if (differences.length === 0) equal += 1;
    else differing += 1;
    for (const each of differences)
      rows.push([`**${plain(application)}**`, cell(subject(each)), show(each.one), show(each.other)]);
  }
  const alone = [only(one, here, there), only(other, there, here)].filter((text) => text !== null);
  const summary = `**${plain(one)}** and **${plain(other)}**: ${differing} ${plural(differing)} differ in promoted values, ${equal} ${plural(equal)} do not.`;
  const shown = rows.slice(0, MOST_ROWS);
  const matrix = shown.length > 0 ? [table(['application', 'value', plain(one), plain(other)], shown)] : [];
  const rest = rows.length - shown.length;
  const more = rest > 0 ? [`${rest} more values differ; name an application to see its own.`] : [];
  return [summary, ...alone, ...matrix, ...more].join('\n\n');
}

function plural(count: number): string {
  return count === 1 ? 'application' : 'applications';
}

const MOST_NAMED = 20;

function only(
  name: string,
  here: ReadonlyMap<string, Target>,
  there: ReadonlyMap<string, Target>,
): string | null {
  const missing = [...here.keys()].filter((application) => !there.has(application));
  if (missing.length === 0) return null;
  const named = missing.slice(0, MOST_NAMED).map(plain).join(', ');
  const rest = missing.length - MOST_NAMED;
  return `Only in **${plain(name)}**: ${named}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

function show(value: string | null): string {
  return value === null ? '_not there_' : code(shortValue(value));
}
