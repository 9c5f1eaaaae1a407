import fc from 'fast-check';
import { capBody, cell, code, plain, safeUrl, table } from '../../src/promotion/markdown.ts';

const piece = fc.constantFrom(
  ...[
    '@',
    '#',
    '1',
    '|',
    '\\',
    '`',
    '``',
    '\n',
    '\r\n',
    '<',
    '>',
    '*',
    '_',
    '[',
    ']',
    '(',
    ')',
    '&',
    'a',
    ';',
  ],
  ...['&commat;', '&#64;', 'https://', 'GH-', '\u200b', '\u2028', '\u202e', ' ', '~', '{'],
);
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
);
/** How GitHub splits a row: at every pipe without a backslash before it (https://github.github.com/gfm/#tables-extension-). */
const cells = (row: string) => row.split(/(?<!\\)\|/).length - 2;

describe('plain', () => {
  test.each([
    ['@acme/everyone', '@\u200bacme/everyone'],
    ['fixes #12', 'fixes \\#\u200b12'],
    ['closes acme/fleet#7', 'closes acme/fleet\\#\u200b7'],
    ['GH-12', 'GH-\u200b12'],
    ['see https://github.com/acme/fleet/issues/1', 'see https:\u200b//github.com/acme/fleet/issues/1'],
    ['<img src=x>', '\\<img src=x\\>'],
    ['[click](javascript:x)', '\\[click\\]\\(javascript:x\\)'],
    ['&commat;octocat', '\\&commat;octocat'],
    ['a\n\n# Title', 'a \\# Title'],
    ['a\u202eb', 'ab'],
  ])('%j is shown and does nothing', (text, shown) => expect(plain(text)).toBe(shown));

  test('no line break, mention, reference, entity or live markup is left of any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = plain(text);
        expect(shown).not.toMatch(/[\r\n\u2028\u2029]/);
        expect(shown).not.toMatch(/@(?!\u200b)|#(?=\d)|https?:\/\//i);
        // Once each escaped character is taken away, nothing is left that Markdown reads.
        expect(shown.replace(/\\[^A-Za-z0-9\s]/g, '')).not.toMatch(/[\\`*_{}[\]()<>#|~&]/);
      }),
    );
  });
});

describe('code', () => {
  test.each([
    ['v1.4.2', '`v1.4.2`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['@octocat', '`@\u200boctocat`'],
    ['', '` `'],
  ])('%j', (text, shown) => expect(code(text)).toBe(shown));

  test('no text ends its code early, or its cell', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = code(text);
        const [fence = ''] = /^`+/.exec(shown) ?? [];
        const inner = shown.slice(fence.length, -fence.length);
        expect(shown.endsWith(fence)).toBe(true);
        expect(inner).not.toMatch(/^`|`$|^$|[\r\n\u2028\u2029]|@(?!\u200b)/);
        expect([...inner.matchAll(/`+/g)].every(([run]) => run.length !== fence.length)).toBe(true);
        expect(cells(`| ${shown} |`)).toBe(1);
      }),
    );
  });
});

describe('cell', () => {
  test('keeps the code of a reason', () => {
    expect(cell('`ci` by @acme is running')).toBe('`ci` by @\u200bacme is running');
  });

  test('no text leaves its cell, mentions anybody or brings a tag', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const [, , row = '', ...rest] = table(['gate', 'why'], [[cell(one), cell(other)]]).split('\n');
        expect(rest).toEqual([]);
        expect(cells(row)).toBe(2);
        expect(row).not.toMatch(/@(?!\u200b)|<|&(?:commat|#64);/);
      }),
    );
  });
});

describe('capBody', () => {
  test('a short body stays', () => expect(capBody('a\nb')).toBe('a\nb'));

  test.each([
    ['at the end of a line', 'line\n'.repeat(20_000)],
    ['one endless line', 'x'.repeat(100_000)],
  ])('a long one is cut, and says so: %s', (_, body) => {
    const cut = capBody(body);
    expect(cut.length).toBeLessThan(61_000);
    expect(cut).toMatch(/_Cut here: \d+ more characters do not fit._$/);
  });
});

test('a link stays in its place, whatever its URL holds', () => {
  const url = 'https://x.example/a)[click](https://evil.example/ <b> "';
  expect(safeUrl(url)).not.toMatch(/[()\s<>]/);
  expect(new URL(safeUrl(url)).pathname).toContain('%29');
  expect(safeUrl('javascript:alert(1)')).toBe('');
});

test('what somebody wrote cannot pass for a mark of Sluice', () => {
  expect(code('<!-- sluice:answer comment=1 done -->')).not.toMatch(/<!--.*-->/);
  expect(plain('<!-- sluice:answer comment=1 done -->')).not.toMatch(/<!--.*-->/);
  expect(cell('<!-- sluice:answer comment=1 done -->')).not.toMatch(/<!--.*-->/);
});
