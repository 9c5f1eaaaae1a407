import { CONFIG_PATH } from '../../config/parse-config.ts';
import { capBody, cell } from '../markdown.ts';
import { GATES_CHECK } from '../observe/observe-pulls.ts';
import { OTHER_MARK, UNJUDGED_MARK } from '../other-mark.ts';
import type { CheckReport } from '../ports/checks.ts';
import type { OtherPull } from '../snapshot.ts';
import type { Action } from './plan-types.ts';
import { reportUnlessSaid } from './report-gates.ts';
import { type Due, reportGuard } from './report-guard.ts';

/** GitHub takes at most 50 annotations in one request. */
const MOST_ANNOTATIONS = 50;

/** A pull request that is no promotion passes at once, so that the check can be required; a broken config does not. */
export function planOtherPull(other: OtherPull, due: Due = { candidates: [], settings: null }): Action[] {
  return reportUnlessSaid(reportOtherPull(other, due), other.check ?? null);
}

/** The verdict on a pull request that is no promotion: on the config that it brings, and by what it does to guarded values. */
export function reportOtherPull(
  { pull, configProblems, guard, mark = OTHER_MARK }: OtherPull,
  due: Due,
): CheckReport {
  const config = reportConfig(configProblems);
  const said = guard ? reportGuard(guard, due) : null;
  if (!said) return { ...config, externalId: mark, headSha: pull.headSha };
  const isBroken = config.state === 'failure';
  return {
    name: GATES_CHECK,
    headSha: pull.headSha,
    // What is not known is no verdict, and is asked for again.
    externalId: said.state === 'in_progress' ? UNJUDGED_MARK : mark,
    state: isBroken ? 'failure' : said.state,
    title: isBroken ? config.title : said.title,
    summary: capBody(isBroken ? `${said.summary}\n\n${config.summary}` : said.summary),
    annotations: [...config.annotations, ...said.annotations].slice(0, MOST_ANNOTATIONS),
  };
}

function reportConfig(problems: OtherPull['configProblems']): Omit<CheckReport, 'headSha'> {
  const report = { name: GATES_CHECK, externalId: OTHER_MARK, annotations: [] };
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
