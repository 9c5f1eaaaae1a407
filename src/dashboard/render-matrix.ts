import type { Hold } from '../domain/hold.ts';
import { targetKey } from '../domain/target.ts';
import type { DashboardInput, DashboardView, ShownPromotion } from '../promotion/ports/dashboard.ts';
import { fold, leftOut, plural, row, takeFitting } from './fit.ts';
import { judge, rankOf, SIGNS } from './judge.ts';
import { day, name, pullLink, release } from './safe-text.ts';

type Pipeline = Extract<DashboardView, { state: 'pipeline' }>;

interface Row {
  application: string;
  cells: string[];
  /** The least needs attention most. */
  rank: number;
  /** Nothing is under way, and every environment holds the same. */
  isInStep: boolean;
}

/** Behind what has a promotion: environments differ, and nothing is under way. */
const DIFFERS = 100;
const IN_STEP = 101;
const MOST_ROWS = 2_000;

/**
 * Which environment holds what, a row for each application: those first that need attention, those folded that hold one
 * release everywhere. As many as fit into `mostChars`, and how many are left out.
 */
export function renderMatrix(
  view: Pipeline,
  { past }: Pick<DashboardInput, 'past'>,
  holds: readonly Hold[],
  mostChars: number,
): string {
  const rows = makeRows(view, past, holds);
  const header = ['application', ...view.environments.map((each) => heading(each.name, holds))];
  const heads = [row(header), row(header.map(() => '---'))];
  const reserved = heads.join('\n').length * 2 + 400;
  if (reserved > mostChars) return leftOut(rows.length, 'applications, in more environments than fit, are');
  const toLines = (each: readonly Row[]) =>
    each.map(({ application, cells }) => row([`**${name(application)}**`, ...cells]));
  const moving = rows.filter(({ isInStep }) => !isInStep);
  const still = rows.filter(({ isInStep }) => isInStep);
  const first = takeFitting(toLines(moving), { chars: mostChars - reserved, lines: MOST_ROWS });
  const second = takeFitting(toLines(still), { chars: mostChars - reserved - first.chars, lines: MOST_ROWS });
  const parts: string[] = [];
  if (moving.length > 0) parts.push([...heads, ...first.kept].join('\n'));
  if (first.left > 0) parts.push(leftOut(first.left, 'applications that differ between environments are'));
  if (second.kept.length > 0)
    parts.push(
      fold(
        `${plural(still.length, 'application')} with one release everywhere`,
        [...heads, ...second.kept].join('\n'),
      ),
    );
  if (second.left > 0) parts.push(leftOut(second.left, 'applications with one release everywhere are'));
  return parts.length > 0 ? parts.join('\n\n') : 'No application is found in any environment.';
}

function heading(environment: string, holds: readonly Hold[]): string {
  const isFrozen = holds.some((hold) => hold.application === null && hold.environment === environment);
  return isFrozen ? `${name(environment)} ❄️` : name(environment);
}

function makeRows(
  { environments, holdings, promotions }: Pipeline,
  { arrived }: DashboardInput['past'],
  holds: readonly Hold[],
): Row[] {
  const held = new Map(holdings.map((each) => [targetKey(each), each.release]));
  const coming = new Map(
    promotions.map((each) => [targetKey({ application: each.application, environment: each.to }), each]),
  );
  const applications = [...new Set(holdings.map(({ application }) => application))];
  const rows = applications.map((application): Row => {
    const targets = environments.map(({ name: environment }) => ({ application, environment }));
    const found = targets.flatMap((target) => held.get(targetKey(target)) ?? []);
    const mine = targets.flatMap((target) => coming.get(targetKey(target)) ?? []);
    const isInStep = mine.length === 0 && new Set(found).size <= 1;
    const cells = targets.map((target) => {
      const key = targetKey(target);
      const holding = held.get(key);
      if (holding === undefined) return '';
      const arrival = arrived.get(key);
      const since = arrival?.release === holding ? day(arrival.at) : null;
      return describeCell(holding, since, coming.get(key), isHeld(holds, target));
    });
    const rank = Math.min(isInStep ? IN_STEP : DIFFERS, ...mine.map(rankOf));
    return { application, cells, rank, isInStep };
  });
  return rows.sort((a, b) => a.rank - b.rank || compare(a.application, b.application));
}

/** Held itself; what a freeze holds stands in the head of the table. */
function isHeld(holds: readonly Hold[], target: { application: string; environment: string }): boolean {
  return holds.some(
    ({ application, environment }) =>
      application === target.application && (environment === null || environment === target.environment),
  );
}

function describeCell(
  holding: string,
  since: string | null,
  promotion: ShownPromotion | undefined,
  held: boolean,
): string {
  const now = since === null ? release(holding) : `${release(holding)} ${since}`;
  const here = held ? `${now} ⏸️` : now;
  if (!promotion) return here;
  const { pull } = promotion;
  const where = pull === null ? '' : ` ${pullLink(pull)}`;
  return `${here}<br>${SIGNS[judge(promotion)]} ${release(promotion.release)}${where}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
