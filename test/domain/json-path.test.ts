import { parseJsonPath, valueAt } from '../../src/domain/json-path.ts';

const JSON_TEXT = '{"status":{"checks":[{"state":"ok","is-up":true}],"none":null},"__proto__":{"x":1}}';
const json: unknown = JSON.parse(JSON_TEXT);
const at = (path: string) => valueAt(json, parseJsonPath(path)!);

test('finds what stands there', () => {
  expect(at('status.checks[0].state')).toBe('ok');
  expect(at('status.checks[0].is-up')).toBe(true);
  expect(at('status.none')).toBeNull();
  expect(valueAt([['a']], parseJsonPath('[0][0]')!)).toBe('a');
});

test('finds nothing where nothing stands, not even what objects and texts have by themselves', () => {
  for (const path of ['status.other', 'status.checks[1]', 'status[0]', 'status.none.x', 'status.toString'])
    expect(at(path)).toBeUndefined();
  expect(at('status.checks.length')).toBeUndefined();
  expect(at('status.checks[0].state[0]')).toBeUndefined();
  expect(at('constructor')).toBeUndefined();
});

test.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[-1]', 'a[01]', 'a b', 'a[0]b', '$..a', 'a[*]', '1a'])(
  '%j is no path',
  (text) => {
    expect(parseJsonPath(text)).toBeNull();
  },
);
