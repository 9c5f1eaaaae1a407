import { cell, code, plain } from '../markdown.ts';
import { describeGates } from '../plan/describe-gates.ts';
import type { Explanation } from './explain-target.ts';

/** Targets that get their whole table; more of them get a line each. */
const MOST_TABLES = 3;
const MOST_LINES = 50;

/** Explanations as an answer to a comment. */
export function describeExplanations(explained: readonly Explanation[]): string {
  if (explained.length <= MOST_TABLES) return explained.map(describeWhole).join('\n\n');
  const lines = explained.slice(0, MOST_LINES).map((each) => `- ${describeLine(each)}`);
  const rest = explained.length - lines.length;
  if (rest > 0) lines.push(`- and ${rest} more`);
  const { application, environment } = explained[0]!;
  const hint = `${code(`/why ${application} ${environment}`)} shows all the gates of one.`;
  return `${lines.join('\n')}\n\n${hint}`;
}

function describeWhole(explanation: Explanation): string {
  const { gates, reasons } = explanation;
  const parts = [describeLine(explanation)];
  if (gates.length > 0) parts.push(describeGates(gates, null));
  if (reasons.length > 0) parts.push(reasons.map((reason) => `- ${cell(reason)}`).join('\n'));
  return parts.join('\n\n');
}

function describeLine(explanation: Explanation): string {
  const { application, environment } = explanation;
  const { verdict, holdings } = summarize(explanation, code, plain);
  const pull = explanation.pull ? ` in #${explanation.pull.number}` : '';
  return `**${plain(application)}** in **${plain(environment)}**: ${verdict}${pull}. ${holdings}`;
}

/** The answer in two sentences, for people; `showLabel` and `name` make a text fit for where it stands. */
export function summarize(
  { environment, holds, sources, state, release, pull, isMergedBySluice, gates }: Explanation,
  showLabel: (label: string) => string,
  name: (text: string) => string,
): { verdict: string; holdings: string } {
  const open = gates.filter((gate) => gate.state === 'failed' || gate.state === 'waiting');
  const failed = open.filter((gate) => gate.state === 'failed');
  const named = (failed.length > 0 ? failed : open).map(({ gate }) => name(gate)).join(', ');
  const what = release === null ? 'what is due' : showLabel(release);
  const verdicts: Record<Explanation['state'], string> = {
    'up-to-date': `up to date: ${name(environment)} holds ${showLabel(holds)} already`,
    passed: `all gates of ${what} have passed; ${nextStep(pull !== null, isMergedBySluice)}`,
    waiting: `${what} waits for ${named}`,
    failed: `${what} is stopped by ${named}`,
    stopped: release === null ? 'nothing is promoted' : `${what} is not promoted`,
  };
  const upstream = sources.map((each) => `${name(each.environment)} holds ${showLabel(each.release)}`);
  const here = state === 'up-to-date' ? [] : [`${name(environment)} holds ${showLabel(holds)}`];
  const all = [...upstream, ...here];
  return { verdict: verdicts[state], holdings: all.length > 0 ? `${all.join(', ')}.` : '' };
}

function nextStep(isOpen: boolean, isMergedBySluice: boolean): string {
  if (!isOpen) return 'Sluice opens its pull request at the next look';
  return isMergedBySluice ? 'Sluice merges it at the next look' : 'it waits for somebody to merge it';
}
