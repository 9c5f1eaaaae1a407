import { describeUntil } from '../domain/gates/hold.ts';
import type { Hold } from '../domain/hold.ts';
import type { NotPromoted } from '../domain/promotion.ts';
import { boxLine } from '../promotion/dashboard/boxes.ts';
import type { Box, DashboardView, EndedPromotion, ShownPromotion } from '../promotion/ports/dashboard.ts';
import { fittingTable, fold, leftOut, plural, takeFitting } from './fit.ts';
import { judge, MEANINGS, rankOf, SIGNS } from './judge.ts';
import { day, minute, name, pullLink, reason, release } from './safe-text.ts';

const LONGEST_REASON = 240;
/** Promotions that everybody sees; the others are folded. */
const FIRST = 20;
const MOST = {
  promotions: { chars: 12_000, lines: 60 },
  notPromoted: { chars: 6_000, lines: 30 },
  holds: { chars: 4_000, lines: 20 },
  boxes: { chars: 7_000, lines: 50 },
  ended: { chars: 2_500, lines: 10 },
  problems: { chars: 8_000, lines: 50 },
};

/** Promotions that are under way, with what each waits for: those that need somebody first. */
export function renderPromotions(promotions: readonly ShownPromotion[], order: readonly string[]): string {
  const sorted = promotions.toSorted(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      order.indexOf(b.to) - order.indexOf(a.to) ||
      compare(a.application, b.application),
  );
  const rows = sorted.map((each) => [
    `${SIGNS[judge(each)]} ${each.pull === null ? '' : pullLink(each.pull)}`.trim(),
    `**${name(each.application)}**`,
    `${name(each.to)}: ${release(each.release)}`,
    describeGates(each),
  ]);
  const header = ['', 'application', 'to', 'what it waits for'];
  const first = fittingTable(header, rows.slice(0, FIRST), MOST.promotions, 'promotions are');
  const rest = rows.slice(FIRST);
  if (rest.length === 0) return first;
  const most = { ...MOST.promotions, chars: Math.max(0, MOST.promotions.chars - first.length) };
  const more = fittingTable(header, rest, most, 'promotions (the table below has them) are');
  return `${first}\n\n${fold(`${rest.length} more`, more)}`;
}

function describeGates(promotion: ShownPromotion): string {
  const { gates } = promotion;
  if (gates.length === 0) {
    const verdict = judge(promotion);
    if (verdict === 'ready') return 'all gates passed: somebody merges it';
    return promotion.pull === null ? 'its pull request opens now' : 'all gates passed: Sluice merges it';
  }
  const failed = gates.filter(({ state }) => state === 'failed');
  const said = failed.length > 0 ? failed : gates;
  const [first, ...others] = said;
  const more = others.length > 0 ? `; also ${others.map(({ gate }) => name(gate)).join(', ')}` : '';
  return `**${name(first!.gate)}**: ${reason(first!.reason, LONGEST_REASON)}${more}`;
}

/** What is due and does not go on, and why. */
export function renderNotPromoted(notPromoted: readonly NotPromoted[]): string {
  const rows = notPromoted
    .toSorted((a, b) => compare(a.application, b.application) || compare(a.to, b.to))
    .map(({ application, to, reason: why }) => [
      `**${name(application)}**`,
      name(to),
      reason(why, LONGEST_REASON),
    ]);
  const table = fittingTable(['application', 'to', 'why not'], rows, MOST.notPromoted, 'are');
  return fold(`Not promoted: ${rows.length}`, table);
}

export function renderHolds(holds: readonly Hold[]): string {
  const rows = holds
    .toSorted((a, b) => Number(a.application !== null) - Number(b.application !== null) || a.atMs - b.atMs)
    .map((hold) => [
      `${hold.application === null ? '❄️' : '⏸️'} ${what(hold)}`,
      describeUntil(hold.untilMs).replace(/^until /, ''),
      reason(hold.reason, LONGEST_REASON),
      name(hold.by),
      minute(hold.atMs),
    ]);
  return fittingTable(['held', 'until', 'why', 'by', 'since'], rows, MOST.holds, 'holds are');
}

function what({ application, environment }: Hold): string {
  const who = application === null ? 'everything' : `**${name(application)}**`;
  return `${who} in ${environment === null ? 'every environment' : `**${name(environment)}**`}`;
}

/** Boxes that promote, as many as fit, then the few others; those that stop an environment are out of the way. */
export function renderBoxes(boxes: readonly Box[]): string {
  const linesOf = (kind: Box['asked']['kind']) =>
    takeFitting(
      boxes.filter(({ asked }) => asked.kind === kind),
      MOST.boxes,
      lineOf,
    );
  const { kept, left } = linesOf('promote');
  const rest = left > 0 ? [`\n${leftOut(left, 'that `/promote` promotes are')}\n`] : [];
  const freezes = linesOf('freeze');
  const parts = [[...kept, ...rest, ...linesOf('resume').kept, ...linesOf('refresh').kept].join('\n')];
  if (freezes.kept.length > 0) parts.push(fold('Freeze an environment', freezes.kept.join('\n')));
  return parts.join('\n\n');
}

function lineOf(box: Box): string {
  const { asked } = box;
  switch (asked.kind) {
    case 'promote': {
      const where = asked.pull === null ? '' : ` (${pullLink(asked.pull)})`;
      return boxLine(
        box,
        `Promote **${name(asked.application)}** ${release(asked.release)} to **${name(asked.to)}**${where}`,
      );
    }
    case 'freeze':
      return boxLine(box, `Freeze **${name(asked.environment)}** until somebody lets it go on`);
    case 'resume':
      return boxLine(box, `Let **${name(asked.environment)}** go on`);
    case 'refresh':
      return boxLine(box, 'Look at everything anew');
  }
}

export function renderEnded(ended: readonly EndedPromotion[]): string {
  const rows = ended.map((each) => [
    day(each.at),
    `**${name(each.application)}**`,
    `${name(each.to)}: ${release(each.release)}`,
    `${each.outcome === 'merged' ? 'merged' : 'closed'} ${pullLink(each.pull)}`,
    each.by === null ? '' : name(each.by),
  ]);
  return fittingTable(['', 'application', 'to', '', 'by'], rows, MOST.ended, 'are');
}

export function renderProblems(
  problems: Extract<DashboardView, { state: 'broken-config' }>['problems'],
): string {
  const { kept, left } = takeFitting(
    problems,
    MOST.problems,
    ({ line, column, message }) => `- line ${line}, column ${column}: ${reason(message, LONGEST_REASON)}`,
  );
  return [...kept, ...(left > 0 ? [`\n${leftOut(left, 'problems are')}`] : [])].join('\n');
}

/** What there is to know at one glance. */
export function summarize(
  { promotions, notPromoted, holdings, environments }: Extract<DashboardView, { state: 'pipeline' }>,
  holds: readonly Hold[],
): string {
  const applications = new Set(holdings.map(({ application }) => application)).size;
  const counts = Object.entries(MEANINGS).flatMap(([verdict, meaning]) => {
    const count = promotions.filter((each) => judge(each) === verdict).length;
    return count > 0 ? [`${SIGNS[verdict as keyof typeof SIGNS]} ${count} ${meaning}`] : [];
  });
  const frozen = holds.filter(({ application }) => application === null).length;
  const held = holds.length - frozen;
  const all = [
    ...counts,
    ...(notPromoted.length > 0 ? [`⛔ ${notPromoted.length} not promoted`] : []),
    ...(frozen > 0 ? [`❄️ ${plural(frozen, 'freeze')}`] : []),
    ...(held > 0 ? [`⏸️ ${plural(held, 'hold')}`] : []),
  ];
  const size = `${plural(applications, 'application')} in ${plural(environments.length, 'environment')}`;
  const state = all.length > 0 ? all.join(' · ') : 'Nothing is under way, and nothing is held.';
  return `${size}. **${state}**`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
