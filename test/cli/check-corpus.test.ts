import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkCorpus } from '../../src/cli/check-corpus.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corpus-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

test('every value of every kind is changed, and what is refused is counted with its reason', () => {
  write({
    'a/kustomization.yaml':
      'resources:\n- https://github.com/acme/web?ref=v1\nimages:\n- name: web\n  newTag: v1\n',
    'a/notes': 'tag: v1\r\nnext: &x v2\r\nlast: *x\r\nempty:',
    'b/text.md': 'a: b: c\n',
    'b/binary': '\0',
  });
  symlinkSync('notes', join(folder, 'a/link'));
  const lines: string[] = [];
  const check = checkCorpus(folder, (line) => lines.push(line));
  // Two values of the kustomization by their kinds; as plain fields its URL, name and tag; `tag`.
  expect(check).toEqual({ files: 3, values: 8, exact: 6, refused: 2, wrong: 0 });
  expect(lines).toEqual([
    expect.stringMatching(/^b\/text\.md: no values: /),
    expect.stringMatching(/^refused 1: the value has an anchor/),
    expect.stringMatching(/^refused 1: the value is an alias/),
  ]);
});

test('a file with many values is changed in several goes', () => {
  const lines = Array.from({ length: 150 }, (_, index) => `k${index}: {a: v${index}, b: "x"} # c`);
  write({ many: `${lines.join('\n')}\n` });
  expect(checkCorpus(folder, () => {})).toEqual({
    files: 1,
    values: 300,
    exact: 300,
    refused: 0,
    wrong: 0,
  });
});
