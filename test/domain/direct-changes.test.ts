import { findDirectChanges } from '../../src/domain/direct-changes.ts';
import { ambiguous, DIGEST_1, digest, holding, IMAGE, tag } from './support.ts';

const told = (...sides: Parameters<typeof findDirectChanges>) =>
  findDirectChanges(...sides).map(({ name, part, from, to }) => [name, part, from, to]);

test('values that moved, came or went are changes, wherever they stand', () => {
  expect(told(holding(tag('v1')), holding(tag('v2')))).toEqual([[IMAGE, 'newTag', 'v1', 'v2']]);
  expect(told(holding(tag('v1')), holding(tag('v1'), digest(DIGEST_1)))).toEqual([
    [IMAGE, 'digest', null, DIGEST_1],
  ]);
  expect(told(holding(tag('v1'), digest(DIGEST_1)), holding(tag('v1')))).toEqual([
    [IMAGE, 'digest', DIGEST_1, null],
  ]);
  expect(told(holding(tag('v1')), holding())).toEqual([[IMAGE, 'newTag', 'v1', null]]);
});

test('one value in another place is the same value', () => {
  const value = tag('v1');
  const moved = { ...value, occurrences: [{ path: 'other.yaml', line: 99, document: 1, address: [] }] };
  expect(told(holding(value), holding(moved))).toEqual([]);
});

test('two contents where there was one are a change', () => {
  expect(told(holding(tag('v1')), ambiguous('v1', 'v2'))).toEqual([[IMAGE, 'newTag', 'v1', 'v1, v2']]);
  expect(told(ambiguous('v1', 'v2'), ambiguous('v2', 'v1'))).toEqual([]);
});

test('what held nothing before is new', () => {
  expect(told(holding(), holding(tag('v1')))).toEqual([]);
});
