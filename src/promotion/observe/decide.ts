import picomatch from 'picomatch';
import { decideBuilds } from '../../domain/build.ts';
import { type Decision, decidePromotion, NOTHING_DUE } from '../../domain/promotion.ts';
import { remember } from '../../domain/remember.ts';
import type { Environment, Settings } from '../../domain/settings.ts';
import { targetKey } from '../../domain/target.ts';
import type { HeldValues } from '../../domain/value.ts';
import { code, plain } from '../markdown.ts';
import type { Chosen, ChosenReleases, Decided, Target } from '../snapshot.ts';
import type { BuiltNow } from './observe-builds.ts';
import type { CarriedValues } from './observe-carried.ts';
import { environmentResolver } from './resolve-environment.ts';
import { type Carriage, carriageResolver } from './resolve-group.ts';

/** More applications than a repository has that GitHub lists whole. */
const MOST_REMEMBERED = 100_000;

const NOTHING_CARRIED: CarriedValues = new Map();

/** What each application is due in each environment that it lives in: pure, in the order of the pipeline. */
export function decideAll(
  settings: Settings,
  targets: readonly Target[],
  built: BuiltNow,
  carried: ReadonlyMap<string, CarriedValues> = new Map(),
  chosen: ChosenReleases = new Map(),
): Decided[] {
  const stages = groupTargets(targets, 'environment');
  const applications = groupTargets(targets, 'application');
  const resolve = environmentResolver(settings);
  const carriage = carriageResolver(settings);
  const decided: Decided[] = [];
  for (const stage of settings.environments) {
    for (const target of stages.get(stage.name) ?? []) {
      const { application } = target.location;
      const environment = resolve(stage, application);
      const carrier = carriage(stage, application);
      if (environment.from.length === 0) {
        const before = carried.get(carrier.branch) ?? null;
        const decision = decideFirst(settings, environment, target, built, before);
        decided.push({ ...decision, branch: carrier.branch, group: carrier.group });
        continue;
      }
      const siblings = applications.get(application)!;
      const held = (name: string) => heldIn(siblings, name);
      const decision = decideChosen(
        application,
        environment,
        held,
        settings.promote,
        chosen.size > 0 ? chosen.get(targetKey(target.location)) : undefined,
      );
      decided.push(toDecided(application, environment, carrier, decision));
    }
  }
  return decided;
}

function heldIn(targets: readonly Target[], environment: string): HeldValues | null {
  for (const { location, held } of targets) if (location.environment === environment) return held;
  return null;
}

const NOBODY: readonly never[] = [];

/** Written out: to spread parts into each of thousands takes several times as long. */
function toDecided(
  application: string,
  environment: Environment,
  { branch, group }: Carriage,
  decision: ReturnType<typeof decideChosen>,
): Decided {
  const decided: Decided = {
    application,
    environment,
    branch,
    group,
    isKnown: true,
    builds: NOBODY,
    isCarriedOn: false,
    unheard: NOBODY,
    promotion: decision.promotion,
    notPromoted: decision.notPromoted,
  };
  if (decision === NOTHING_DUE) return decided;
  return Object.assign(decided, decision);
}

/** In one pass: a repository has thousands of targets. */
function groupTargets(
  targets: readonly Target[],
  by: 'application' | 'environment',
): ReadonlyMap<string, Target[]> {
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    const group = groups.get(target.location[by]);
    if (group) group.push(target);
    else groups.set(target.location[by], [target]);
  }
  return groups;
}

/** What is due of the release that was chosen for a target, or else of what its source holds now. */
function decideChosen(
  application: string,
  environment: Environment,
  held: (environment: string) => HeldValues | null,
  promote: Settings['promote'],
  chosen: Chosen | undefined,
): Decision & Pick<Decided, 'stay' | 'namedBy' | 'lookAgainAtMs' | 'unqualified' | 'isUnread'> {
  if (!chosen) return decidePromotion(application, environment, held, promote);
  const { name: to, from } = environment;
  if ('stay' in chosen) {
    const { stay, namedBy } = chosen;
    const heldThen = (name: string) => (from.includes(name) ? stay.target.held : held(name));
    const then = decidePromotion(application, environment, heldThen, promote);
    if (namedBy === undefined) return { ...then, stay };
    const now = decidePromotion(application, environment, held, promote);
    return {
      ...then,
      notPromoted: [...then.notPromoted, ...explainWaiting(then, now, namedBy)],
      stay,
      namedBy,
    };
  }
  const { reason, lookAgainAtMs, isUnread } = chosen;
  const unqualified = decidePromotion(application, environment, held, promote).promotion;
  const notPromoted = [{ application, from, to, reason }];
  return {
    promotion: null,
    notPromoted,
    isBlocked: true,
    unqualified,
    ...(lookAgainAtMs !== undefined && { lookAgainAtMs }),
    ...(isUnread && { isUnread }),
  };
}

/** Why what the source holds now does not come yet. */
function explainWaiting({ promotion: then }: Decision, { promotion: now }: Decision, namedBy: string) {
  if (!then || !now || then.release.fingerprint === now.release.fingerprint) return [];
  const { application, from, to, release } = now;
  const reason = `${from.join(' and ')} holds ${code(release.label)}, and ${plain(namedBy)} named ${code(then.release.label)}, which comes first`;
  return [{ application, from, to, reason }];
}

function decideFirst(
  { promote }: Settings,
  environment: Environment,
  { location, held }: Target,
  { builds, complete, unknown }: BuiltNow,
  carried: CarriedValues | null,
): Omit<Decided, keyof Carriage> {
  const { application } = location;
  const own = builds.filter((build) => build.application === application);
  const before = carried ?? NOTHING_CARRIED;
  const { promotion, notPromoted } = decideBuilds(own, application, environment, held, promote, before);
  const unheard = unknown
    .filter((source) => source.application === application)
    .map(({ reason }) => ({ application, from: [], to: environment.name, reason }));
  return {
    application,
    environment,
    isKnown: complete.has(application) || carried !== null,
    builds: own,
    isCarriedOn: carried !== null,
    promotion,
    notPromoted,
    unheard,
  };
}

/** Whether the config wants an application to be promoted at all. */
export function applicationFilter({ applications }: Settings): (application: string) => boolean {
  const included = picomatch([...applications.include], { dot: true });
  const excluded = picomatch([...applications.exclude], { dot: true });
  // It is asked of each target, and an application has one in each environment.
  return remember(MOST_REMEMBERED, (application) => included(application) && !excluded(application));
}
