import fc from 'fast-check';
import { compilePolicy } from '../../src/domain/policy-expression.ts';
import { toPolicyObject } from '../../src/domain/policy-object.ts';
import { within } from '../within.ts';
import { PROMOTION } from './gates/support.ts';

/** A Friday; 19:30 in Kathmandu. */
const NOW_MS = Date.parse('2026-11-27T13:45:00Z');
const OBJECT = toPolicyObject(PROMOTION, ['ann', 'bo'], ['dan'], NOW_MS);

function evaluate(text: string): boolean {
  const compiled = compilePolicy(text);
  if (!compiled.ok) throw new Error(`${compiled.reason} at ${compiled.at}`);
  return compiled.evaluate(OBJECT);
}

function refusal(text: string): { reason: string; at: number } {
  const compiled = compilePolicy(text);
  if (compiled.ok) throw new Error('it is right');
  return compiled;
}

test.each([
  ["application == 'checkout' && to == 'prod' && from == ['staging']", true],
  ["release.label == 'v1.4.2' && release.fingerprint.size() == 16", true],
  ["release.values.exists(v, v.part == 'newTag' && v.value == release.label)", true],
  ["changes.all(c, c.kind == 'image' && c.from == 'v1.4.1' && c.to.startsWith('v1.4.'))", true],
  ["changes.exists_one(c, c.name.endsWith('/checkout'))", true],
  ["size(changes.filter(c, c.kind == 'chart')) > 0", false],
  ["['sluice', 'blocked'].exists(l, l in labels)", true],
  ["actor == 'ann' && actors.exists(a, a == 'bo') && !(actor in authors)", true],
  ["release.label.matches('^v[0-9]+[.][0-9]+[.][0-9]+$')", true],
  ["release.label.matches('^v2')", false],
  ['time.getDayOfWeek() == 5 && time.getHours() == 13 && time.getMinutes() == 45', true],
  ["time.getHours('Asia/Kathmandu') == 19 && time.getMinutes('Asia/Kathmandu') == 30", true],
  ["time.getFullYear('UTC') == 2026 && time.getMonth('UTC') == 10 && time.getDate('UTC') == 27", true],
  ["time.getDayOfWeek('Pacific/Auckland') == 6", true],
  ["time < timestamp('2026-12-24T00:00:00Z') - duration('24h')", true],
  ["time + duration('1h30m') > timestamp('2026-11-27T15:00:00Z')", true],
  ["from[0] == 'staging' ? size(labels) < 3 : false", true],
  ["changes[0].to == 'v1.4.2' && release.values[0].kind == 'image'", true],
])('%s is %s', (text, expected) => {
  expect(evaluate(text)).toBe(expected);
});

test.each([
  ["aplication == 'checkout'", 0, 'there is no `aplication`. Names: application, release, from, to'],
  ["to == 'prod' && release.lable == 'v1'", 24, 'there is no field `lable`'],
  ["changes.all(c, c.knd == 'image')", 17, 'there is no field `knd`'],
  ['application == 3', 0, 'string == int'],
  ["release == 'v1.4.2'", 0, 'Release == string'],
  ['release.label', 0, 'it gives string, and must give true or false'],
  ['actor', 0, 'it gives dyn, and must give true or false'],
  ["to == 'prod' &&", 15, 'this is no CEL'],
  ['', 0, 'this is no CEL'],
  ["actor.login == 'ann'", 0, '`actor` is text, without fields'],
  ["has(release.lable) || to == 'prod'", 0, 'there is no function `has`'],
  ["to.split('') == ['p']", 0, 'there is no function `split`'],
  ['size(changes.map(c, [c, c])) == 1', 5, 'there is no function `map`'],
  ['cel.bind(x, to + to, x == x)', 0, 'there is no function `bind`'],
  ['dyn(to) == 3', 0, 'there is no function `dyn`'],
  ['{to: 1}[to] == 1', 0, 'an index is a number'],
  ["release['label'] == 'v1'", 0, 'an index is a number'],
  ['[[to, to]].exists(x, x == from)', 0, 'a loop goes over a list of the object'],
  ["(from + from).exists(x, x == 'a')", 1, 'a loop goes over a list of the object'],
  ["changes.exists(actor, actor.to == 'v1')", 15, '`actor` has a meaning already'],
  ["changes.exists(c, c.to == 'v1', true)", 0, 'write `exists` with a name and a condition'],
  ["to.matches('(?=a)')", 11, 'this pattern cannot be used'],
  ["to.matches('(')", 11, 'this pattern cannot be used'],
  ["to.matches('a{1}b{1}c{1}d{1}')", 11, 'a pattern has 3 repeats'],
  ["matches(to, 'a')", 0, 'there is no function `matches` like this'],
  ["to.constructor('a')", 0, 'there is no function `constructor`'],
  ["to.matches('a{999}')", 11, 'this pattern repeats too much'],
  ['to.matches(application)', 0, 'the pattern of `matches` is text that is written out'],
  ["time.getHours('Europe/Berlni') == 9", 14, 'the name of a time zone'],
  ["time.getHours('+01:00') == 9", 14, 'the name of a time zone'],
  ["time < timestamp('2026-02-30T00:00:00Z')", 7, 'write the time out'],
  ["time < timestamp('tomorrow')", 7, 'write the time out'],
  ["time < time + duration('soon')", 14, 'write the time out'],
  ['time < timestamp(to)', 7, 'write the time out'],
  ["b'prod' == b'prod'", 0, 'write text, a number, true, false or null'],
])('%s is refused at %i', (text, at, reason) => {
  expect(refusal(text)).toMatchObject({ at, reason: expect.stringContaining(reason) });
});

test('what could take long is refused', () => {
  expect(refusal(Array(200).fill('1<2').join('&&')).reason).toContain('maxAstNodes');
  expect(refusal(`${'('.repeat(200)}true${')'.repeat(200)}`).reason).toContain('maxDepth');
  expect(refusal(`to == '${'x'.repeat(2_000)}'`).reason).toContain('longer than 2000 characters');
  const nested = 'changes.all(a, changes.all(b, changes.all(c, c.to == a.to || c.to == b.to)))';
  expect(refusal(nested).reason).toContain('this may take too long');
  expect(refusal("changes.all(a, changes.all(b, a.to.matches('x+')))").reason).toContain('too long');
});

test('one expression answers for one object after the other, also after an error', () => {
  const compiled = compilePolicy(
    'changes.filter(c, from.exists(f, f == c.part || labels[1] == f)).size() == 1',
  );
  if (!compiled.ok) throw new Error(compiled.reason);
  const withLists = (labels: string[], from: string[]) => ({ ...OBJECT, labels, from });
  expect(() => compiled.evaluate(withLists(['a'], ['dev']))).toThrow('index out of bounds');
  expect(compiled.evaluate(withLists(['a', 'dev'], ['dev']))).toBe(true);
  expect(() => compiled.evaluate(withLists([], ['dev', 'qa']))).toThrow('index out of bounds');
  expect(compiled.evaluate(withLists(['a', 'b'], ['dev', 'qa']))).toBe(false);
});

test.each(['all', 'exists', 'exists_one'])('patterns are those of RE2 in %s too', (loop) => {
  expect(evaluate(`labels.${loop}(l, l.matches('(?i)^SLUICE$'))`)).toBe(true);
});

test('patterns are those of RE2 in a filter, and in a filter of a filter', () => {
  const sluice = "filter(l, l.matches('(?i)^SLUICE$'))";
  expect(evaluate(`labels.${sluice}.${sluice}.size() == 1 && time.getHours('UTC') == 13`)).toBe(true);
});

test('names what it asks for, and nothing else', () => {
  const needs = (text: string) => {
    const compiled = compilePolicy(text);
    return compiled.ok ? [...compiled.needs].sort() : [];
  };
  expect(needs("release.label == 'v1' && to == 'prod'")).toEqual(['release', 'to']);
  expect(needs("release.values.exists(v, v.part == 'digest')")).toEqual(['release', 'values']);
  expect(needs('true || changes.all(c, actor in authors || time < time)')).toEqual([
    'actor',
    'authors',
    'changes',
    'time',
  ]);
});

test('the worst that is let through ends soon', () => {
  const text = 'a'.repeat(1_000);
  const changes = Array(200).fill({ kind: 'image', name: text, part: 'newTag', from: text, to: text });
  const object = toPolicyObject({ ...PROMOTION, changes }, [], [], NOW_MS);
  const slow = compilePolicy("changes.all(c, c.to.matches('(a*)*(a|aa)+[b-z]$') == false)");
  const loops = compilePolicy('changes.all(a, changes.all(b, a.to == b.from))');
  if (!slow.ok || !loops.ok) throw new Error('refused');
  within(10_000, () => {
    expect(slow.evaluate(object)).toBe(true);
    expect(loops.evaluate(object)).toBe(true);
  });
});

test('no text makes the compiler throw, or gives anything but true or false', () => {
  const word = fc.constantFrom(
    ...[
      'to',
      'changes',
      'release',
      '.',
      '.label',
      '.values',
      '(',
      ')',
      '[',
      ']',
      "'prod'",
      '==',
      '!',
      '&&',
      '||',
    ],
    ...[
      'exists',
      '.all(c,',
      'c',
      'in',
      'labels',
      '+',
      '-',
      '1',
      'null',
      'actor',
      '?',
      ':',
      'size(',
      'matches',
    ],
  );
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(word, { maxLength: 14 }).map((all) => all.join(' ')),
  );
  fc.assert(
    fc.property(text, (expression) => {
      const compiled = compilePolicy(expression);
      if (!compiled.ok) {
        expect(compiled.reason).not.toBe('');
        expect(compiled.at).toBeLessThanOrEqual(expression.length);
        return;
      }
      let value: unknown = 'error';
      try {
        value = compiled.evaluate(OBJECT);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect([true, false, 'error']).toContain(value);
    }),
    { numRuns: 2_000 },
  );
});
