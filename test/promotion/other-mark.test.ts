import { groupMark, hasGuard, isGroupMark, isOtherMark, otherMark } from '../../src/promotion/other-mark.ts';
import { environment } from '../domain/support.ts';
import { settings } from './support.ts';

const guarded = (more = {}) =>
  settings({ environments: [environment('prod', [], { guard: true, ...more })] });

test('without a guard the mark says nothing of the config', () => {
  const plain = settings({ environments: [environment('prod', [], { autoMerge: true })] });
  expect([hasGuard(plain), otherMark(plain)]).toEqual([false, 'other']);
  expect(otherMark(settings({ environments: [environment('prod', [], { guard: false })] }))).toBe('other');
});

test('what the guard goes by is in the mark, and nothing else is', () => {
  const mark = otherMark(guarded());
  expect(mark).toMatch(/^other:[0-9a-f]{16}$/);
  expect(otherMark(guarded({ autoMerge: true, reviewers: ['ann'], gates: [{ kind: 'manual' }] }))).toBe(mark);
  expect(otherMark(guarded({ noOverride: ['soak'] }))).toBe(mark);
  const others = [
    guarded({ noOverride: ['guard'] }),
    guarded({ paths: ['clusters/{app}'] }),
    { ...guarded(), promote: [] },
    { ...guarded(), applications: { include: ['a'], exclude: [] } },
    {
      ...guarded(),
      overrides: [{ applications: ['a'], environments: ['prod'], terms: { guard: false }, addedGates: [] }],
    },
  ].map(otherMark);
  expect(new Set([mark, ...others]).size).toBe(6);
});

test('a verdict is told by its mark', () => {
  const mark = otherMark(guarded());
  expect([isOtherMark(mark, mark), isOtherMark('other', mark), isOtherMark(mark, 'other')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([isOtherMark(mark), isOtherMark('other'), isOtherMark('promotion:x:y')]).toEqual([
    true,
    true,
    false,
  ]);
  expect([isGroupMark(groupMark(7, 'abc')), isOtherMark(groupMark(7, 'abc'))]).toEqual([true, false]);
});
