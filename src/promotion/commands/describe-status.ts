import { describeUntil } from '../../domain/gates/hold.ts';
import type { Hold } from '../../domain/hold.ts';
import { targetKey } from '../../domain/target.ts';
import { listHoldings } from '../list-holdings.ts';
import { code, plain, table } from '../markdown.ts';
import { describeTarget } from '../observe/observe-holds.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';

const MOST_ROWS = 50;
const MOST_HOLDS = 20;

type Shown = Pick<Snapshot, 'settings' | 'targets' | 'candidates'>;

/** Applications by environments: what each target holds, and what is to come there. What moves stands first. */
export function describeMatrix(
  { settings, targets, candidates }: Shown,
  applications: ReadonlySet<string>,
): string {
  const holdings = listHoldings(targets).filter(({ application }) => applications.has(application));
  const held = new Map(holdings.map((each) => [targetKey(each), each.release]));
  const coming = new Map(
    candidates.flatMap((each): [string, string][] => {
      const text = describeComing(each);
      return text === null ? [] : [[keyOf(each), text]];
    }),
  );
  const used = settings.environments.filter(({ name }) => holdings.some((each) => each.environment === name));
  const rows = [...applications].sort().map((application) => {
    const cells = used.map(({ name: environment }) => {
      const key = targetKey({ application, environment });
      const release = held.get(key);
      return [release === undefined ? '' : code(release), coming.get(key) ?? ''].filter(Boolean).join(' ');
    });
    const isMoving = used.some(({ name: environment }) =>
      coming.has(targetKey({ application, environment })),
    );
    return { isMoving, cells: [`**${plain(application)}**`, ...cells] };
  });
  rows.sort((a, b) => Number(b.isMoving) - Number(a.isMoving));
  const shown = rows.slice(0, MOST_ROWS).map(({ cells }) => cells);
  const rest = rows.length - shown.length;
  const more =
    rest > 0 ? `\n\n${rest} more applications are not shown; ${code('/status APPLICATION')} shows one.` : '';
  return `${table(['application', ...used.map(({ name }) => plain(name))], shown)}${more}`;
}

function keyOf({ application, environment }: Candidate): string {
  return targetKey({ application, environment: environment.name });
}

function describeComing({ promotion, open }: Candidate): string | null {
  if (open) return `← ${code(open.trailers?.release ?? '?')} #${open.pull.number}`;
  return promotion ? `← ${code(promotion.release.label)}` : null;
}

/** The holds in force; null: they cannot be read. */
export function describeHolds(holds: readonly Hold[] | null): string {
  if (holds === null) return 'The holds cannot be read now; until they can, every promotion waits.';
  if (holds.length === 0) return 'Nothing is held.';
  const lines = holds.slice(0, MOST_HOLDS).map((hold) => {
    return `- ${code(hold.by)} holds ${describeTarget(hold)} ${describeUntil(hold.untilMs)}: ${plain(hold.reason)}`;
  });
  const rest = holds.length - lines.length;
  return [...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join('\n');
}
