import type { NotPromoted } from '../domain/promotion.ts';
import type { Settings } from '../domain/settings.ts';
import { type ActionResult, apply } from './apply/apply.ts';
import { type Confirm, confirmMerge } from './apply/confirm-merge.ts';
import type { Rendering } from './apply/show-change.ts';
import { seeDashboard } from './dashboard/see-dashboard.ts';
import { type Holding, listHoldings } from './list-holdings.ts';
import { tellPeople } from './notices/tell-people.ts';
import type { KeptTargets } from './observe/kept-targets.ts';
import { type Observation, observe } from './observe/observe.ts';
import { observeBrokenConfig } from './observe/observe-broken-config.ts';
import type { Occasion, ReportedHeads } from './occasion.ts';
import { otherMark } from './other-mark.ts';
import { plan } from './plan/plan.ts';
import { planBrokenConfig } from './plan/plan-broken-config.ts';
import { planOtherPull } from './plan/plan-other-pull.ts';
import { planQueue } from './plan/plan-queue.ts';
import { planShowing } from './plan/plan-showing.ts';
import { listOpen, planTelling } from './plan/plan-telling.ts';
import type { Plan, Refusal } from './plan/plan-types.ts';
import { UNREADABLE_DELAY_MS } from './plan/plan-unreadable.ts';
import { isToBeReadAgain } from './plan/timed-looks.ts';
import type { DashboardView } from './ports/dashboard.ts';
import type { HistoryWriter } from './ports/history.ts';
import type { GitHost } from './ports/host.ts';
import type { HttpProber } from './ports/http.ts';
import type { Log } from './ports/log.ts';
import type { Notifier } from './ports/notify.ts';
import type { RepositoryReader } from './ports/repository.ts';
import { rememberAction } from './reported-heads.ts';
import { applyDecisions, type Decided } from './rollback/apply-decisions.ts';
import { seePromotions } from './see-promotions.ts';

/** What a reconcile of one repository came to. */
export interface Outcome {
  /** Null when the repository has no valid config. */
  settings: Settings | null;
  /** There is a config, and it cannot be used. */
  isConfigBroken: boolean;
  plan: Plan;
  refusals: Refusal[];
  /** What failed unexpectedly, and is to be tried again. */
  failures: Error[];
  /** What each action came to. */
  results: (ActionResult | Decided['results'][number])[];
  /** What every target held when it was looked at. */
  holdings: Holding[];
  /** What there is to show of it. */
  view(): DashboardView;
}

export interface Dependencies {
  host: GitHost;
  http: HttpProber;
  log: Log;
  reported: ReportedHeads;
  /** What targets held at the last look; left out, all of them are read anew. */
  kept?: KeptTargets;
  /** Null: promotions do not show what they change in the cluster. */
  rendering: Rendering | null;
  /** Left out: what became of promotions is not written down. */
  history?: HistoryWriter;
  /** Left out: nobody is told outside of GitHub. */
  notifier?: Notifier;
  /** The clock: milliseconds since the epoch. */
  now: () => number;
}

/** Looks at a repository, plans, and does it: the whole loop. Safe to repeat, at any time, by any worker. */
export async function reconcile(
  dependencies: Dependencies,
  repository: string,
  occasion: Occasion,
): Promise<Outcome> {
  const { host, http, kept, log, reported, rendering, history, notifier, now } = dependencies;
  const opened = await host.open(repository);
  const observation = await observe(opened, { builds: host.builds, http, kept }, occasion, reported, now());
  const actions = withQueue(await planActions(dependencies, opened, observation), observation);
  const snapshot = observation.kind === 'snapshot' ? observation.snapshot : null;
  const decisions = (actions.decisions ?? []).filter(
    ({ kind }) => kind !== 'begin-rollback' || !occasion.defersRollbacks,
  );
  if (snapshot && decisions.length > 0 && !occasion.hasDecided) {
    const decided = await applyDecisions(opened, snapshot, decisions, now(), log);
    // Everything else follows from what is stopped now.
    const next = { ...occasion, readsStops: true, hasDecided: true };
    return withDecided(await reconcile(dependencies, repository, next), decided);
  }
  const showing = rendering && snapshot ? planShowing(snapshot, actions.actions) : [];
  const telling = snapshot ? planTelling(snapshot, actions.actions) : [];
  const storyteller = snapshot && {
    repository,
    sources: snapshot.settings.sources,
    reader: host.sources,
    history,
    open: listOpen(snapshot),
  };
  // A reader of its own remembers nothing of this look.
  const confirm: Confirm = async (action) =>
    confirmMerge(await host.open(repository), http, snapshot, action, now);
  const { refusals, failures, done, results } = await apply(
    opened,
    { actions: [...actions.actions, ...showing, ...telling] },
    confirm,
    rendering,
    log,
    storyteller,
  );
  for (const action of done) rememberAction(reported, repository, action);
  if (history && snapshot)
    await history.keep(seePromotions(snapshot, done, occasion.lookAt.includes('*')), opened);
  const cameOut = withRefusals(actions, refusals);
  if (notifier && snapshot)
    await tellPeople({ notifier, log, nowMs: now() }, opened, snapshot, cameOut.promotions);
  const holdings = listHoldings(snapshot?.targets ?? []);
  return {
    settings: snapshot?.settings ?? null,
    isConfigBroken: observation.kind === 'broken-config',
    plan: cameOut,
    refusals,
    failures,
    results,
    holdings,
    view: () => seeDashboard(observation, cameOut, holdings),
  };
}

/** What a look came to that followed a decision. */
function withDecided(outcome: Outcome, { refusals, failures, results }: Decided): Outcome {
  return {
    ...outcome,
    plan: withRefusals(outcome.plan, refusals),
    refusals: [...refusals, ...outcome.refusals],
    failures: [...failures, ...outcome.failures],
    results: [...results, ...outcome.results],
  };
}

/** The plan as it came out. */
function withRefusals(planned: Plan, refusals: readonly Refusal[]): Plan {
  const looks = [planned.lookAgainMs, ...refusals.map(({ lookAgainMs }) => lookAgainMs ?? null)];
  const next = Math.min(...looks.map((look) => look ?? Number.POSITIVE_INFINITY));
  return {
    ...planned,
    promotions: planned.promotions.map((each) => {
      const refused = refusals.find(({ subject, gates }) => gates && subject === `#${each.pull?.number}`);
      return { ...each, gates: refused?.gates ?? each.gates };
    }),
    notPromoted: [...planned.notPromoted, ...refusals.flatMap(toNotPromoted)],
    lookAgainMs: Number.isFinite(next) ? next : null,
  };
}

function toNotPromoted({ promotions = [], reason }: Refusal): NotPromoted[] {
  return promotions.map((promotion) => ({ ...promotion, reason }));
}

/** With the verdicts on what the merge queue has built; what stands in it is merged by the queue alone. */
function withQueue(planned: Plan, observation: Observation): Plan {
  const { queue } = observation;
  const { candidates = [], unreadable = [] } = observation.kind === 'snapshot' ? observation.snapshot : {};
  const judged = {
    plan: planned,
    otherMark: observation.kind === 'snapshot' ? otherMark(observation.snapshot.settings) : null,
    isUnsure: (number: number) =>
      unreadable.some(({ pull }) => pull?.number === number) ||
      candidates.some(
        ({ open, isUnread }) => open?.pull.number === number && (isUnread || isToBeReadAgain(open.facts)),
      ),
  };
  const { actions, lookAgainMs } = planQueue(queue, judged);
  const queued = new Set(queue.groups.map(({ pull }) => pull.number));
  const looks = [planned.lookAgainMs, lookAgainMs].filter((look) => look !== null);
  return {
    ...planned,
    actions: [
      ...planned.actions.filter((action) => action.kind !== 'merge-promotion' || !queued.has(action.number)),
      ...actions,
    ],
    lookAgainMs: looks.length > 0 ? Math.min(...looks) : null,
  };
}

async function planActions(
  { log, reported, now }: Dependencies,
  reader: RepositoryReader,
  observation: Observation,
): Promise<Plan> {
  const nothing: Plan = { actions: [], promotions: [], notPromoted: [], lookAgainMs: null, lookAt: [] };
  switch (observation.kind) {
    case 'no-config':
      return {
        ...nothing,
        actions: observation.unreported.flatMap((each) => planOtherPull(each)),
        lookAgainMs: observation.isWhole ? null : UNREADABLE_DELAY_MS,
      };
    case 'broken-config':
      log.warn(
        { repository: reader.fullName, problems: observation.problems.slice(0, 5) },
        'the config is broken; nothing is promoted',
      );
      return { ...nothing, ...planBrokenConfig(await observeBrokenConfig(reader, reported, observation)) };
    case 'snapshot':
      // The time after all was read: a window may have closed meanwhile.
      return plan(observation.snapshot, now());
  }
}
