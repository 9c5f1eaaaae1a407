import { type Known, known } from '../domain/gates/gate.ts';
import type { Pull } from './ports/pulls.ts';
import type { Unreadable } from './snapshot.ts';

/** Reads a fact; one that GitHub does not give makes the gate wait that needs it, and holds up nothing else. */
export async function orUnknown<Fact>(what: string, read: () => Promise<Fact>): Promise<Known<Fact>> {
  try {
    return known(await read());
  } catch (error) {
    return { known: false, reason: describeFailure(what, error), isPassing: true };
  }
}

/** The same for reads that may find by themselves that the fact cannot be known. */
export async function flattenUnknown<Fact>(
  what: string,
  read: () => Promise<Known<Fact>>,
): Promise<Known<Fact>> {
  const found = await orUnknown(what, read);
  return found.known ? found.value : found;
}

/** Reads what belongs to one pull request; a failure concerns this one and holds up none of the others. */
export async function orUnreadable<Found>(
  pull: Pull | null,
  read: () => Promise<Found>,
): Promise<Found | Unreadable> {
  try {
    return await read();
  } catch (error) {
    return { pull, reason: describeFailure(pull ? `#${pull.number}` : 'what there is on GitHub', error) };
  }
}

/** What was read, and what was not. */
export function splitUnreadable<Found extends object>(
  read: readonly (Found | Unreadable)[],
): { found: Found[]; unreadable: Unreadable[] } {
  const isUnreadable = (each: Found | Unreadable): each is Unreadable => 'reason' in each;
  return {
    found: read.filter((each): each is Found => !isUnreadable(each)),
    unreadable: read.filter(isUnreadable),
  };
}

function describeFailure(what: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${what} could not be read (${message.split('\n', 1)[0]!.slice(0, 200)}); Sluice asks again`;
}
