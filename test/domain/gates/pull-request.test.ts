import { expect, test } from '@jest/globals';
import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import type { ChangesFact, PullFact } from '../../../src/domain/gates/facts.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { evaluatePullRequest } from '../../../src/domain/gates/pull-request.ts';
import { SHA_1 } from '../support.ts';
import { facts, OLD_HEAD, review } from './support.ts';

type Spec = Extract<GateSpec, { kind: 'pull-request' }>;

const spec = (more: Partial<Spec>): Spec => ({
  kind: 'pull-request',
  labels: [],
  withoutLabels: [],
  reviews: 0,
  allow: [],
  ...more,
});

const pull = (more: Partial<PullFact> = {}): PullFact => ({
  number: 12,
  labels: [],
  headSha: SHA_1,
  reviews: [],
  authors: known(['dan']),
  writers: ['sam', 'Sue', 'dan'],
  ...more,
});

const evaluate = (asked: Spec, change: Partial<ChangesFact>) =>
  evaluatePullRequest(
    asked,
    facts({ changes: known({ pulls: [], pushes: [], builds: [], gaps: [], ...change }) }),
  );

test.each<[string, Partial<Spec>, PullFact[], string, string]>([
  [
    'all labels, whatever their case',
    { labels: ['Ready'] },
    [pull({ labels: ['READY', 'x'] })],
    'passed',
    '#12',
  ],
  [
    'a label that one of them lacks',
    { labels: ['ready'] },
    [pull({ labels: ['ready'] }), pull({ number: 13 })],
    'waiting',
    '#13 lacks the label `ready`',
  ],
  [
    'a label that is unwanted',
    { withoutLabels: ['No'] },
    [pull({ labels: ['no'] })],
    'failed',
    '#12 carries `No`',
  ],
  [
    'nothing that is unwanted',
    { withoutLabels: ['no'] },
    [pull({ labels: ['nono'] })],
    'passed',
    'without `no`',
  ],
  ['no review', { reviews: 1 }, [pull()], 'waiting', '#12 has 0 of 1 approval'],
  ['a review', { reviews: 1 }, [pull({ reviews: [review('sam')] })], 'passed', 'approved by 1 person'],
  ['one of two', { reviews: 2 }, [pull({ reviews: [review('sam'), review('SAM')] })], 'waiting', '1 of 2'],
  ['two of two', { reviews: 2 }, [pull({ reviews: [review('sam'), review('sue')] })], 'passed', '2 people'],
  ['its author', { reviews: 1 }, [pull({ reviews: [review('Dan')] })], 'waiting', 'author of the change'],
  ['an outsider', { reviews: 1 }, [pull({ reviews: [review('eve')] })], 'waiting', 'no write access'],
  [
    'a bot',
    { reviews: 1 },
    [pull({ reviews: [review('sam', { isBot: true })] })],
    'waiting',
    'a bot cannot approve',
  ],
  [
    'an older head',
    { reviews: 1 },
    [pull({ reviews: [review('sam', { sha: OLD_HEAD })] })],
    'waiting',
    'not to the head that was merged',
  ],
  [
    'an approval taken back',
    { reviews: 1 },
    [pull({ reviews: [review('sam'), review('sam', { state: 'changes-requested' })] })],
    'waiting',
    '0 of 1',
  ],
  [
    'an approval dismissed',
    { reviews: 1 },
    [pull({ reviews: [review('sam', { state: 'dismissed' })] })],
    'waiting',
    '0 of 1',
  ],
  [
    'an approval with a comment after it',
    { reviews: 1 },
    [pull({ reviews: [review('sam'), review('sam', { state: 'commented' })] })],
    'passed',
    '#12',
  ],
  [
    'an author who cannot be told',
    { reviews: 1 },
    [pull({ reviews: [review('sam')], authors: unknown('abc has no account') })],
    'waiting',
    'who wrote #12 is not known for sure: abc has no account',
  ],
])('%s', (_, asked, pulls, state, reason) => {
  const result = evaluate(spec(asked), { pulls });
  expect(result).toMatchObject({ gate: 'pull-request', state });
  expect(result.reason).toContain(reason);
});

test('what was pushed, or built, fails unless the config lets it come without a pull request', () => {
  const asked = { reviews: 1 };
  const reviewed = pull({ reviews: [review('sam')] });
  const pushed = { pulls: [reviewed], pushes: [OLD_HEAD] };
  const built = { builds: ['acme/checkout@abc'] };
  expect(evaluate(spec(asked), pushed)).toMatchObject({ state: 'failed' });
  expect(evaluate(spec(asked), pushed).reason).toContain(OLD_HEAD.slice(0, 7));
  expect(evaluate(spec({ ...asked, allow: ['push'] }), pushed)).toMatchObject({ state: 'passed' });
  expect(evaluate(spec({ ...asked, allow: ['push'] }), { ...pushed, pulls: [pull()] }).state).toBe('waiting');
  expect(evaluate(spec({ ...asked, allow: ['push'] }), built)).toMatchObject({ state: 'failed' });
  expect(evaluate(spec(asked), built).reason).toContain('acme/checkout@abc');
  expect(evaluate(spec(asked), { builds: [null] })).toMatchObject({ state: 'failed' });
  expect(evaluate(spec({ ...asked, allow: ['build'] }), built)).toMatchObject({ state: 'passed' });
});

test('what is not known, or not known whole, waits', () => {
  const asked = spec({ labels: ['ready'], allow: ['push', 'build'] });
  const good = pull({ labels: ['ready'] });
  expect(evaluatePullRequest(asked, facts({ changes: unknown('GitHub is away') }))).toMatchObject({
    state: 'waiting',
    reason: 'GitHub is away',
  });
  expect(evaluate(asked, {})).toMatchObject({ state: 'waiting' });
  const gap = evaluate(asked, { pulls: [good], gaps: ['too far back'] });
  expect(gap).toMatchObject({ state: 'waiting', reason: 'not all is known: too far back' });
});

test('a hundred pull requests are told in a line', () => {
  const pulls = Array.from({ length: 100 }, (_, index) => pull({ number: index + 1 }));
  expect(evaluate(spec({ labels: ['ready'] }), { pulls }).reason).toMatch(/#10 lacks .* and 90 more$/);
});
