import { describe, expect, test } from '@jest/globals';
import { addBad, type BadRelease, findBad, MOST_BAD_RELEASES } from '../../src/domain/bad-release.ts';
import { DEFAULT_PROMOTE_RULES } from '../../src/domain/promote-rule.ts';
import { decidePromotion } from '../../src/domain/promotion.ts';
import { decideRollback, identifyRelease, rollbackEnvironment } from '../../src/domain/rollback.ts';
import {
  ambiguous,
  DIGEST_1,
  DIGEST_2,
  digest,
  environment,
  file,
  holding,
  SHA_1,
  SHA_2,
  tag,
} from './support.ts';

const prod = environment('prod', ['dev']);

function mark(more: Partial<BadRelease> = {}): BadRelease {
  return {
    application: 'checkout',
    environment: 'prod',
    fingerprint: '0123456789abcdef',
    release: 'v2',
    by: 'sam',
    reason: 'errors',
    url: 'https://github.example/acme/gitops/issues/1#issuecomment-5',
    atMs: 0,
    isAutomatic: false,
    pull: null,
    rollback: { release: 'v1', commit: SHA_1, badCommit: SHA_2, fromMs: null, untilMs: null },
    ...more,
  };
}

const decide = (bad: ReturnType<typeof holding>, before = holding(tag('v1')), held = bad, terms = prod) =>
  decideRollback(mark(), terms, { bad, before, held }, DEFAULT_PROMOTE_RULES);

describe('a rollback', () => {
  test('brings promoted values back to an older version, whatever the environment says of downgrades', () => {
    const decision = decide(holding(tag('v2'), digest(DIGEST_2)), holding(tag('v1'), digest(DIGEST_1)));
    expect(decision?.promotion).toMatchObject({
      from: ['prod'],
      to: 'prod',
      release: { label: 'v1' },
      rollsBack: { release: 'v2' },
    });
    expect(decision?.promotion?.changes.map(({ from, to }) => [from, to])).toEqual([
      ['v2', 'v1'],
      [DIGEST_2, DIGEST_1],
    ]);
  });

  test('brings whole files back and takes new ones away', () => {
    const decision = decide(
      holding(tag('v2'), file('a.yaml', SHA_2), file('new.yaml', SHA_2)),
      holding(tag('v1'), file('a.yaml', SHA_1)),
    );
    const changes = decision?.promotion?.changes.map(({ name, to }) => [name, to]);
    expect(changes).toContainEqual(['a.yaml', `100644 ${SHA_1}`]);
    expect(changes).toContainEqual(['new.yaml', null]);
  });

  test('leaves alone what the environment did not hold then', () => {
    const decision = decide(holding(tag('v2'), tag('7', 'sidecar')));
    expect(decision?.promotion?.changes).toHaveLength(1);
  });

  test.each<[string, ReturnType<typeof holding>]>([
    ['it holds what was there before', holding(tag('v1'))],
    ['it holds something newer', holding(tag('v3'))],
    ['somebody brought a part of it back', holding(tag('v2'), tag('1', 'sidecar'))],
  ])('is over once %s', (_, held) => {
    const bad = holding(tag('v2'), tag('2', 'sidecar'));
    expect(decide(bad, holding(tag('v1'), tag('1', 'sidecar')), held)).toBeNull();
  });

  test('is stopped by what the environment lets in, and by what cannot be told', () => {
    const kept = decide(holding(tag('v2')), holding(tag('v1')), holding(tag('v2')), {
      ...prod,
      allow: ['>=2'],
    });
    expect(kept).toMatchObject({ promotion: null, isBlocked: true });
    expect(kept?.notPromoted[0]?.reason).toContain('`allow: >=2` keeps out');
    const unclear = { ...ambiguous('v2', 'v3'), values: [tag('7', 'sidecar'), tag('v2', 'other')] };
    const before = holding(tag('v1'), tag('v1', 'other'));
    expect(decide(unclear, before)).toMatchObject({ promotion: null, isBlocked: true });
  });
});

test('a release is named as the promotion that brought it names it', () => {
  const source = holding(tag('v2'), tag('9', 'only-in-dev'));
  const before = holding(tag('v1'), tag('7', 'only-in-prod'));
  const held = (name: string) => (name === 'dev' ? source : before);
  const { promotion } = decidePromotion('checkout', prod, held, DEFAULT_PROMOTE_RULES);
  const now = holding(tag('v2'), tag('7', 'only-in-prod'));
  const named = identifyRelease(prod, now, [source], before, DEFAULT_PROMOTE_RULES);
  expect(named).toMatchObject({ label: 'v2', fingerprint: promotion!.release.fingerprint });
  // Also when the source has gone on.
  const later = holding(tag('v3'), tag('10', 'only-in-dev'));
  expect(identifyRelease(prod, now, [later], before, DEFAULT_PROMOTE_RULES).fingerprint).toBe(
    named.fingerprint,
  );
});

test('for a rollback an environment has the gates that the config does not skip', () => {
  const gates = [{ kind: 'soak', durationMs: 1, since: 'merged' }, { kind: 'manual' }] as const;
  const terms = { skip: ['soak'], autoMerge: true, isHoldLifted: false, automatic: null } as const;
  const own = environment('prod', ['dev'], { gates, open: 'when-ready' });
  expect(rollbackEnvironment({ ...own, rollback: terms })).toMatchObject({
    gates: [{ kind: 'manual' }],
    autoMerge: true,
    open: 'at-once',
  });
  expect(rollbackEnvironment(own)).toMatchObject({ gates, autoMerge: false });
});

test('a release has one mark in a target, and of very many the oldest are forgotten', () => {
  const again = addBad([mark()], mark({ by: 'dan' }));
  expect(again.map(({ by }) => by)).toEqual(['dan']);
  expect(addBad(again, mark({ environment: 'qa' }))).toHaveLength(2);
  expect(findBad(again, { application: 'checkout', environment: 'prod' }, mark().fingerprint)).toBe(again[0]);
  expect(findBad(again, { application: 'checkout', environment: 'qa' }, mark().fingerprint)).toBeNull();
  const many = Array.from({ length: MOST_BAD_RELEASES }, (_, index) => mark({ application: `app-${index}` }));
  expect(addBad(many, mark())).toHaveLength(MOST_BAD_RELEASES);
  expect(addBad(many, mark()).at(0)?.application).toBe('app-1');
});
