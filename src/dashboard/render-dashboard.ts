import { listBoxes } from '../promotion/dashboard/boxes.ts';
import { DASHBOARD_MARK } from '../promotion/dashboard/dashboard-issue.ts';
import { code } from '../promotion/markdown.ts';
import type { DashboardInput, RenderDashboard } from '../promotion/ports/dashboard.ts';
import { MOST_TEXT } from './fit.ts';
import {
  renderBoxes,
  renderEnded,
  renderHolds,
  renderNotPromoted,
  renderProblems,
  renderPromotions,
  summarize,
} from './render-lists.ts';
import { renderMatrix } from './render-matrix.ts';
import { renderPipeline } from './render-pipeline.ts';
import { reason } from './safe-text.ts';

const FOOT =
  '_Sluice writes this text anew when something changes; what else is edited here is lost. Close the issue to have no dashboard, open it again to have it back._';

/**
 * The text of the dashboard. It has no clock: dates, never "three minutes ago", so that it changes only when something
 * has. What people act on comes first, and what may be long comes last and is cut.
 */
export const renderDashboard: RenderDashboard = (input) => {
  const sections = [DASHBOARD_MARK, ...sectionsOf(input), FOOT];
  return `${sections.join('\n\n')}\n`;
};

function sectionsOf(input: DashboardInput): string[] {
  const { view } = input;
  const holds = 'unknown' in input.holds ? [] : input.holds;
  switch (view.state) {
    case 'off':
      return ['The config asks for no dashboard (any more), so this text is not kept up to date.'];
    case 'broken-config':
      return [
        `❌ **The config on the default branch is broken. Nothing is promoted until it is mended.**`,
        `What is wrong in ${code('.github/sluice.yml')}:`,
        renderProblems(view.problems),
        ...holdSections(input),
        '## Do something',
        renderBoxes(listBoxes(view, holds)),
      ];
    case 'pipeline': {
      const { promotions, notPromoted, environments } = view;
      const before = [
        summarize(view, holds),
        renderPipeline(view, holds),
        ...(promotions.length > 0
          ? [
              '## Under way',
              renderPromotions(
                promotions,
                environments.map(({ name }) => name),
              ),
            ]
          : []),
        ...(notPromoted.length > 0 ? [renderNotPromoted(notPromoted)] : []),
        ...holdSections(input),
        '## Do something',
        'Ticking a box does what the command of the same name does, if you may.',
        renderBoxes(listBoxes(view, holds)),
      ];
      const after = input.past.ended.length > 0 ? ['## Last promotions', renderEnded(input.past.ended)] : [];
      const used = [...before, ...after, FOOT].join('\n\n').length;
      const matrix = renderMatrix(view, input, holds, MOST_TEXT - used - 500);
      const note =
        input.past.arrived.size > 0 ? ['Dates tell when a promotion brought a release there.'] : [];
      return [...before, '## What is where', ...note, matrix, ...after];
    }
  }
}

function holdSections({ holds }: DashboardInput): string[] {
  if ('unknown' in holds)
    return ['## Holds and freezes', `⚠️ Nobody knows what is held: ${reason(holds.unknown, 500)}.`];
  return holds.length > 0 ? ['## Holds and freezes', renderHolds(holds)] : [];
}
