import { readFile } from 'node:fs/promises';

const DOCUMENT = 'docs/sandbox.md';

/** The rows of the tables of what Sluice relies on: behaviour, pages, tests. */
async function readRows(): Promise<{ behaviour: string; pages: string; tests: string[] }[]> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [, relied = ''] = /\n## What Sluice relies on\n([\s\S]*?)\n## /.exec(text) ?? [];
  const cells = relied.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return cells
    .filter(([, , , tests]) => tests?.startsWith('`'))
    .map(([, behaviour = '', pages = '', tests = '']) => ({ behaviour, pages, tests: tests.split('<br>') }));
}

test('each behaviour that Sluice relies on names a page of GitHub and tests that there are', async () => {
  const rows = await readRows();
  expect(rows.length).toBeGreaterThan(40);
  const wrong: string[] = [];
  for (const { behaviour, pages, tests } of rows) {
    if (!pages.includes('](https://docs.github.com/')) wrong.push(`${behaviour}: no page of GitHub`);
    for (const each of tests) {
      const [, file = '', name = ''] = /^`([\w/-]+)` (.+)$/.exec(each) ?? [];
      const source = await readFile(`test/${file}.test.ts`, 'utf8').catch(() => '');
      const isThere = [`test('${name}'`, `test("${name}"`].some((start) => source.includes(start));
      if (!isThere) wrong.push(`${behaviour}: there is no test ${each}`);
    }
  }
  expect(wrong).toEqual([]);
});
