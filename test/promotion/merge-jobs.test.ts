import { mergeJobs, reconcileJob } from '../../src/promotion/merge-jobs.ts';
import type { DispatchedBuild, Job } from '../../src/promotion/ports/jobs.ts';

const dispatch = (type: string): DispatchedBuild => ({
  repository: 'acme/checkout',
  type,
  payload: {},
  order: 1,
  sender: 'ci',
});
const source = (...builds: DispatchedBuild[]): Job => ({
  kind: 'source',
  repository: 'acme/checkout',
  builds,
});
const command: Job = { kind: 'command', repository: 'acme/fleet', comment: 1 };

test('two looks at a repository become one, and lose nothing of what they know', () => {
  const earlier = reconcileJob('acme/fleet', { lookAt: ['acme/a'], ended: [1, 2] });
  const later = reconcileJob('acme/fleet', {
    lookAt: ['acme/b', 'acme/a'],
    ended: [2],
  });
  expect(mergeJobs(earlier, later)).toEqual({
    kind: 'reconcile',
    repository: 'acme/fleet',
    lookAt: ['acme/a', 'acme/b'],
    ended: [1, 2],
  });
});

test('a look at the merge queue is not lost', () => {
  const queued = reconcileJob('acme/fleet', { queue: true });
  expect(mergeJobs(queued, reconcileJob('acme/fleet'))).toEqual(queued);
  expect(mergeJobs(reconcileJob('acme/fleet'), queued)).toEqual(queued);
});

test('builds of one source go together, in their order', () => {
  expect(mergeJobs(source(dispatch('x')), source(dispatch('y')))).toEqual(
    source(dispatch('x'), dispatch('y')),
  );
});

test('a button that is pressed twice is pressed once', () => {
  const press: Job = {
    kind: 'button',
    repository: 'acme/fleet',
    checkRun: 1,
    identifier: 're-evaluate',
    sender: 'dan',
    headSha: 'a'.repeat(40),
  };
  expect(mergeJobs(press, { ...press })).toEqual(press);
  expect(mergeJobs(press, { ...press, sender: 'ann' })).toBeNull();
  expect(mergeJobs(press, command)).toBeNull();
});

test('what is not equal stays apart', () => {
  expect(mergeJobs(reconcileJob('acme/fleet'), reconcileJob('acme/other'))).toBeNull();
  expect(mergeJobs(reconcileJob('acme/fleet'), command)).toBeNull();
  expect(mergeJobs(command, { ...command, comment: 2 })).toBeNull();
  expect(mergeJobs(source(), reconcileJob('acme/checkout'))).toBeNull();
});
