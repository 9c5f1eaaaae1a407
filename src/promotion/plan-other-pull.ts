import { CONFIG_PATH } from '../config/parse-config.ts';
import { capBody, cell } from './markdown.ts';
import { GATES_CHECK } from './observe-pulls.ts';
import type { Action } from './plan-types.ts';
import type { CheckReport } from './ports.ts';
import type { OtherPull } from './snapshot.ts';

/** GitHub takes at most 50 annotations in one request. */
const MOST_ANNOTATIONS = 50;

/** A pull request that is no promotion passes at once, so that the check can be required; a broken config does not. */
export function planOtherPull({ pull, configProblems }: OtherPull): Action {
  return {
    kind: 'report-check',
    existing: null,
    report: { ...reportOther(configProblems), headSha: pull.headSha },
  };
}

function reportOther(problems: OtherPull['configProblems']): Omit<CheckReport, 'headSha'> {
  const report = { name: GATES_CHECK, externalId: 'other', annotations: [] };
  if (!problems)
    return {
      ...report,
      state: 'success',
      title: 'Not a promotion',
      summary: 'Sluice has nothing to hold back here.',
    };
  if (problems.length === 0)
    return {
      ...report,
      state: 'success',
      title: 'The config is valid',
      summary: `\`${CONFIG_PATH}\` is valid.`,
    };
  return { ...report, ...describeProblems(problems), state: 'failure' };
}

/** Problems of a config: as text, and as annotations on its lines. */
export function describeProblems(
  problems: NonNullable<OtherPull['configProblems']>,
): Pick<CheckReport, 'title' | 'summary' | 'annotations'> {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.map(
    ({ line, column, message }) => `- \`${CONFIG_PATH}:${line}:${column}\`: ${cell(message)}`,
  );
  return {
    title: `${count} in ${CONFIG_PATH}, line ${problems[0]!.line}`,
    summary: capBody(lines.join('\n')),
    annotations: problems
      .slice(0, MOST_ANNOTATIONS)
      .map(({ line, message }) => ({ path: CONFIG_PATH, line, message })),
  };
}
