import picomatch from 'picomatch';
import { type Build, decideBuilds } from '../domain/build.ts';
import { type Decision, decidePromotion } from '../domain/promotion.ts';
import type { Environment, Settings } from '../domain/settings.ts';
import { targetKey } from '../domain/target.ts';
import type { Target } from './snapshot.ts';

export interface Decided extends Decision {
  application: string;
  environment: Environment;
  isKnown: boolean;
  builds: readonly Build[];
}

/** What each application is due in each environment that it lives in: pure, in the order of the pipeline. */
export function decideAll(
  settings: Settings,
  targets: readonly Target[],
  builds: readonly Build[],
): Decided[] {
  const byKey = new Map(targets.map((target) => [targetKey(target.location), target]));
  const decided: Decided[] = [];
  for (const environment of settings.environments) {
    for (const { location, held } of targets) {
      if (location.environment !== environment.name) continue;
      const { application } = location;
      const own = builds.filter((build) => build.application === application);
      const first = environment.from.length === 0;
      const decision = first
        ? decideBuilds(own, application, environment, held, settings.promote)
        : decidePromotion(
            application,
            environment,
            (name) => byKey.get(targetKey({ application, environment: name }))?.held ?? null,
            settings.promote,
          );
      decided.push({
        application,
        environment,
        isKnown: !first || own.length > 0,
        builds: first ? own : [],
        ...decision,
      });
    }
  }
  return decided;
}

/** Whether the config wants an application to be promoted at all. */
export function applicationFilter({ applications }: Settings): (application: string) => boolean {
  const included = picomatch([...applications.include], { dot: true });
  const excluded = picomatch([...applications.exclude], { dot: true });
  return (application) => included(application) && !excluded(application);
}
