import fc from 'fast-check';
import { describeHistory } from '../../src/history/describe-history.ts';
import { recordOf } from './support.ts';

test('who promoted what when, who asked, approved and overrode', () => {
  const gates = [
    {
      gate: 'soak',
      kind: 'soak',
      state: 'overridden' as const,
      reason: '',
      facts: null,
      override: { by: 'ann', reason: 'urgent', url: 'https://github.example/1' },
    },
  ];
  const merged = recordOf({
    outcome: 'merged',
    mergedAt: '2026-03-02T08:15:30.000Z',
    mergedBy: 'sam',
    requestedBy: ['dan'],
    approvals: [{ by: 'sue', at: null, headSha: 'x' }],
    gates,
  });
  const back = recordOf({ pull: 8, kind: 'rollback', from: [] });
  expect(describeHistory([back, merged], 'checkout').split('\n\n')[1]?.split('\n').slice(2)).toEqual([
    '| 2026-03-01T12:00Z | checkout: build → prod (#8), **rollback** | `v2` | _open_ |  |  |',
    '| 2026-03-02T08:15Z | checkout: staging → prod (#7) | `v2` | **merged** | `sam` | asked for by `dan`; approved by `sue`; soak overridden by `ann` |',
  ]);
});

test('what is left out is said, and so is that there is nothing', () => {
  const many = Array.from({ length: 21 }, (_, pull) => recordOf({ pull }));
  expect(describeHistory(many, null)).toContain('Older ones are left out');
  expect(describeHistory(many.slice(1), null)).not.toContain('left out');
  expect(describeHistory([], 'checkout')).toContain('No promotion of **checkout**');
});

test('names from repositories notify nobody and break no table', () => {
  const text = fc
    .array(fc.constantFrom('@all', '#1', '|', '\n', '`', '](x)', '<b>', 'a'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, text, (application, environment, release) => {
      const told = describeHistory(
        [recordOf({ application, environment, release, mergedBy: release })],
        application,
      );
      expect(told).not.toMatch(/@\w/);
      const row = told.split('\n').find((line) => line.startsWith('| 2026'))!;
      expect(row.replace(/\\./g, '').match(/\|/g)).toHaveLength(7);
    }),
  );
});
