import type { TargetLocation } from '../../domain/target.ts';
import type { HeldValues } from '../../domain/value.ts';
import type { Stay } from '../snapshot.ts';
import type { Segment } from './list-segments.ts';
import type { PastReader } from './read-past-target.ts';

/**
 * The releases that a target held, newest first, each with the commit that brought it. Reads no further than it is
 * asked for, and ends where the target was not there.
 */
export async function* listStays(
  segments: AsyncIterable<Segment>,
  location: TargetLocation,
  read: PastReader,
  keyOf: (held: HeldValues) => string,
): AsyncGenerator<Stay, void, undefined> {
  let stay = null as Stay | null;
  for await (const { tips, fromMs, isAtLatest, untilMs } of segments) {
    const past = await read(location, tips.at(-1)!);
    if (!past) {
      if (stay) yield { ...stay, isBeforeKnown: true };
      return;
    }
    const key = keyOf(past.target.held);
    const same: Stay | null = stay?.key === key ? stay : null;
    if (stay && !same) yield { ...stay, isBeforeKnown: true };
    stay = {
      ...past,
      key,
      tips: [...(same?.tips ?? []), ...tips],
      // Held for longer than is known, it has been held since then at least.
      fromMs: fromMs ?? same?.fromMs ?? null,
      isAtLatest: isAtLatest || fromMs === null,
      untilMs: same ? same.untilMs : untilMs,
      isBeforeKnown: false,
    };
  }
  if (stay) yield stay;
}
