import { type Known, known } from '../domain/gates/gate.ts';

/** Reads a fact; one that GitHub does not give makes the gate wait that needs it, and holds up nothing else. */
export async function orUnknown<Fact>(what: string, read: () => Promise<Fact>): Promise<Known<Fact>> {
  try {
    return known(await read());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = `${what} could not be read (${message.split('\n', 1)[0]!.slice(0, 200)}); Sluice asks again`;
    return { known: false, reason, isPassing: true };
  }
}
