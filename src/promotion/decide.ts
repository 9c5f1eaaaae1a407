import picomatch from 'picomatch';
import { promotionBranch } from '../domain/branch-name.ts';
import { type Build, decideBuilds } from '../domain/build.ts';
import { type Decision, decidePromotion, type NotPromoted, type Promotion } from '../domain/promotion.ts';
import type { Environment, Settings } from '../domain/settings.ts';
import { targetKey } from '../domain/target.ts';
import type { HeldValues } from '../domain/value.ts';
import type { BuiltNow } from './observe-builds.ts';
import type { CarriedValues } from './observe-carried.ts';
import { environmentResolver } from './resolve-environment.ts';
import type { Target } from './snapshot.ts';
import type { Chosen, ChosenReleases, Stay } from './stay.ts';

export interface Decided extends Decision {
  application: string;
  /** As it is for this application, overrides included. */
  environment: Environment;
  isKnown: boolean;
  builds: readonly Build[];
  /** What the open pull request of a first environment holds already is part of the promotion. */
  isCarriedOn: boolean;
  /** Sources that could not be asked: no reason to hold back what is open, but one why nothing newer comes. */
  unheard: readonly NotPromoted[];
  /** The time that the release spent in its source, where that is what counts, and not what the source holds now. */
  stay?: Stay;
  /** When to look again although nothing happened, in milliseconds since the epoch. */
  lookAgainAtMs?: number;
  /** What the source holds now, which only a person's word brings before it has qualified. */
  unqualified?: Promotion | null;
}

const NOTHING_CARRIED: CarriedValues = new Map();

/** What each application is due in each environment that it lives in: pure, in the order of the pipeline. */
export function decideAll(
  settings: Settings,
  targets: readonly Target[],
  built: BuiltNow,
  carried: ReadonlyMap<string, CarriedValues> = new Map(),
  chosen: ChosenReleases = new Map(),
): Decided[] {
  const byKey = new Map(targets.map((target) => [targetKey(target.location), target]));
  const heldIn = (application: string) => (name: string) =>
    byKey.get(targetKey({ application, environment: name }))?.held ?? null;
  const resolve = environmentResolver(settings);
  const decided: Decided[] = [];
  for (const stage of settings.environments) {
    for (const target of targets) {
      const { application } = target.location;
      if (target.location.environment !== stage.name) continue;
      const environment = resolve(stage, application);
      if (environment.from.length === 0) {
        const before = carried.get(promotionBranch(application, environment.name)) ?? null;
        decided.push(decideFirst(settings, environment, target, built, before));
        continue;
      }
      const held = heldIn(application);
      const decision = decideChosen(
        application,
        environment,
        held,
        settings.promote,
        chosen.get(targetKey(target.location)),
      );
      const known = { isKnown: true, builds: [], isCarriedOn: false, unheard: [] };
      decided.push({ application, environment, ...known, ...decision });
    }
  }
  return decided;
}

/** What is due of the release that was chosen for a target, or else of what its source holds now. */
function decideChosen(
  application: string,
  environment: Environment,
  held: (environment: string) => HeldValues | null,
  promote: Settings['promote'],
  chosen: Chosen | undefined,
): Decision & Pick<Decided, 'stay' | 'lookAgainAtMs' | 'unqualified'> {
  if (!chosen) return decidePromotion(application, environment, held, promote);
  const { name: to, from } = environment;
  if ('stay' in chosen) {
    const { stay } = chosen;
    const heldThen = (name: string) => (from.includes(name) ? stay.target.held : held(name));
    return { ...decidePromotion(application, environment, heldThen, promote), stay };
  }
  const { reason, lookAgainAtMs } = chosen;
  const unqualified = decidePromotion(application, environment, held, promote).promotion;
  const notPromoted = [{ application, from, to, reason }];
  return {
    promotion: null,
    notPromoted,
    isBlocked: true,
    unqualified,
    ...(lookAgainAtMs !== undefined && { lookAgainAtMs }),
  };
}

function decideFirst(
  { promote }: Settings,
  environment: Environment,
  { location, held }: Target,
  { builds, complete, unknown }: BuiltNow,
  carried: CarriedValues | null,
): Decided {
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
  return (application) => included(application) && !excluded(application);
}
