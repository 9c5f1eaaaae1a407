import { findOwners, parseCodeowners } from '../../../src/promotion/observe/observe-owners.ts';
import type { TreeEntry } from '../../../src/promotion/ports/git.ts';
import { baseOf } from '../support.ts';

function ownersOf(codeowners: string, path: string): string[] | undefined {
  return parseCodeowners(codeowners).findLast(({ matches }) => matches(path))?.owners;
}

test('the last pattern that matches decides', () => {
  const text = '* @acme/all\n/apps/ @alice\n/apps/*/prod/ @acme/sre @Bob\n';
  expect(ownersOf(text, 'README.md')).toEqual(['acme/all']);
  expect(ownersOf(text, 'apps/checkout/dev/kustomization.yaml')).toEqual(['alice']);
  expect(ownersOf(text, 'apps/checkout/prod/kustomization.yaml')).toEqual(['acme/sre', 'Bob']);
});

test('a line without owners takes the ownership away', () => {
  expect(ownersOf('/apps/ @alice\n/apps/lab/\n', 'apps/lab/x.yaml')).toEqual([]);
});

test.each([
  ['*.yaml', 'apps/a/b.yaml', true],
  ['/*.yaml', 'apps/b.yaml', false],
  ['docs/*', 'docs/a.md', true],
  ['docs/*', 'docs/deep/a.md', false],
  ['apps/*', 'apps/checkout/prod/kustomization.yaml', false],
  ['docs/', 'other/docs/deep/a.md', true],
  ['/docs/', 'other/docs/a.md', false],
  ['**/prod', 'apps/a/prod/x.yaml', true],
  ['Apps/', 'apps/x', false],
])('%s over %s: %s', (pattern, path, isOwned) => {
  expect(ownersOf(`${pattern} @alice`, path) !== undefined).toBe(isOwned);
});

test('comments, and what GitHub does not take as a pattern, own nothing', () => {
  const text =
    '# /apps/ @mallory\n\n  \n!/apps/ @mallory\n[a-z]pps/ @mallory\n/apps/ @alice # not @mallory\r\n';
  expect(ownersOf(text, 'apps/x')).toEqual(['alice']);
});

test('a file that an e-mail address owns is not nobody’s', () => {
  expect(ownersOf('/apps/ ops@acme.example', 'apps/x')).toEqual(['ops@acme.example']);
});

describe('findOwners', () => {
  const entry = (path: string): TreeEntry => ({
    path,
    mode: '100644',
    type: 'blob',
    sha: path,
    sizeBytes: 9,
  });
  const read = (texts: Record<string, string>, ...paths: string[]) => {
    const readText = async (sha: string) => texts[sha] ?? null;
    return findOwners({ readText }, baseOf(Object.keys(texts).map(entry)), paths);
  };

  test('takes the first place where GitHub looks, and answers for each file', async () => {
    const texts = { CODEOWNERS: '* @bob', '.github/CODEOWNERS': '/apps/ @alice' };
    expect(await read(texts, 'apps/x', 'README.md')).toEqual({
      known: true,
      value: [
        { path: 'apps/x', owners: ['alice'] },
        { path: 'README.md', owners: [] },
      ],
    });
  });

  test('without the file nothing is known, and it says so', async () => {
    expect(await read({}, 'apps/x')).toEqual({
      known: false,
      reason: expect.stringContaining('no CODEOWNERS file'),
    });
  });
});
