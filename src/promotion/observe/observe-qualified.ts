import { findBad } from '../../domain/bad-release.ts';
import { compareValues } from '../../domain/compare-values.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { isTimeGate } from '../../domain/gates/time-gates.ts';
import { comparisonRules, decidePromotion, toRelease } from '../../domain/promotion.ts';
import type { Environment, Settings } from '../../domain/settings.ts';
import { targetKey } from '../../domain/target.ts';
import type { HeldValues } from '../../domain/value.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import type { PromotionRequest } from '../occasion.ts';
import { flattenUnknown } from '../or-unknown.ts';
import { UNREADABLE_DELAY_MS } from '../plan/plan-unreadable.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Chosen, ChosenReleases, FoundPromotion, Target } from '../snapshot.ts';
import type { CandidateContext } from './candidate-context.ts';
import { findQualified, type Qualification } from './find-qualified.ts';
import { listSegments } from './list-segments.ts';
import { listStays } from './list-stays.ts';
import { type MoveReader, makeMoveReader } from './observe-arrivals.ts';
import { memberOf } from './observe-group.ts';
import { makePastReader, type PastReader } from './read-past-target.ts';
import type { ReportReader } from './report-reader.ts';
import { environmentResolver } from './resolve-environment.ts';
import { carriageResolver } from './resolve-group.ts';

/** How long after it was replaced a release may still come, at least. */
const LOOK_BACK_MS = 14 * 24 * 60 * 60 * 1000;
const CONCURRENT_SEARCHES = 4;

interface Context {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  targets: readonly Target[];
  reports: ReportReader;
  /** The open pull requests of Sluice. */
  promotions: readonly FoundPromotion[];
  requests: ReadonlyMap<string, PromotionRequest>;
  stops: CandidateContext['stops'];
  nowMs: number;
}

/** A target that takes qualified releases, and does not hold what its source holds. */
interface Wish {
  environment: Environment;
  target: Target;
  source: Target;
  /** That carries it. */
  branch: string;
}

/**
 * Finds for each target that takes qualified releases which one comes next. Where no target does, or where they hold
 * what their sources hold, nothing is read; `moves` is the record of the branch, when there is something to find.
 */
export async function observeQualified(
  context: Context,
): Promise<{ chosen: ChosenReleases; moves: MoveReader | null }> {
  const { reader, base, settings, nowMs } = context;
  const wishes = findWishes(context);
  if (wishes.length === 0) return { chosen: new Map(), moves: null };
  const moves = makeMoveReader(reader, base, allGates(context), nowMs, LOOK_BACK_MS);
  const past = makePastReader(reader, base, settings);
  const found = await mapConcurrently(wishes, CONCURRENT_SEARCHES, async (wish) => {
    const name = wish.source.location.environment;
    const read = await flattenUnknown(`what ${name} held before`, () => search(context, wish, moves, past));
    const chosen = read.known ? toChosen(wish, read.value, nowMs) : unread(read.reason, nowMs);
    return [targetKey(wish.target.location), chosen] as const;
  });
  return { chosen: new Map(found.flatMap(([key, each]) => (each ? [[key, each] as const] : []))), moves };
}

function findWishes({ settings, targets, requests }: Context): Wish[] {
  const isWished = [...settings.environments, ...settings.overrides.map(({ terms }) => terms)].some(
    ({ candidate }) => candidate === 'qualified',
  );
  if (!isWished) return [];
  const resolve = environmentResolver(settings);
  const carriage = carriageResolver(settings);
  const stages = new Map(settings.environments.map((stage) => [stage.name, stage]));
  const byTarget = new Map(targets.map((target) => [targetKey(target.location), target]));
  return targets.flatMap((target): Wish[] => {
    const { application } = target.location;
    const environment = resolve(stages.get(target.location.environment)!, application);
    const [from, ...others] = environment.from;
    const source = from === undefined ? null : byTarget.get(targetKey({ application, environment: from }));
    if (environment.candidate !== 'qualified' || !source || others.length > 0) return [];
    // Without them, what the source holds now has qualified already.
    if (!environment.gates.some(isTimeGate)) return [];
    const { branch } = carriage(environment, application);
    const wish = { environment, target, source, branch };
    return wantsPast(settings, wish, requests.get(targetKey(target.location))) ? [wish] : [];
  });
}

/** Not where the target holds what its source holds, or a person asked for that: its gates guard its merge. */
function wantsPast(settings: Settings, wish: Wish, request: PromotionRequest | undefined): boolean {
  const { promotion, isBlocked } = decide(settings, wish, wish.source.held);
  return promotion ? promotion.release.fingerprint !== request?.fingerprint : isBlocked === true;
}

/** What would be promoted if the source held these values. */
function decide({ promote }: Settings, { environment, target, source }: Wish, held: HeldValues) {
  const { application } = target.location;
  const heldIn = (name: string) => (name === source.location.environment ? held : target.held);
  return decidePromotion(application, environment, heldIn, promote);
}

/** The record is read as far back as any soak time asks for. */
function allGates({ settings: { environments, overrides } }: Context) {
  return [
    ...environments.flatMap(({ gates }) => gates),
    ...overrides.flatMap(({ terms, addedGates }) => [...(terms.gates ?? []), ...addedGates]),
  ];
}

async function search(
  { reader, base, settings, reports, promotions, stops, nowMs }: Context,
  wish: Wish,
  moves: MoveReader,
  past: PastReader,
): Promise<Known<Qualification>> {
  const { environment, target, source, branch } = wish;
  const recorded = await moves();
  if (!recorded.known) return recorded;
  const { sha } = base.commit;
  if (recorded.value[0]?.after !== sha)
    return unknown(
      `GitHub's activity of the default branch does not hold ${sha.slice(0, 7)} yet; Sluice asks again`,
    );
  const rules = comparisonRules(environment, settings.promote);
  const keyOf = (held: HeldValues) => toRelease(compareValues(held, target.held, rules)).fingerprint;
  const segments = listSegments(reader, recorded.value, source.location.root);
  const { application } = target.location;
  const found = promotions.find(({ pull }) => pull.branch === branch) ?? null;
  const open = memberOf(found, application) ?? found;
  // What left its group because a gate failed stays what is due, and away: an older release does not come for it.
  const left = found?.group?.left.find((each) => each.application === application);
  const qualification = await findQualified(
    {
      application,
      environment,
      base,
      reports,
      nowMs,
      decide: (held) => decide(settings, wish, held),
      isBad: async (fingerprint) => {
        const read = await stops();
        return read.known && findBad(read.value.bad, target.location, fingerprint) !== null;
      },
      carried: open?.trailers?.fingerprint ?? left?.fingerprint ?? null,
    },
    listStays(segments, source.location, past, keyOf),
  );
  return known(qualification);
}

function toChosen({ environment, source }: Wish, found: Qualification, nowMs: number): Chosen | null {
  if (found.kind === 'current') return null;
  if (found.kind === 'qualified') return { stay: found.stay };
  const name = source.location.environment;
  const open = found.results.filter(({ state }) => state !== 'passed');
  const why = open.map(({ gate, reason }) => `${gate}: ${reason}`).join('; ') || 'it was taken back there';
  const reason = `${found.label} has not qualified in ${name} (${why}), and nothing before it has that ${environment.name} could take`;
  if (found.isUnread) return unread(reason, nowMs);
  const looks = open.flatMap(({ lookAgainAtMs }) => lookAgainAtMs ?? []);
  return looks.length > 0 ? { reason, lookAgainAtMs: Math.min(...looks) } : { reason };
}

function unread(reason: string, nowMs: number): Chosen {
  return { reason, lookAgainAtMs: nowMs + UNREADABLE_DELAY_MS, isUnread: true };
}
