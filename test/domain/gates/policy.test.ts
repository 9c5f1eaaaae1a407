import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import type { GateFacts } from '../../../src/domain/gates/facts.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { evaluatePolicy } from '../../../src/domain/gates/policy.ts';
import { facts, PROMOTION } from './support.ts';

/** A Friday. */
const NOW_MS = Date.parse('2026-11-27T16:58:30Z');

const rule = (expression: string) => ({ expression, name: null, message: null });

function policy(rules: { pass?: string[]; deny?: string[] }): Extract<GateSpec, { kind: 'policy' }> {
  return { kind: 'policy', pass: (rules.pass ?? []).map(rule), deny: (rules.deny ?? []).map(rule) };
}

function judge(rules: { pass?: string[]; deny?: string[] }, more: Partial<GateFacts> = {}, nowMs = NOW_MS) {
  return evaluatePolicy(policy(rules), facts(more), nowMs);
}

const TRUE = "to == 'prod'";
const FALSE = "to == 'dev'";

test('passes when all is true that must be, and nothing that must not', () => {
  expect(judge({ pass: [TRUE, "release.label == 'v1.4.2'"], deny: [FALSE] })).toEqual({
    gate: 'policy',
    state: 'passed',
    reason: "`to == 'prod'`, `release.label == 'v1.4.2'` are true; not denied by `to == 'dev'`",
  });
  expect(judge({ deny: [FALSE] })).toMatchObject({ state: 'passed', reason: "not denied by `to == 'dev'`" });
});

test('fails when one is not true, and says which', () => {
  expect(judge({ pass: [TRUE, FALSE] })).toEqual({
    gate: 'policy',
    state: 'failed',
    reason: "`to == 'dev'` is not true",
  });
});

test('deny wins', () => {
  expect(judge({ pass: [TRUE], deny: [TRUE] })).toMatchObject({
    state: 'failed',
    reason: "denied by `to == 'prod'`",
  });
});

test('says the name of a rule and what to do, and shortens an expression without them', () => {
  const named = { expression: FALSE, name: 'only dev', message: 'Promote it by hand.' };
  const spec = { ...policy({}), pass: [named, rule(`${FALSE}\n  ||  to == '${'x'.repeat(200)}'`)] };
  const { reason } = evaluatePolicy(spec, facts(), NOW_MS);
  expect(reason).toContain('"only dev" is not true: Promote it by hand.; ');
  expect(reason).toMatch(/`to == 'dev' \|\| to == 'x{90,100}…` is not true$/);
});

test('waits for what can still come about: a label, a person, a time', () => {
  expect(judge({ pass: ["'qa' in labels"] }).state).toBe('waiting');
  expect(judge({ pass: ['actor != null'] }).state).toBe('waiting');
  expect(
    judge({ deny: ["'blocked' in labels"] }, { promotion: known({ ...PROMOTION, labels: ['blocked'] }) })
      .state,
  ).toBe('waiting');
  expect(judge({ deny: ['time.getDayOfWeek() == 5'] }).state).toBe('waiting');
});

test('knows who asked first, and that nobody did', () => {
  expect(judge({ pass: ["actor == 'ann'"] }, { actors: known(['ann', 'bo']) }).state).toBe('passed');
  expect(judge({ pass: ["actor == 'bo'"] }, { actors: known(['ann', 'bo']) }).state).toBe('waiting');
  expect(judge({ pass: ['actor == null && actors.size() == 0'] }).state).toBe('passed');
  expect(
    judge({ deny: ['actor in authors'] }, { actors: known(['ann']), authors: known(['ann']) }).state,
  ).toBe('waiting');
});

describe('a value that does not stand there', () => {
  test('is an empty text', () => {
    const changes = [{ kind: 'file', name: 'a.yaml', part: 'content', from: null, to: '100644 1' } as const];
    const promotion = known({ ...PROMOTION, changes });
    expect(judge({ pass: ["changes[0].from == ''"] }, { promotion }).state).toBe('passed');
  });
});

describe('what is not known', () => {
  const reason = 'the authors could not be read';

  test('waits, where the expression asks for it, whether it passes or denies', () => {
    const more = { authors: unknown(reason) };
    for (const rules of [{ pass: ["'dan' in authors || true"] }, { deny: ["'dan' in authors && false"] }]) {
      const result = judge(rules, more);
      expect(result.state).toBe('waiting');
      expect(result.reason).toContain(`waits: ${reason}`);
    }
    expect(judge({ pass: [TRUE] }, more).state).toBe('passed');
  });

  test('is also who asked, and what the promotion carries', () => {
    expect(judge({ deny: ["actor == 'eve'"] }, { actors: unknown('no comments') }).state).toBe('waiting');
    expect(judge({ deny: ["'eve' in actors"] }, { actors: unknown('no comments') }).state).toBe('waiting');
    expect(judge({ pass: ['true'], deny: ['false'] }, { promotion: unknown('not due') })).toMatchObject({
      state: 'waiting',
      reason: '`false` waits: not due; `true` waits: not due',
    });
  });

  test('an error while evaluating neither passes nor lets through what is denied', () => {
    for (const rules of [{ pass: ["changes[7].to == 'v1'"] }, { deny: ["changes[7].to == 'v1'"] }]) {
      expect(judge(rules)).toMatchObject({
        state: 'waiting',
        reason: expect.stringContaining('has no answer'),
      });
    }
    expect(judge({ deny: ["actor.startsWith('a')"] }).state).toBe('waiting');
    expect(judge({ pass: ['1 / (size(labels) - 1) == 0'] }).state).toBe('waiting');
  });

  test('an expression that the config should have refused passes nothing', () => {
    for (const bad of ['nothing', 'to', '', 'to.matches(to)']) {
      expect(judge({ pass: [bad] }).state).toBe('waiting');
      expect(judge({ pass: [TRUE], deny: [bad] }).state).toBe('waiting');
    }
  });
});

describe('what is too large to be looked at', () => {
  const change = PROMOTION.changes[0]!;
  const many = known({ ...PROMOTION, changes: Array(201).fill(change) });
  const long = known({ ...PROMOTION, changes: [{ ...change, to: 'x'.repeat(1_001) }] });

  test('waits where the expression asks for it: a part is not the whole', () => {
    expect(judge({ pass: ["changes.all(c, c.kind == 'image')"] }, { promotion: many })).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('`changes` has 201 entries, and a policy looks at 200 at most'),
    });
    expect(judge({ deny: ["changes.exists(c, c.kind == 'chart')"] }, { promotion: long }).state).toBe(
      'waiting',
    );
    expect(judge({ pass: [TRUE] }, { promotion: many }).state).toBe('passed');
  });

  test('so do the values of a release, and not its label', () => {
    const values = Array(201).fill(PROMOTION.release.values[0]);
    const promotion = known({ ...PROMOTION, release: { ...PROMOTION.release, values } });
    expect(judge({ pass: ['release.values.size() > 0'] }, { promotion }).state).toBe('waiting');
    expect(judge({ pass: ["release.label == 'v1.4.2'"] }, { promotion }).state).toBe('passed');
  });
});

describe('time', () => {
  const rules = { deny: ["time.getHours('UTC') >= 17"] };
  const at = (now: string) => judge(rules, {}, Date.parse(now));

  test('is looked at every five minutes, so at full hours', () => {
    expect(at('2026-11-27T16:58:30Z')).toMatchObject({
      state: 'passed',
      lookAgainAtMs: Date.parse('2026-11-27T17:00:00Z'),
    });
    expect(at('2026-11-27T17:00:00Z')).toMatchObject({
      state: 'waiting',
      lookAgainAtMs: Date.parse('2026-11-27T17:05:00Z'),
    });
  });

  test('is looked at by no other policy', () => {
    expect(judge({ pass: [TRUE] })).not.toHaveProperty('lookAgainAtMs');
  });
});
