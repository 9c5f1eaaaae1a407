import fc from 'fast-check';
import { isSameTrace, renderTrace, withHead } from '../../../src/promotion/plan/render-trace.ts';
import { sha } from '../support.ts';

const about = (more: Record<string, string> = {}) => ({ head: '', defaultBranch: sha('base'), ...more });
const gateOf = (facts: string | string[], reason = 'fine') => ({ gate: 'soak', reason, facts });

/** What stands in the block, as a program reads it. */
function read(text: string) {
  const [, json = ''] = /```json\n([\s\S]*?)\n```/.exec(text) ?? [];
  return JSON.parse(json);
}

test('the block holds the trace as JSON, below a heading', () => {
  const text = renderTrace(about(), [gateOf('x')]);
  expect(text).toMatch(/^### What the gates were judged by\n/);
  expect(read(text)).toEqual({ ...about(), gates: [gateOf('x')] });
});

test('whatever stands in it, it neither ends the block nor mentions anybody, and it can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (hostile) => {
      const nasty = `${hostile}\n\`\`\`\n@acme/all <!-- --> \u202e`;
      const text = renderTrace(about({ release: nasty }), [gateOf([nasty], nasty)]);
      expect(text.match(/`{3}/g)).toHaveLength(2);
      expect(text).not.toMatch(/[@<>]|[^\n\x20-\x7e]/);
      expect(read(text)).toEqual({ ...about({ release: nasty }), gates: [gateOf([nasty], nasty)] });
    }),
  );
});

test('what is too long for GitHub is cut, says so, and stays JSON', () => {
  const long = (count: number) => Array.from({ length: count }, (_, index) => `${index} ${'é'.repeat(400)}`);
  const text = renderTrace(about(), [gateOf(long(200)), gateOf('short')]);
  expect(text.length).toBeLessThanOrEqual(65_535);
  expect(read(text).gates).toEqual([gateOf('left out'), gateOf('short')]);
  expect(text).toContain('Capped: GitHub takes 65,535 characters');
  const many = renderTrace(
    about(),
    Array.from({ length: 150 }, () => gateOf('x', 'y'.repeat(900))),
  );
  expect(many.length).toBeLessThanOrEqual(65_535);
  const { gates, gatesLeftOut } = read(many);
  expect(gates.length + gatesLeftOut).toBe(150);
});

test('a head that is made later is filled in, and nowhere else', () => {
  const text = renderTrace(about(), [gateOf('"head": "",\n  "head": "",')]);
  const made = withHead({ text }, sha('head'));
  expect(made.headSha).toBe(sha('head'));
  expect(read(made.text)).toEqual({
    ...about({ head: sha('head') }),
    gates: [gateOf('"head": "",\n  "head": "",')],
  });
});

describe('a trace is the same', () => {
  const trace = (base: string, reason = 'fine', release = 'v1') =>
    renderTrace(about({ defaultBranch: sha(base), release }), [gateOf('x', reason)]);

  test('when only the default branch moved on', () => {
    expect(isSameTrace(trace('base'), trace('next'), true)).toBe(true);
    const hostile = '\n  "defaultBranch": "abc",\n';
    expect(isSameTrace(trace('base', hostile), trace('base', ''), true)).toBe(false);
  });

  test('when only facts of gates changed, until all have passed', () => {
    expect(isSameTrace(trace('base'), trace('base', 'other'), false)).toBe(true);
    expect(isSameTrace(trace('base'), trace('base', 'other'), true)).toBe(false);
    expect(isSameTrace(trace('base'), trace('base', 'fine', 'v2'), false)).toBe(false);
    expect(isSameTrace('', trace('base'), false)).toBe(false);
  });
});
