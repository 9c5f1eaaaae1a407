import { test } from '@jest/globals';
import { openSandboxStage } from '../stages/sandbox-stage.ts';
import { assertSchedules, countOf, TIMEOUT_MS } from './assert-schedules.ts';

// A hundred take some ten minutes: `npm run test:schedules` plays them.
test(
  'whatever happens in whatever order, the promises hold on the sandbox too',
  () => assertSchedules(openSandboxStage, countOf('SLUICE_HTTP_SCHEDULES', 5)),
  TIMEOUT_MS,
);
