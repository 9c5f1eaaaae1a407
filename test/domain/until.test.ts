import { parseUntil } from '../../src/domain/until.ts';

const SAID_MS = Date.parse('2026-11-27T16:00:00Z');

test.each([
  ['4h', '2026-11-27T20:00:00Z'],
  ['2d', '2026-11-29T16:00:00Z'],
  ['1d12h', '2026-11-29T04:00:00Z'],
  ['2026-12-01', '2026-12-01T00:00:00Z'],
  ['2026-12-01T09:00Z', '2026-12-01T09:00:00Z'],
  ['2026-12-01T09:00:30Z', '2026-12-01T09:00:30Z'],
  ['2026-12-01T09:00+01:00', '2026-12-01T08:00:00Z'],
  ['2028-02-29T00:00-05:30', '2028-02-29T05:30:00Z'],
])('%s is a time', (text, iso) => {
  expect(parseUntil(text, SAID_MS)).toEqual({ ok: true, atMs: Date.parse(iso) });
});

test.each([
  ['2026-12-01T09:00', 'which zone'],
  ['2026-02-30', 'no such date'],
  ['2026-12-01T25:00Z', 'no such date'],
  ['2027-02-29T00:00Z', 'no such date'],
  ['tomorrow', 'write a time such as'],
  ['monday', 'write a time such as'],
  ['', 'write a time such as'],
  ['4', 'write a time such as'],
  ['9999d', 'more than ten years away'],
  ['9999-12-31T23:59-12:00', 'more than ten years away'],
  ['01.12.2026', 'write a time such as'],
])('%j is refused', (text, problem) => {
  expect(parseUntil(text, SAID_MS)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});
