import type { NotPromoted } from '../domain/promotion.ts';
import type { Settings } from '../domain/settings.ts';
import { apply } from './apply.ts';
import { type Holding, listHoldings } from './list-holdings.ts';
import { type Observation, observe } from './observe.ts';
import { observeOtherPulls } from './observe-other-pulls.ts';
import { findGatesCheck, isAttested, observePulls } from './observe-pulls.ts';
import type { Occasion, ReportedHeads } from './occasion.ts';
import { plan } from './plan.ts';
import { CONFIG_CHECK, planBrokenConfig } from './plan-broken-config.ts';
import { planOtherPull } from './plan-other-pull.ts';
import type { Action, Plan, Refusal } from './plan-types.ts';
import type { GitHost, Log, RepositoryReader } from './ports.ts';

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
  /** What every target held when it was looked at. */
  holdings: Holding[];
}

export interface Dependencies {
  host: GitHost;
  log: Log;
  reported: ReportedHeads;
}

/** Looks at a repository, plans, and does it: the whole loop. Safe to repeat, at any time, by any worker. */
export async function reconcile(
  dependencies: Dependencies,
  repository: string,
  occasion: Occasion,
): Promise<Outcome> {
  const { host, log, reported } = dependencies;
  const opened = await host.open(repository);
  const observation = await observe(opened, host.builds, occasion, reported);
  const actions = await planActions(dependencies, opened, observation);
  const { refusals, failures } = await apply(opened, { actions: actions.actions }, log);
  if (failures.length === 0)
    for (const action of actions.actions) rememberReport(reported, repository, action);
  const snapshot = observation.kind === 'snapshot' ? observation.snapshot : null;
  return {
    settings: snapshot?.settings ?? null,
    isConfigBroken: observation.kind === 'broken-config',
    plan: { ...actions, notPromoted: [...actions.notPromoted, ...refusals.flatMap(toNotPromoted)] },
    refusals,
    failures,
    holdings: listHoldings(snapshot?.targets ?? []),
  };
}

function toNotPromoted({ promotion, reason }: Refusal): NotPromoted[] {
  return promotion ? [{ ...promotion, reason }] : [];
}

async function planActions(
  dependencies: Dependencies,
  reader: RepositoryReader,
  observation: Observation,
): Promise<Plan> {
  const nothing: Plan = { actions: [], promotions: [], notPromoted: [], lookAgainMs: null, lookAt: [] };
  switch (observation.kind) {
    case 'no-config':
      return { ...nothing, actions: observation.unreported.map(planOtherPull) };
    case 'broken-config':
      return { ...nothing, actions: await planBroken(dependencies, reader, observation) };
    case 'snapshot':
      return plan(observation.snapshot);
  }
}

async function planBroken(
  { log, reported }: Dependencies,
  reader: RepositoryReader,
  { base, pulls, problems }: Extract<Observation, { kind: 'broken-config' }>,
): Promise<Action[]> {
  log.warn(
    { repository: reader.fullName, problems: problems.slice(0, 5) },
    'the config is broken; nothing is promoted',
  );
  const { own } = await reader.listCheckRuns(base.commit.sha);
  const sorted = await observePulls(reader, base, pulls);
  const waiting = await Promise.all(
    sorted.promotions.map(async (found) => {
      const reports = (await reader.listCheckRuns(found.pull.headSha)).own;
      return { ...found, check: findGatesCheck(reports), isAttested: isAttested(found, reports) };
    }),
  );
  const unreported = await observeOtherPulls(reader, base, sorted, reported);
  const check = own.find(({ name }) => name === CONFIG_CHECK) ?? null;
  return planBrokenConfig({ base, problems, check, promotions: waiting, unreported });
}

/** A head that was just reported on need not be asked about again. */
function rememberReport(reported: ReportedHeads, repository: string, action: Action): void {
  if (action.kind === 'report-check' && action.report.externalId === 'other') {
    if (reported.size > 50_000) reported.clear();
    reported.add(`${repository} ${action.report.headSha}`);
  }
}
