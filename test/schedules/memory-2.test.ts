import { test } from '@jest/globals';
import { openMemoryStage } from '../stages/memory-stage.ts';
import { assertSchedules, countOf, TIMEOUT_MS } from './assert-schedules.ts';

// Two files, so that two processes share the work.
test(
  'whatever happens in whatever order, the promises hold',
  () => assertSchedules(openMemoryStage, Math.ceil(countOf('SLUICE_SCHEDULES', 2_000) / 2), 2),
  TIMEOUT_MS,
);
