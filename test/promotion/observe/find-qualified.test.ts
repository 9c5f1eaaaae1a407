import { expect, test } from '@jest/globals';
import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import { DEFAULT_PROMOTE_RULES } from '../../../src/domain/promote-rule.ts';
import { decidePromotion } from '../../../src/domain/promotion.ts';
import { makeRelease } from '../../../src/domain/release.ts';
import { findQualified } from '../../../src/promotion/observe/find-qualified.ts';
import type { ReportReader } from '../../../src/promotion/observe/report-reader.ts';
import type { Stay } from '../../../src/promotion/snapshot.ts';
import { environment, holding, tag } from '../../domain/support.ts';
import { baseOf, sha } from '../support.ts';

const NOW_MS = Date.parse('2026-11-27T12:00:00Z');
const HOUR_MS = 60 * 60 * 1000;
const SOAK: GateSpec = { kind: 'soak', durationMs: 10 * HOUR_MS, since: 'merged' };
const HEALTH: GateSpec = {
  kind: 'health',
  source: { kind: 'status', name: 'health', by: null },
  durationMs: HOUR_MS,
};

/** Releases that the source held, newest first, each with the hours ago at which it came. */
function staysOf(past: readonly (readonly [string, number])[], more: Partial<Stay> = {}): Stay[] {
  const base = baseOf([]);
  return past.map(([release, hoursAgo], index) => ({
    target: {
      location: { application: 'checkout', environment: 'dev', root: 'apps/checkout/dev', isFile: false },
      held: holding(tag(release)),
      texts: new Map(),
    },
    commit: { ...base.commit, sha: sha(`${release} ${hoursAgo}`) },
    key: release,
    tips: [sha(`${release} ${hoursAgo}`)],
    fromMs: NOW_MS - hoursAgo * HOUR_MS,
    isAtLatest: false,
    untilMs: index === 0 ? null : NOW_MS - past[index - 1]![1] * HOUR_MS,
    isBeforeKnown: true,
    ...more,
  }));
}

/** What comes next to a target that holds `held`. */
async function find(
  held: string,
  stays: readonly Stay[],
  gates: GateSpec[] = [SOAK],
  on: ReportReader['on'] = async () => [],
  carried: string | null = null,
  bad: readonly string[] = [],
) {
  const prod = environment('prod', ['dev'], { gates, allow: ['<9'] });
  const read: string[] = [];
  async function* list() {
    for (const stay of stays) {
      read.push(stay.key);
      yield stay;
    }
  }
  const found = await findQualified(
    {
      application: 'checkout',
      environment: prod,
      base: baseOf([]),
      reports: { on, of: async () => [] },
      nowMs: NOW_MS,
      carried,
      isBad: async (fingerprint) => bad.includes(fingerprint),
      decide: (past) =>
        decidePromotion(
          'checkout',
          prod,
          (name) => (name === 'dev' ? past : holding(tag(held))),
          DEFAULT_PROMOTE_RULES,
        ),
    },
    list(),
  );
  return { found: found.kind === 'qualified' ? found.stay.key : found.kind, read, result: found };
}

test.each<[string, string, (readonly [string, number])[], string]>([
  [
    'the current one, when it has',
    '1.0',
    [
      ['1.2', 10],
      ['1.1', 40],
    ],
    '1.2',
  ],
  [
    'the newest that has, when the current one has not',
    '1.0',
    [
      ['1.3', 1],
      ['1.2', 5],
      ['1.1', 15],
      ['1.0', 40],
    ],
    '1.1',
  ],
  [
    'none that was replaced too soon',
    '1.0',
    [
      ['1.2', 1],
      ['1.1', 10.9],
      ['1.0', 40],
    ],
    'none',
  ],
  [
    'none older than what the target holds',
    '1.2',
    [
      ['1.3', 1],
      ['1.2', 5],
      ['1.1', 25],
    ],
    'none',
  ],
  [
    'not that which the target holds',
    '1.1',
    [
      ['1.3', 1],
      ['1.2', 5],
      ['1.1', 25],
    ],
    'none',
  ],
  [
    'not what was taken back',
    '1.0',
    [
      ['1.1', 1],
      ['1.2', 20],
      ['1.1', 22],
    ],
    'none',
  ],
  [
    'not what was taken back before still newer ones came',
    '1.0',
    [
      ['1.4', 1],
      ['1.1', 3],
      ['1.2', 20],
      ['1.1', 22],
    ],
    'none',
  ],
  [
    'not what was taken back by several steps',
    '1.0',
    [
      ['1.1', 1],
      ['1.3', 20],
      ['1.2', 22],
      ['1.1', 25],
    ],
    'none',
  ],
  [
    'the newest before what may not come at all',
    '1.0',
    [
      ['9.1', 1],
      ['1.1', 20],
      ['1.0', 40],
    ],
    '1.1',
  ],
  [
    'nothing of its own where only that is left',
    '1.0',
    [
      ['9.1', 1],
      ['1.0', 40],
    ],
    'current',
  ],
])('takes %s', async (_, held, past, expected) => {
  expect((await find(held, staysOf(past))).found).toBe(expected);
});

test('how the newest stands is told when none has qualified', async () => {
  const { result } = await find(
    '1.0',
    staysOf([
      ['1.2', 1],
      ['1.1', 5],
      ['1.0', 40],
    ]),
  );
  expect(result).toMatchObject({
    kind: 'none',
    label: '1.2',
    results: [{ state: 'waiting', lookAgainAtMs: NOW_MS + 9 * HOUR_MS }],
  });
});

test('a release that may be one that was taken back does not qualify', async () => {
  const stays = staysOf(
    [
      ['1.2', 1],
      ['1.1', 20],
    ],
    { isBeforeKnown: false },
  );
  expect((await find('1.0', stays)).found).toBe('none');
});

test('a release of which no beginning is known does not qualify', async () => {
  const [current, before] = staysOf([
    ['1.2', 1],
    ['1.1', 20],
  ]);
  expect((await find('1.0', [current!, { ...before!, fromMs: null }])).found).toBe('none');
});

test('no more of the past is read than is needed', async () => {
  const past = [
    ['1.3', 30],
    ['1.2', 60],
    ['1.1', 90],
  ] as const;
  expect((await find('1.0', staysOf(past))).read).toEqual(['1.3']);
  expect(
    (
      await find(
        '1.2',
        staysOf([
          ['1.3', 1],
          ['1.2', 60],
          ['1.1', 90],
        ]),
      )
    ).read,
  ).toEqual(['1.3', '1.2']);
});

const healthy = (atHoursAgo: number, state: 'healthy' | 'unhealthy' = 'healthy') => ({
  name: 'health',
  by: 'ci',
  state,
  atMs: NOW_MS - atHoursAgo * HOUR_MS,
  id: atHoursAgo,
  sha: '',
});

test('a release must have been healthy for long enough while it was there', async () => {
  const stays = staysOf([
    ['1.2', 1],
    ['1.1', 20],
    ['1.0', 40],
  ]);
  const old = stays[1]!.tips[0];
  const says =
    (...reports: ReturnType<typeof healthy>[]): ReportReader['on'] =>
    async (_, tip) =>
      tip === old ? reports : [];
  const gates = [SOAK, HEALTH];
  expect((await find('1.0', stays, gates, says(healthy(10)))).found).toBe('1.1');
  expect((await find('1.0', stays, gates, says())).found).toBe('none');
  expect((await find('1.0', stays, gates, says(healthy(1.5)))).found).toBe('none');
  expect((await find('1.0', stays, gates, says(healthy(10), healthy(2, 'unhealthy')))).found).toBe('none');
  // It was not there any more.
  expect((await find('1.0', stays, gates, says(healthy(10), healthy(0.5, 'unhealthy')))).found).toBe('1.1');
  expect((await find('1.0', stays, gates, says(healthy(0.5)))).found).toBe('none');
});

test('an older release does not take the place of one that could not be asked for', async () => {
  const stays = staysOf([
    ['1.2', 12],
    ['1.1', 40],
    ['1.0', 60],
  ]);
  const on: ReportReader['on'] = async (_, tip) => {
    if (tip === stays[0]!.tips[0]) throw new Error('502');
    return [healthy(30)];
  };
  const { result } = await find('1.0', stays, [SOAK, HEALTH], on);
  expect(result).toMatchObject({ kind: 'none', label: '1.2', isUnread: true });
});

test('no report of health is read for what was replaced too soon', async () => {
  let asked = 0;
  const on: ReportReader['on'] = async () => {
    asked++;
    return [];
  };
  await find(
    '1.0',
    staysOf([
      ['1.3', 1],
      ['1.2', 2],
      ['1.1', 3],
      ['1.0', 60],
    ]),
    [SOAK, HEALTH],
    on,
  );
  expect(asked).toBe(1);
});

test('while the source holds what a pull request carries, no older release takes its place there', async () => {
  const stays = staysOf([
    ['1.2', 1],
    ['1.1', 20],
    ['1.0', 40],
  ]);
  const carries = (release: string) => makeRelease([tag(release)]).fingerprint;
  expect((await find('1.0', stays, [SOAK], undefined, carries('1.2'))).found).toBe('1.2');
  expect((await find('1.0', stays, [SOAK], undefined, carries('1.1'))).found).toBe('1.1');
  // Once it has been replaced, it is judged as any other.
  const replaced = staysOf([
    ['1.3', 1],
    ['1.2', 5],
    ['1.1', 20],
    ['1.0', 40],
  ]);
  expect((await find('1.0', replaced, [SOAK], undefined, carries('1.2'))).found).toBe('1.1');
});

test('a release that is marked as bad where it would go makes room for one that has qualified before it', async () => {
  const stays = staysOf([
    ['1.2', 15],
    ['1.1', 30],
    ['1.0', 60],
  ]);
  const bad = (release: string) => makeRelease([tag(release)]).fingerprint;
  expect((await find('1.0', stays)).found).toBe('1.2');
  expect((await find('1.0', stays, [SOAK], undefined, null, [bad('1.2')])).found).toBe('1.1');
  // An open pull request of it does not keep it either.
  expect((await find('1.0', stays, [SOAK], undefined, bad('1.2'), [bad('1.2')])).found).toBe('1.1');
  // When nothing else has, it is chosen, and told as bad where it is due.
  const all = [bad('1.2'), bad('1.1')];
  expect((await find('1.0', stays, [SOAK], undefined, null, all)).found).toBe('1.2');
});
