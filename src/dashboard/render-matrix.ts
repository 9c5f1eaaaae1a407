import type { Hold } from '../domain/hold.ts';
import { targetKey } from '../domain/target.ts';
import type { DashboardInput, DashboardView, ShownPromotion } from '../promotion/ports/dashboard.ts';
import { fold, leftOut, plural, row, takeFitting } from './fit.ts';
import { judge, rankOf, SIGNS } from './judge.ts';
import { day, name, pullLink, release } from './safe-text.ts';

type Pipeline = Extract<DashboardView, { state: 'pipeline' }>;

interface Row {
  application: string;
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
  const table = indexTargets(view);
  const rows = makeRows(view);
  const header = ['application', ...view.environments.map((each) => heading(each.name, holds))];
  const heads = [row(header), row(header.map(() => '---'))];
  const reserved = heads.join('\n').length * 2 + 400;
  if (reserved > mostChars) return leftOut(rows.length, 'applications, in more environments than fit, are');
  const toLine = ({ application }: Row) =>
    row([`**${name(application)}**`, ...describeCells(application, view, table, past, holds)]);
  const moving = rows.filter(({ isInStep }) => !isInStep);
  const still = rows.filter(({ isInStep }) => isInStep);
  const first = takeFitting(moving, { chars: mostChars - reserved, lines: MOST_ROWS }, toLine);
  const rest = { chars: mostChars - reserved - first.chars, lines: MOST_ROWS };
  const second = takeFitting(still, first.left > 0 ? { ...rest, lines: 0 } : rest, toLine);
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

/** By `targetKey`. */
interface Targets {
  held: ReadonlyMap<string, string>;
  coming: ReadonlyMap<string, ShownPromotion>;
}

function indexTargets({ holdings, promotions }: Pipeline): Targets {
  return {
    held: new Map(holdings.map((each) => [targetKey(each), each.release])),
    coming: new Map(
      promotions.map((each) => [targetKey({ application: each.application, environment: each.to }), each]),
    ),
  };
}

function makeRows({ holdings, promotions }: Pipeline): Row[] {
  const releases = new Map<string, Set<string>>();
  for (const { application, release: label } of holdings) {
    const known = releases.get(application) ?? new Set();
    releases.set(application, known.add(label));
  }
  const ranks = new Map<string, number>();
  for (const promotion of promotions) {
    const { application } = promotion;
    ranks.set(application, Math.min(ranks.get(application) ?? DIFFERS, rankOf(promotion)));
  }
  const rows = [...releases].map(([application, { size }]): Row => {
    const rank = ranks.get(application) ?? (size > 1 ? DIFFERS : IN_STEP);
    return { application, rank, isInStep: rank === IN_STEP };
  });
  return rows.sort((a, b) => a.rank - b.rank || compare(a.application, b.application));
}

function describeCells(
  application: string,
  { environments }: Pipeline,
  { held, coming }: Targets,
  { arrived }: DashboardInput['past'],
  holds: readonly Hold[],
): string[] {
  return environments.map(({ name: environment }) => {
    const target = { application, environment };
    const key = targetKey(target);
    const holding = held.get(key);
    if (holding === undefined) return '';
    const arrival = arrived.get(key);
    const since = arrival?.release === holding ? day(arrival.at) : null;
    return describeCell(holding, since, coming.get(key), isHeld(holds, target));
  });
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
