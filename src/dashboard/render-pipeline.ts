import type { Hold } from '../domain/hold.ts';
import type { DashboardView } from '../promotion/ports/dashboard.ts';
import { plural } from './fit.ts';
import { judge } from './judge.ts';

type Pipeline = Extract<DashboardView, { state: 'pipeline' }>;

/** A graph of more nobody can read, and Mermaid refuses what is very long. */
const MOST_ENVIRONMENTS = 30;
const MOST_EDGES = 100;
const LONGEST_NAME = 40;

/** The environments as a graph, with how many applications each has and what is under way to it. */
export function renderPipeline(view: Pipeline, holds: readonly Hold[]): string {
  const { environments } = view;
  const edges = environments.flatMap(({ name, from }) => from.map((source) => ({ source, name })));
  if (environments.length > MOST_ENVIRONMENTS || edges.length > MOST_EDGES)
    return `${plural(environments.length, 'environment')}: more than a graph can show.`;
  const idOf = new Map(environments.map(({ name }, index) => [name, `e${index}`]));
  const isFrozen = (name: string) =>
    holds.some((hold) => hold.application === null && hold.environment === name);
  const lines = ['```mermaid', 'flowchart LR'];
  for (const { name, takesBuilds } of environments) {
    if (takesBuilds) lines.push(`  builds(["builds"]) --> ${idOf.get(name)}`);
    const label = [mermaidText(name), ...describe(view, name), ...(isFrozen(name) ? ['❄️ frozen'] : [])];
    lines.push(`  ${idOf.get(name)}["${label.join('<br/>')}"]`);
  }
  for (const { source, name } of edges) lines.push(`  ${idOf.get(source)} --> ${idOf.get(name)}`);
  const frozen = environments.filter(({ name }) => isFrozen(name)).map(({ name }) => idOf.get(name));
  if (frozen.length > 0) {
    lines.push('  classDef frozen stroke-dasharray: 5 5', `  class ${frozen.join(',')} frozen`);
  }
  return [...lines, '```'].join('\n');
}

function describe({ holdings, promotions }: Pipeline, environment: string): string[] {
  const count = holdings.filter((each) => each.environment === environment).length;
  const coming = promotions.filter(({ to }) => to === environment);
  const failed = coming.filter((each) => judge(each) === 'failed').length;
  return [
    plural(count, 'application'),
    ...(coming.length > 0 ? [`${coming.length} coming`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
}

/**
 * Text within quotes of a graph. Whatever is no letter, digit or one of a few signs stands as its number, so that it can
 * neither end the text nor be read as Mermaid, Markdown or HTML.
 * https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
function mermaidText(text: string): string {
  const shown = [...text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')];
  const short = shown.length <= LONGEST_NAME ? shown : [...shown.slice(0, LONGEST_NAME - 1), '…'];
  return short.map((char) => (/[\p{L}\p{N} ._…-]/u.test(char) ? char : `#${char.codePointAt(0)};`)).join('');
}
