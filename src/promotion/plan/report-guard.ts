import { shortValue } from '../../domain/release.ts';
import type { Settings } from '../../domain/settings.ts';
import { subject } from '../../domain/subject.ts';
import { type TargetId, targetKey } from '../../domain/target.ts';
import { cell, code, table } from '../markdown.ts';
import type { Annotation, CheckReport } from '../ports/checks.ts';
import type { Candidate, DirectChange, GuardFacts } from '../snapshot.ts';

/** What is due, for a word on which promotion should carry a change. */
export interface Due {
  candidates: readonly Candidate[];
  settings: Pick<Settings, 'environments'> | null;
}

type Said = Pick<CheckReport, 'state' | 'title' | 'summary' | 'annotations'>;

/** What the guard says of a pull request; null when it has nothing to say. */
export function reportGuard(facts: GuardFacts, due: Due): Said | null {
  const { changes, unreadable, unknown, override } = facts;
  if (unknown !== null)
    return { state: 'in_progress', title: 'Waiting: guard', summary: cell(unknown), annotations: [] };
  if (changes.length + unreadable.length === 0) return null;
  const where = [...new Set([...changes, ...unreadable].map(({ environment }) => environment))].join(', ');
  const what = changes.length > 0 ? count(changes.length) : 'Values that cannot be compared';
  const told = [...describeChanges(changes, due), ...unreadable.map(({ reason }) => `- ${cell(reason)}`)];
  if (override) {
    const by = `Overridden by ${code(override.by)}: ${cell(override.reason)} ([comment](${override.url})). It holds for this head alone.`;
    const title = `${what} of ${where} directly, by override`.slice(0, 200);
    return { state: 'success', title, summary: [by, '', ...told].join('\n'), annotations: [] };
  }
  return {
    state: 'failure',
    title: `${what} of ${where} directly`.slice(0, 200),
    summary: [...told, '', ...advise(facts)].join('\n'),
    annotations: changes.flatMap(annotate),
  };
}

function count(changes: number): string {
  return changes === 1 ? 'Changes 1 promoted value' : `Changes ${changes} promoted values`;
}

function describeChanges(changes: readonly DirectChange[], due: Due): string[] {
  if (changes.length === 0) return [];
  const rows = changes.map((change) => [
    code(change.application),
    code(change.environment),
    cell(subject(change)),
    change.from === null ? 'nothing' : code(shortValue(change.from)),
    change.to === null ? 'nothing' : code(shortValue(change.to)),
    pointTo(change, due),
  ]);
  return [table(['application', 'environment', 'value', 'from', 'to', 'instead'], rows)];
}

/** Which promotion should carry the change, or what makes one. */
function pointTo(target: TargetId, { candidates, settings }: Due): string {
  const { application, environment: name } = target;
  const candidate = candidates.find(
    (each) =>
      targetKey({ application: each.application, environment: each.environment.name }) === targetKey(target),
  );
  const { open } = candidate ?? {};
  if (open) {
    const carried = open.trailers ? ` carries ${code(open.trailers.release)}` : ' is open';
    return `#${open.pull.number}${carried}`;
  }
  const from = settings?.environments.find((environment) => environment.name === name)?.from ?? [];
  const ask = code(`/promote ${application} to ${name}`);
  if (candidate?.promotion) return `comment ${ask}`;
  return from.length > 0
    ? `change ${from.map(code).join(', ')}, and Sluice promotes it; or comment ${ask}`
    : 'a build of the application brings it';
}

function advise({ changes, strict }: GuardFacts): string[] {
  const guarded = 'The environment is guarded: its releases come by promotion, through its gates.';
  const takeOut =
    changes.length > 0
      ? ' Take these changes out of the pull request; if they are on the default branch already, update the branch.'
      : '';
  const override =
    strict.length > 0
      ? `The config lets nobody override this in ${strict.map(code).join(', ')}.`
      : 'In an emergency, or to take a release back, somebody who may can comment `/override guard REASON` here; it holds for this head alone.';
  return [`${guarded}${takeOut}`, '', override];
}

function annotate({ place, from, to }: DirectChange): Annotation[] {
  const message = `${from === null ? 'nothing' : shortValue(from)} -> ${to === null ? 'nothing' : shortValue(to)}: promoted, and guarded`;
  return place ? [{ ...place, message }] : [];
}
