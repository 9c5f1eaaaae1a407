import { readLines, toLines } from '../../../src/history/ledger/chain.ts';
import { recordOf } from '../support.ts';

const records = [1, 2, 3, 4].map((pull) => recordOf({ pull, release: `v${pull}\n\u2028"` }));

const file = (text: string) => [{ path: 'history/0001.jsonl', text }];
const whole = toLines(null, records);

test('what was written in several goes is one chain, and gives the records back', () => {
  const first = toLines(null, records.slice(0, 1));
  const second = toLines(first.last, records.slice(1, 2));
  const third = toLines(second.last, records.slice(2));
  expect(third.last).toBe(whole.last);
  const read = readLines([
    { path: 'history/0001.jsonl', text: first.text + second.text },
    { path: 'history/0002.jsonl', text: third.text },
  ]);
  expect(read.problems).toEqual([]);
  expect(read.lines.map(({ record }) => record)).toEqual(records);
  expect(read.lines.at(-1)?.hash).toBe(whole.last);
});

test.each([
  ['a word was changed', (lines: string[]) => lines.with(1, lines[1]!.replace('checkout', 'chekout')), 3],
  ['a line was taken out', (lines: string[]) => lines.toSpliced(1, 1), 2],
  ['a line was put in', (lines: string[]) => lines.toSpliced(1, 0, lines[0]!), 2],
  ['two lines changed places', ([one, two, ...rest]: string[]) => [two!, one!, ...rest], 1],
  ['the first ones were cut off', (lines: string[]) => lines.slice(2), 1],
])('%s', (_, tamper, line) => {
  const lines = whole.text.trimEnd().split('\n');
  const { problems } = readLines(file(`${tamper(lines).join('\n')}\n`));
  expect(problems[0]).toContain(`history/0001.jsonl:${line}: does not follow`);
});

test('what is no record is told with its place', () => {
  const { problems, lines } = readLines(file(`${whole.text}{"previous": null}\nnonsense\n`));
  expect(lines).toHaveLength(4);
  expect(problems).toEqual(
    expect.arrayContaining([
      'history/0001.jsonl:5: is not a record as Sluice writes it',
      'history/0001.jsonl:6: is not a record as Sluice writes it',
    ]),
  );
});
