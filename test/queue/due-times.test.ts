import { reconcileJob } from '../../src/promotion/merge-jobs.ts';
import { makeDueTimes } from '../../src/queue/due-times.ts';

const START_MS = Date.UTC(2026, 10, 29);

test('an owner who brings much at once lets others in between, and what waits is not overtaken for ever', () => {
  let nowMs = START_MS;
  const placeInLine = makeDueTimes(() => nowMs);
  const noisy = Array.from({ length: 300 }, (_, index) => placeInLine(reconcileJob(`noisy/${index}`), 'd'));
  nowMs += 10_000;
  const quiet = placeInLine(reconcileJob('quiet/fleet'), 'd');
  expect(noisy.filter((priority) => priority >= quiet)).toHaveLength(11);
  // When the last of them is due, nothing that comes is before it any more.
  nowMs = START_MS + 300_000;
  expect(placeInLine(reconcileJob('quiet/fleet'), 'd')).toBeLessThan(noisy.at(-1)!);
});

test('commands come before news, and news before a sweep', () => {
  const placeInLine = makeDueTimes(() => START_MS);
  const sweep = placeInLine(reconcileJob('acme/fleet'), null);
  const news = placeInLine(reconcileJob('acme/fleet'), 'guid');
  const command = placeInLine({ kind: 'command', repository: 'acme/fleet', comment: 1 }, null);
  expect([sweep, news, command].sort((a, b) => b - a)).toEqual([command, news, sweep]);
});
