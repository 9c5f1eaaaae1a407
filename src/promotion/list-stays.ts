import type { TargetLocation } from '../domain/target.ts';
import type { HeldValues } from '../domain/value.ts';
import type { Segment } from './list-segments.ts';
import type { PastReader, PastTarget } from './read-past-target.ts';

/** An unbroken time for which an environment held one release. */
export interface Stay extends PastTarget {
  /** Equal for equal releases. */
  key: string;
  /** Everything that the branch pointed at then, newest first. */
  tips: string[];
  /** When it began; null when it began before what is known. */
  fromMs: number | null;
  isAtLatest: boolean;
  /** When another release replaced it; null while it is there. */
  untilMs: number | null;
  /** What was there before is known, be it nothing. */
  isBeforeKnown: boolean;
}

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
