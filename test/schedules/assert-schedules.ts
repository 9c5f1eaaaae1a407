import fc from 'fast-check';
import type { OpenStage } from '../stages/stage.ts';
import { play, schedules } from './schedule.ts';

/** Long enough for a night of schedules. */
export const TIMEOUT_MS = 12 * 60 * 60_000;

/**
 * Plays so many schedules, and shrinks the first that breaks a promise. `part` tells several files of tests apart,
 * so that each plays other ones.
 */
export async function assertSchedules(open: OpenStage, count: number, part = 0): Promise<void> {
  const { seed } = fc.readConfigureGlobal();
  await fc.assert(
    fc.asyncProperty(schedules, (schedule) => play(open, schedule)),
    { numRuns: count, ...(seed !== undefined && { seed: seed + part }) },
  );
}

/** How many an environment variable asks for, or else `standard`. */
export function countOf(variable: string, standard: number): number {
  const count = Number(process.env[variable] || standard);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${variable} is a number of schedules`);
  return count;
}
