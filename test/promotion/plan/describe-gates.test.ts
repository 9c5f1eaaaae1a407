import type { GateResult } from '../../../src/domain/gates/gate.ts';
import { describeGates } from '../../../src/promotion/plan/describe-gates.ts';

const AT_MS = Date.parse('2026-11-24T10:00:59Z');
const gate = (more: Partial<GateResult> = {}): GateResult => ({
  gate: 'soak',
  state: 'waiting',
  reason: 'in dev',
  ...more,
});

test('each gate has a row: its state, why, since when, and when it is looked at next', () => {
  const gates = [gate({ sinceMs: AT_MS, lookAgainAtMs: AT_MS + 60_000 }), gate({ gate: 'manual' })];
  expect(describeGates(gates, 'Do this.')).toBe(
    [
      '| gate | state | why | since | next look |',
      '| --- | --- | --- | --- | --- |',
      '| soak | ⏳ waiting | in dev | 2026-11-24T10:00Z | 2026-11-24T10:01Z |',
      '| manual | ⏳ waiting | in dev |  |  |',
      '',
      'Sluice looks again at 2026-11-24T10:01Z, and whenever something happens here.',
      '',
      'Do this.',
    ].join('\n'),
  );
});

test('a column without anything in it is left out', () => {
  expect(describeGates([gate()], null)).toBe(
    '| gate | state | why |\n| --- | --- | --- |\n| soak | ⏳ waiting | in dev |',
  );
});

test('what is asked again and again stands the same at each look', () => {
  const at = (lookAgainAtMs: number) =>
    describeGates(
      [gate({ lookAgainAtMs, lookEveryMs: 300_000 }), gate({ lookAgainAtMs: AT_MS + 3_600_000 })],
      null,
    );
  expect(at(AT_MS)).toBe(at(AT_MS + 17_000));
  expect(at(AT_MS)).toContain('| every 5m |');
  expect(at(AT_MS)).toContain('looks again at 2026-11-24T11:00Z, and every 5m, and whenever');
});

test('what people can do stays, however long the reasons are', () => {
  const gates = Array.from({ length: 60 }, () => gate({ reason: 'x'.repeat(2_000) }));
  const text = describeGates(gates, 'Do this.');
  expect(text.length).toBeLessThan(65_535);
  expect(text.endsWith('Do this.')).toBe(true);
});
