import type { HoldFact } from '../../domain/gates/facts.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import type { PlannedPromotion } from '../plan/plan-types.ts';
import type { Notice } from '../ports/notify.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';

/** What happened longer ago is no news: a database that was lost, or a rule that is new, tells nothing old again. */
export const NEWS_MS = 24 * 60 * 60 * 1000;

/** Gates that a person ends. */
const BY_PEOPLE = ['approvals', 'manual'];

type Told = PlannedPromotion & { pull: NonNullable<PlannedPromotion['pull']> };

/** What a look found that people are told of: what has opened, what waits for them, what failed, what is frozen. Pure. */
export function listNotices(
  { candidates }: Pick<Snapshot, 'candidates'>,
  planned: readonly PlannedPromotion[],
  nowMs: number,
): Notice[] {
  const isNews = (atMs: number | undefined) => atMs === undefined || atMs > nowMs - NEWS_MS;
  const told = planned.filter((each): each is Told => each.pull !== null);
  return [
    ...told.flatMap((each) => {
      const openedMs = openedAtMs(candidates, each);
      const opened = openedMs !== null && isNews(openedMs) ? [noticeOf(each, 'opened', [])] : [];
      const failed = each.gates.filter(({ state, sinceMs }) => state === 'failed' && isNews(sinceMs));
      return [
        ...opened,
        ...failed.map((gate) => noticeOf(each, 'failed', [gate])),
        ...waitingOf(each, isNews),
      ];
    }),
    ...listFreezes(candidates),
  ];
}

/** Only people are missing: what still soaks, or has a check running, waits for nobody yet. */
function waitingOf(promotion: Told, isNews: (atMs: number | undefined) => boolean): Notice[] {
  const open = promotion.gates.filter(({ state }) => state === 'waiting' || state === 'failed');
  const isForPeople = open.length > 0 && open.every((gate) => gate.state === 'waiting' && isOfPeople(gate));
  return isForPeople && open.some(({ sinceMs }) => isNews(sinceMs))
    ? [noticeOf(promotion, 'waiting', open)]
    : [];
}

function isOfPeople({ gate }: GateResult): boolean {
  return BY_PEOPLE.includes(gate.split(' ', 1)[0]!);
}

function noticeOf(
  { application, from, to, release, pull }: Told,
  event: Notice['event'],
  gates: readonly GateResult[],
): Notice {
  const names = gates.map(({ gate }) => gate);
  return {
    key: JSON.stringify([event, pull.number, application, to, release, ...names]),
    event,
    application,
    environment: to,
    from,
    release,
    pull: { number: pull.number, url: pull.url },
    by: null,
    reason: gates.length > 0 ? gates.map(({ gate, reason }) => `${gate}: ${reason}`).join('; ') : null,
  };
}

/** When Sluice committed what is open, by its own commit; null when it made no such commit. */
function openedAtMs(candidates: readonly Candidate[], { application, to }: Told): number | null {
  const found = candidates.find(
    (each) => each.application === application && each.environment.name === to && each.open,
  );
  const head = found?.open?.head;
  return head?.isSluices ? Date.parse(head.committedAt) : null;
}

/** A freeze is found where something is due in the environment. */
function listFreezes(candidates: readonly Candidate[]): Notice[] {
  const freezes = new Map<string, Notice>();
  for (const { environment, open, facts } of candidates) {
    const holds = (open?.facts ?? facts)?.holds;
    for (const hold of holds?.known ? holds.value.filter(({ isFreeze }) => isFreeze) : []) {
      const notice = freezeOf(environment.name, hold);
      freezes.set(notice.key, notice);
    }
  }
  return [...freezes.values()];
}

function freezeOf(environment: string, { by, reason, url, untilMs }: HoldFact): Notice {
  const until = untilMs === null ? '' : ` until ${new Date(untilMs).toISOString()}`;
  return {
    key: JSON.stringify(['frozen', environment, url]),
    event: 'frozen',
    application: null,
    environment,
    from: [],
    release: null,
    pull: null,
    by,
    reason: `${reason}${until}`,
  };
}
