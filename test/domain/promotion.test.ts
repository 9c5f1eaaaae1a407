import { decidePromotion } from '../../src/domain/promotion.ts';
import type { Environment } from '../../src/domain/settings.ts';
import type { HeldValues } from '../../src/domain/value.ts';
import { ambiguous, environment, holding, IMAGE, RULES, ref, SHA_1, SHA_2, tag } from './support.ts';

const PROD = environment('prod', ['staging']);
const FAN_IN = environment('prod', ['qa', 'perf']);

function decide(held: Record<string, HeldValues>, to: Environment = PROD) {
  return decidePromotion('checkout', to, (name) => held[name] ?? null, RULES.promote);
}

function reasons(held: Record<string, HeldValues>, to: Environment = PROD): string[] {
  const { promotion, notPromoted } = decide(held, to);
  expect(promotion).toBeNull();
  return notPromoted.map(({ reason }) => reason);
}

test('a newer release is promoted, with what changes', () => {
  const { promotion, notPromoted } = decide({ staging: holding(tag('v2')), prod: holding(tag('v1')) });
  expect(notPromoted).toEqual([]);
  expect(promotion).toMatchObject({
    application: 'checkout',
    from: ['staging'],
    to: 'prod',
    release: { label: 'v2' },
    changes: [{ name: IMAGE, from: 'v1', to: 'v2' }],
  });
});

test('what is in sync is silent', () => {
  expect(reasons({ staging: holding(tag('v1')), prod: holding(tag('v1')) })).toEqual([]);
});

test('an application that lives in only some environments is fine', () => {
  expect(reasons({ staging: holding(tag('v1')) })).toEqual([]);
  expect(reasons({ prod: holding(tag('v1')) })).toEqual([]);
});

test('a first environment takes builds, not promotions', () => {
  expect(reasons({ prod: holding(tag('v1')) }, environment('prod'))).toEqual([]);
});

test('a target gets nothing that it does not hold', () => {
  const held = { staging: holding(tag('v2', 'ghcr.io/acme/new')), prod: holding(tag('v1')) };
  expect(reasons(held)).toEqual([]);
});

test('only what moves names the release', () => {
  const staging = holding(tag('v2', 'api'), tag('v7', 'proxy'));
  const { promotion } = decide({ staging, prod: holding(tag('v1', 'api'), tag('v7', 'proxy')) });
  expect(promotion?.release.label).toBe('v2');
});

test('a tag that is called like an environment of the promotion names no release', () => {
  const to = environment('eu-1', ['green-2']);
  for (const name of ['eu-1', 'GREEN-2']) {
    const held = { 'green-2': holding(tag(name)), 'eu-1': holding(tag('v1')) };
    expect(reasons(held, to).join()).toMatch(/a floating tag, which names no release/);
  }
  const held = { 'green-2': holding(tag('green-3')), 'eu-1': holding(tag('v1')) };
  expect(decide(held, to).promotion).not.toBeNull();
});

describe('fan-in', () => {
  test('promotes what all sources hold', () => {
    const held = { qa: holding(tag('v2')), perf: holding(tag('v2')), prod: holding(tag('v1')) };
    expect(decide(held, FAN_IN).promotion).toMatchObject({ from: ['qa', 'perf'], release: { label: 'v2' } });
  });

  test('waits while they hold different releases, and says which', () => {
    const held = { qa: holding(tag('v3')), perf: holding(tag('v2')), prod: holding(tag('v1')) };
    expect(reasons(held, FAN_IN)).toEqual([
      'qa holds v3, perf holds v2; prod takes a release that all of them hold',
    ]);
  });

  test('waits for a source that holds only a part', () => {
    const whole = holding(tag('v2', 'a'), tag('v2', 'b'));
    const held = { qa: whole, perf: holding(tag('v2', 'a')), prod: holding(tag('v1', 'a'), tag('v1', 'b')) };
    expect(reasons(held, FAN_IN)).toHaveLength(1);
  });

  test('names a source without the application', () => {
    const held = { qa: holding(tag('v2')), prod: holding(tag('v1')) };
    expect(reasons(held, FAN_IN)).toEqual([
      'checkout does not exist in perf, and prod takes from all of qa, perf',
    ]);
  });
});

test.each([
  ['a downgrade', holding(tag('v21')), holding(tag('v175')), 'a downgrade'],
  ['a floating tag', holding(tag('latest')), holding(tag('v1')), 'a floating tag'],
  ['a range', holding(tag('1.2.3')), holding(tag('^1.2')), 'a version range'],
  ['half a release', holding(tag(SHA_2)), holding(tag(SHA_1), ref(SHA_1)), 'cannot move with it'],
  ['an ambiguous target', holding(tag('v3')), ambiguous('v1', 'v2'), 'different values within one target'],
  ['an ambiguous source', ambiguous('v1', 'v2'), holding(tag('v0')), 'different values within one target'],
])('%s is not promoted, and listed once with the reason', (_, staging, prod, reason) => {
  expect(reasons({ staging, prod })).toEqual([expect.stringContaining(reason)]);
});

test('the environment may allow downgrades and floating tags', () => {
  const down = environment('prod', ['staging'], { allowDowngrade: true });
  expect(decide({ staging: holding(tag('v21')), prod: holding(tag('v175')) }, down).promotion).not.toBeNull();
  const floating = environment('prod', ['staging'], { allowFloating: true });
  expect(
    decide({ staging: holding(tag('main')), prod: holding(tag('v1')) }, floating).promotion,
  ).not.toBeNull();
});

test('what stays behind is listed beside what is promoted', () => {
  const held = {
    staging: holding(tag('v2', 'api'), tag('main', 'proxy')),
    prod: holding(tag('v1', 'api'), tag('v1', 'proxy')),
  };
  const { promotion, notPromoted } = decide(held);
  expect(promotion?.changes).toHaveLength(1);
  expect(notPromoted).toEqual([
    expect.objectContaining({ to: 'prod', reason: expect.stringContaining('`proxy`') }),
  ]);
});
