import { labelRelease } from '../domain/release.ts';
import type { TargetId } from '../domain/target.ts';
import type { Target } from './snapshot.ts';

/** One cell of the matrix application x environment. */
export interface Holding extends TargetId {
  /** Label of the release that the target holds. */
  release: string;
}

/** What every target holds, for people who ask which version is where. */
export function listHoldings(targets: readonly Target[]): Holding[] {
  return targets.map(({ location: { application, environment }, held }) => ({
    application,
    environment,
    release: held.ambiguous.length > 0 ? 'several' : labelRelease(held.values),
  }));
}
