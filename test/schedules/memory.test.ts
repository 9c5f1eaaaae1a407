import { test } from '@jest/globals';
import fc from 'fast-check';
import { openMemoryStage } from '../stages/memory-stage.ts';
import { play, schedules } from './schedule.ts';

const RUNS = Number(process.env.SLUICE_SCHEDULES ?? 2_000);

test(
  'whatever happens in whatever order, the promises hold',
  async () => {
    await fc.assert(
      fc.asyncProperty(schedules, (schedule) => play(openMemoryStage, schedule)),
      { numRuns: RUNS },
    );
  },
  60 * 60_000,
);
