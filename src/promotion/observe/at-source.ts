import { type Known, known } from '../../domain/gates/gate.ts';
import { targetKey } from '../../domain/target.ts';
import type { Base, Decided, Target } from '../snapshot.ts';
import { arrivalOf } from './find-qualified.ts';
import { type Arrival, findArrivals } from './observe-arrivals.ts';

/** Where what led to a release is looked for. */
interface Place {
  base: Base;
  byTarget: ReadonlyMap<string, Target>;
}

/**
 * The repository as it was where a promotion's release was taken from: at the commit that brought a qualified release
 * to its source, which may hold another one by now; else as it is.
 */
export function atSource<Context extends Place>(context: Context, { stay }: Pick<Decided, 'stay'>): Context {
  if (!stay) return context;
  const { commit, target } = stay;
  const byTarget = new Map(context.byTarget).set(targetKey(target.location), target);
  return { ...context, base: { ...context.base, commit }, byTarget };
}

/** When the release that is due came to each of its sources. */
export async function arrivalsOf(
  context: Parameters<typeof findArrivals>[0],
  { promotion, stay }: Pick<Decided, 'promotion' | 'stay'>,
): Promise<Known<Arrival[]>> {
  if (!promotion) return known([]);
  return stay
    ? known(promotion.from.map((environment) => arrivalOf(stay, environment)))
    : findArrivals(context, promotion);
}
