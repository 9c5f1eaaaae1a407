import fc from 'fast-check';
import { compareVersions, isContent, isFloating, isPartial, isRange } from '../../src/domain/version.ts';

const SHA_A = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const SHA_B = '9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c';

describe('isFloating', () => {
  test.each(
    'latest main Master trunk develop dev edge nightly canary stable snapshot HEAD staging production prod release next * main-latest latest-alpine3.19 1.x 1.2.x v1.X 1.* refs/heads/main 1.2.3-SNAPSHOT prod-eu qa uat sit INT test perf preprod qa-latest'.split(
      ' ',
    ),
  )('%s floats', (value) => expect(isFloating(value)).toBe(true));

  test.each([
    'v175',
    '1.2',
    '1.2.3',
    'release_1367',
    'build-12',
    'main-42',
    'dev-1a2b3c4',
    'nightly-2024-01-15',
    '1.2.3-dev',
    '1.2.3-next.1',
    'feature-login',
    'qa-42',
    '1.2.3-test',
    '1.2.3-alpine',
    SHA_A,
    `sha256:${'0'.repeat(64)}`,
    '',
  ])('%s names one release', (value) => expect(isFloating(value)).toBe(false));
});

test('a tag that is called like something that floats here floats', () => {
  expect(isFloating('EU-1', ['eu-1'])).toBe(true);
  expect(isFloating('eu-1')).toBe(false);
  expect(isFloating('eu-1-42', ['eu-1'])).toBe(false);
});

describe('a version of a chart', () => {
  test.each(['6', 'v6', '6.5', ' =6.5 '])('%j leaves out parts', (value) =>
    expect(isPartial(value)).toBe(true),
  );

  test.each(['6.5.0', '6.5-rc.1', 'v6.5.0', 'web-6', ''])('%j does not', (value) =>
    expect(isPartial(value)).toBe(false),
  );
});

describe('what is meant is told by content', () => {
  test.each([SHA_A, '1a2b3c4', '1234567', `sha256:${'0'.repeat(64)}`, `web@sha256:${'0'.repeat(64)}`])(
    'in %s',
    (value) => expect(isContent(value)).toBe(true),
  );

  test.each(['main', 'v1', '1.2.3', 'latest', 'sha256:', ''])('not in %j', (value) =>
    expect(isContent(value)).toBe(false),
  );
});

describe('isRange', () => {
  test.each([
    '>=1.0.0-alpha',
    '^1.2',
    '~1.2',
    '~> 1.2',
    '1.2.x',
    '1 - 2',
    '1.2.0 - 1.4',
    '>=1 <2',
    '>=1, <2',
    '1.*',
    '*',
    'a || b',
    '!=1.2.3',
    '  >1 ',
  ])('%s is a range', (value) => expect(isRange(value)).toBe(true));

  test.each([
    '1.2.3',
    'v1.2',
    '=1.2.3',
    '175',
    'v175',
    '1.2.3-rc.1',
    '2024-01-15',
    'latest',
    SHA_A,
    'build-12',
    '',
  ])('%s is not', (value) => expect(isRange(value)).toBe(false));
});

describe('compareVersions', () => {
  test.each([
    ['1.2.3', '1.10.0'],
    ['v1.2.3', '1.10.0'],
    ['1.2', '1.2.1'],
    ['v1', 'v1.2.3'],
    ['1.2.3-alpha', '1.2.3-beta'],
    ['1.2.3-rc.2', '1.2.3-rc.10'],
    ['1.2.3-rc2', '1.2.3-rc10'],
    ['1.2.3rc1', '1.2.3'],
    ['1.2.3-rc.1', '1.2.3'],
    ['1.2.3', '1.2.4-rc.1'],
    ['1.2.3-alpha', '1.2.3-alpha.1'],
    ['1.2.3-1', '1.2.3-alpha'],
    ['1.2.3', '1.2.3-5-g1a2b3c4'],
    ['1.2.3-5-g1a2b3c4', '1.2.3-10-g5d6e7f8'],
    ['1.2.3-alpine', '1.2.10-alpine'],
    ['1.2.3-1a2b3c4', '1.3.0-5d6e7f8'],
    ['app-1.2.3', 'app-1.10.0'],
    ['app-v1.2.3', 'app-1.10.0'],
    ['v21', 'v175'],
    ['21', 'v175'],
    ['v1-2', 'v1-10'],
    ['7', '42'],
    ['release_999', 'release_1367'],
    ['build-9', 'build-12'],
    ['1234567', '7654321'],
    ['2024.01.15', '2024.02.01'],
    ['2024.1', '2024.10'],
    ['2023.12.31', '2024.01.01'],
    ['20240115.3', '20240115.12'],
    ['20240115', '20240115.1'],
    ['2024-01-15T10-00-00Z', '2024-01-15T10-00-01Z'],
    ['RELEASE.2024-01-15T10-00-00Z', 'RELEASE.2024-02-01T00-00-00Z'],
    ['20240115100000', '20240116090000'],
    ['2024-01-15-1a2b3c4', '2024-01-16-0d6e7f8'],
    ['9007199254740993', '9007199254740994'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBe(-1);
    expect(compareVersions(newer, older)).toBe(1);
  });

  test.each([
    ['1.2.3', 'v1.2.3'],
    ['1.2', '1.2.0'],
    ['1.2.3+1', '1.2.3+2'],
    ['2024-01-15', '2024.01.15'],
    [SHA_A, SHA_A],
  ])('%s is as old as %s', (a, b) => expect(compareVersions(a, b)).toBe(0));

  test.each([
    [SHA_A, SHA_B],
    ['1a2b3c4', '5d6e7f8'],
    ['1234567', '5d6e7f8'],
    ['0123456789012345678901234567890123456789', '42'],
    ['sha-1234567', 'sha-7654321'],
    ['main-12345a7', 'main-5'],
    [`sha256:${'0'.repeat(64)}`, `sha256:${'1'.repeat(64)}`],
    ['1.2.3-alpine', '1.2.3-debian'],
    ['1.2.3-alpine', '1.3.0'],
    ['app-1.2.3', 'web-1.2.4'],
    ['v175', '1.2.3'],
    ['2024.01.15', '1.2.3'],
    ['20240115', '175'],
    ['1.2.3-1a2b3c4', '1.2.3-5d6e7f8'],
    ['latest', 'v1'],
    ['>=1.0.0', '1.2.0'],
    ['1.x', '1.2'],
    ['', '1'],
    ['banana', 'apple'],
  ])('no order between %s and %s', (a, b) => {
    expect(compareVersions(a, b)).toBeNull();
    expect(compareVersions(b, a)).toBeNull();
  });

  test('the order of any two texts is the reverse of the order of the two swapped', () => {
    const piece = fc.constantFrom(
      'v',
      '1',
      '2',
      '10',
      '.',
      '-',
      'rc',
      'alpine',
      '2024',
      '01',
      'a1b2c3d',
      '+',
      '_',
      'g',
      'x',
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const order = compareVersions(a, b);
        const back = compareVersions(b, a);
        expect(back).toBe(order === null || order === 0 ? order : -order);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a very long text is answered at once', () => {
    expect(compareVersions(`${'1.'.repeat(200_000)}1`, '1.2')).toBeNull();
    expect(isFloating('a-'.repeat(500_000))).toBe(false);
    expect(isRange(`1${' '.repeat(500_000)}`)).toBe(false);
  });
});

describe('a branch, a commit and what counts', () => {
  test.each([
    ['main-1a2b3c4-1611840548', 'main-9f8e7d6-1611840549'],
    ['1a2b3c4-9', '9f8e7d6-10'],
    [`main-${SHA_A}-9`, `main-${SHA_B}-10`],
  ])('%s is before %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBe(-1);
    expect(compareVersions(newer, older)).toBe(1);
  });

  test('of different branches have no order', () => {
    expect(compareVersions('main-1a2b3c4-1', 'dev-1a2b3c4-2')).toBeNull();
  });
});
