import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import type { GateState } from '../../../src/domain/gates/gate.ts';
import { parseButton, remediesOf } from '../../../src/promotion/plan/gate-buttons.ts';

const KINDS: GateSpec['kind'][] = [
  'checks',
  'approvals',
  'manual',
  'window',
  'soak',
  'health',
  'after',
  'policy',
  'http',
  'pull-request',
];

const ADMINS = [{ kind: 'role', role: 'admin' }] as const;

/** Kinds with their state, in the order of the config. */
function remedies(states: Record<string, GateState>, noOverride: string[] = []) {
  const evaluated = Object.entries(states).map(([kind, state]) => ({
    spec: kind === 'release' ? null : ({ kind } as GateSpec),
    result: { gate: kind, state, reason: '' },
  }));
  const { buttons, note } = remediesOf({ noOverride }, evaluated, ADMINS);
  return { buttons: buttons.map(({ identifier }) => identifier), note };
}

test('what has passed can be held, and what is held can be resumed', () => {
  expect(remedies({ soak: 'passed', checks: 'overridden' })).toEqual({ buttons: ['hold'], note: null });
  expect(remedies({ hold: 'waiting', soak: 'passed' })).toEqual({
    buttons: ['re-evaluate', 'resume', 'pass:hold'],
    note: 'Role `admin`: `/override hold REASON` lets `hold` be passed by.',
  });
});

test('the only gate that may be overridden can be, by a button that names it', () => {
  expect(remedies({ soak: 'failed', checks: 'passed' })).toEqual({
    buttons: ['re-evaluate', 'hold', 'pass:soak'],
    note: 'Role `admin`: the button **Override** or `/override soak REASON` lets `soak` be passed by.',
  });
  expect(remedies({ soak: 'waiting', approvals: 'waiting' }, ['approvals'])).toEqual({
    buttons: ['re-evaluate', 'hold', 'pass:soak'],
    note: 'Role `admin`: `/override soak REASON` lets `soak` be passed by.',
  });
});

test('of several, the command is told and no button chooses', () => {
  expect(remedies({ soak: 'waiting', checks: 'failed' })).toEqual({
    buttons: ['re-evaluate', 'hold'],
    note: 'Role `admin`: `/override GATE REASON` lets one of these be passed by: `soak`, `checks`.',
  });
});

test('what nobody may override is not offered', () => {
  expect(remedies({ soak: 'waiting' }, ['soak'])).toEqual({ buttons: ['re-evaluate', 'hold'], note: null });
  expect(remedies({ release: 'waiting' })).toEqual({ buttons: ['re-evaluate', 'hold'], note: null });
});

test.each(KINDS)('the buttons for %s fit what GitHub takes, and are understood again', (kind) => {
  const evaluated = [
    { spec: { kind } as GateSpec, result: { gate: kind, state: 'failed', reason: '' } as const },
  ];
  const { buttons } = remediesOf({ noOverride: [] }, evaluated, ADMINS);
  expect(buttons.length).toBeLessThanOrEqual(3);
  for (const { label, description, identifier } of buttons) {
    expect(label.length).toBeLessThanOrEqual(20);
    expect(description.length).toBeLessThanOrEqual(40);
    expect(identifier.length).toBeLessThanOrEqual(20);
  }
  expect(buttons.map(({ identifier }) => parseButton(identifier))).toEqual([
    { name: 're-evaluate' },
    { name: 'hold' },
    { name: 'override', gate: kind },
  ]);
});

test.each(['', 'pass:', 'pass:So ak', 'pass:-->', 'pass:a\nb', 're-evaluate ', 'holding'])(
  '%j is no button',
  (text) => {
    expect(parseButton(text)).toBeNull();
  },
);

test('the note names those whom the config lets override', () => {
  const evaluated = [
    { spec: { kind: 'soak' } as GateSpec, result: { gate: 'soak', state: 'waiting', reason: '' } as const },
  ];
  const sre = { kind: 'team', organization: 'acme', slug: 'sre' } as const;
  expect(remediesOf({ noOverride: [] }, evaluated, [...ADMINS, sre]).note).toBe(
    'For the role **admin** or a member of the team `acme/sre`: `/override soak REASON` lets `soak` be passed by.',
  );
});
