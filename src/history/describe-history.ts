import { capBody, code, plain, table } from '../promotion/markdown.ts';
import type { PromotionRecord } from './record.ts';

const HEADINGS = ['when', 'promotion', 'release', 'came to', 'by', 'asked for, approved, overridden by'];

const OUTCOMES: Readonly<Record<PromotionRecord['outcome'], string>> = {
  open: '_open_',
  merged: '**merged**',
  closed: 'closed',
  obsolete: 'closed by Sluice',
  left: 'left its group',
};

/**
 * The answer to `/history`: what was promoted when by whom, as Markdown that notifies nobody.
 *
 * @param records the last opened first
 * @param most rows at most; what was left out is counted
 */
export function describeHistory(
  records: readonly PromotionRecord[],
  application: string | null,
  most = 20,
): string {
  const whose = application === null ? '' : ` of **${plain(application)}**`;
  if (records.length === 0)
    return `No promotion${whose} is written down. \`sluice history rebuild\` looks for those of before.`;
  const shown = records.slice(0, most);
  const more = records.length - shown.length;
  const parts = [
    `The last promotions${whose}:`,
    table(HEADINGS, shown.map(toCells)),
    ...(more > 0
      ? [`_Older ones are left out. \`sluice history${application === null ? '' : ' APP'}\` lists all._`]
      : []),
  ];
  return capBody(parts.join('\n\n'));
}

function toCells(record: PromotionRecord): string[] {
  const { application, from, environment, pull, kind, release, outcome } = record;
  const when = record.mergedAt ?? record.closedAt ?? record.openedAt;
  const who = record.mergedBy ?? record.closedBy;
  const source = from.length > 0 ? from.map(plain).join(' + ') : 'build';
  const what = `${plain(application)}: ${source} → ${plain(environment)} (#${pull})`;
  return [
    `${when.slice(0, 16)}Z`,
    kind === 'rollback' ? `${what}, **rollback**` : what,
    code(release),
    OUTCOMES[outcome],
    who === null ? '' : code(who),
    describePeople(record),
  ];
}

function describePeople({ requestedBy, approvals, gates }: PromotionRecord): string {
  const approvers = [...new Set((approvals ?? []).map(({ by }) => by))];
  const overrides = (gates ?? []).flatMap(({ gate, override }) =>
    override ? [`${plain(gate)} overridden by ${code(override.by)}`] : [],
  );
  return [
    ...(requestedBy.length > 0 ? [`asked for by ${requestedBy.map(code).join(', ')}`] : []),
    ...(approvers.length > 0 ? [`approved by ${approvers.map(code).join(', ')}`] : []),
    ...overrides,
  ].join('; ');
}
