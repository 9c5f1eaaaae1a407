import { readLines } from '../../../src/history/ledger/chain.ts';
import type { EndedPull } from '../../../src/history/ledger/ledger-index.ts';
import { parseIndex } from '../../../src/history/ledger/ledger-index.ts';
import { writeLedger } from '../../../src/history/ledger/write-ledger.ts';
import type { FileEdit } from '../../../src/promotion/ports/git.ts';
import type { StateHost } from '../../../src/promotion/ports/history.ts';
import { sha } from '../../promotion/support.ts';
import { recordOf } from '../support.ts';

interface Made {
  files: Map<string, string>;
  message: string;
  isSluices: boolean;
}

/** The state branch in memory. `beforeAdvance` happens right before the branch would move. */
function stateBranch(beforeAdvance: () => Promise<void> = async () => undefined) {
  const commits = new Map<string, Made>();
  const texts = new Map<string, string>();
  let tip: string | null = null;
  const move = (from: string | null) => async (_: string, to: string) => {
    await beforeAdvance();
    if (tip !== from) return false;
    tip = to;
    return true;
  };
  const add = (files: Map<string, string>, message: string, isSluices = true) => {
    const name = sha(`${commits.size} ${message}`);
    commits.set(name, { files, message, isSluices });
    return name;
  };
  let parent: string | null = null;
  const host = {
    readBranch: async () => tip,
    readCommit: async (at: string) => ({ sha: at, treeSha: at, ...commits.get(at)! }),
    readTree: async (at: string) =>
      [...commits.get(at)!.files].map(([path, text]) => {
        texts.set(sha(text), text);
        return { path, mode: '100644', type: 'blob' as const, sha: sha(text), sizeBytes: text.length };
      }),
    readText: async (blob: string) => texts.get(blob) ?? null,
    async createCommit(input: {
      baseTree: string | null;
      parents: string[];
      files: FileEdit[];
      message: string;
    }) {
      const files = new Map(input.baseTree === null ? [] : commits.get(input.baseTree)!.files);
      for (const edit of input.files) if ('content' in edit) files.set(edit.path, edit.content);
      parent = input.parents[0] ?? null;
      const name = add(files, input.message);
      return { sha: name, treeSha: name };
    },
    createBranch: move(null),
    advanceBranch: (branch: string, to: string) => move(parent)(branch, to),
  };
  const files = () => commits.get(tip!)!.files;
  const ledger = () => [...files()].filter(([path]) => path.startsWith('history/'));
  return {
    host: host as unknown as StateHost,
    files,
    count: () => commits.size,
    lines: () => readLines(ledger().map(([path, text]) => ({ path, text }))),
    setTip(entries: [string, string][], message: string, isSluices = true) {
      tip = add(new Map(entries), message, isSluices);
    },
  };
}

const merged = (pull: number, release = 'v2'): EndedPull => ({
  pull,
  records: [recordOf({ pull, release, outcome: 'merged' })],
});

test('one commit for all that have ended, with what makes the branch believed; none for what is there', async () => {
  const branch = stateBranch();
  const written = await writeLedger(branch.host, [merged(1), merged(2)]);
  expect(written).toMatchObject({ kept: [1, 2], addedCount: 2 });
  expect(branch.count()).toBe(1);
  expect([...branch.files().keys()]).toEqual(['history/0001.jsonl', 'history.json', 'holds.json']);
  expect(await writeLedger(branch.host, [merged(1), merged(2)])).toEqual({ ...written, addedCount: 0 });
  expect(branch.count()).toBe(1);
  await writeLedger(branch.host, [merged(2), merged(3)]);
  expect(branch.lines()).toMatchObject({
    problems: [],
    lines: [1, 2, 3].map((pull) => ({ record: { pull } })),
  });
  expect(parseIndex(branch.files().get('history.json')!)).toMatchObject({
    count: 3,
    last: branch.lines().lines.at(-1)?.hash,
    merged: new Set([1, 2, 3]),
  });
});

test('a long file is followed by another, and a long batch by another commit', async () => {
  const branch = stateBranch();
  const long = 'x'.repeat(200_000);
  expect((await writeLedger(branch.host, [merged(1, long), merged(2, long)])).kept).toEqual([1, 2]);
  expect(
    (
      await writeLedger(
        branch.host,
        [3, 4, 5].map((pull) => merged(pull, long)),
      )
    ).kept,
  ).toEqual([3, 4]);
  const { kept } = await writeLedger(branch.host, [merged(5, 'x'.repeat(600_000))]);
  expect(kept).toEqual([5]);
  expect([...branch.files().keys()]).toContain('history/0003.jsonl');
  expect(branch.lines()).toMatchObject({ problems: [], lines: { length: 5 } });
});

test('of two that write at a time neither loses anything', async () => {
  let rival: (() => Promise<void>) | null = null;
  const branch = stateBranch(async () => {
    const first = rival;
    rival = null;
    await first?.();
  });
  await writeLedger(branch.host, [merged(1)]);
  rival = async () => void (await writeLedger(branch.host, [merged(2)]));
  await writeLedger(branch.host, [merged(3)]);
  expect(branch.lines()).toMatchObject({
    problems: [],
    lines: [1, 2, 3].map((pull) => ({ record: { pull } })),
  });
});

test.each([
  ['is not the App’s own', [['holds.json', '']], 'Mine', false, /which Sluice did not make/],
  [
    'holds an index of a later version',
    [['history.json', '{"version":2}']],
    'x\n\nSluice-State: 1',
    true,
    /version/,
  ],
  [
    'lacks its last file',
    [
      [
        'history.json',
        '{"version":1,"count":1,"last":null,"file":"history/0001.jsonl","merged":"","closed":{}}',
      ],
    ],
    'x\n\nSluice-State: 1',
    true,
    /is not there/,
  ],
] as const)('nothing is written on a branch that %s', async (_, files, message, isSluices, reason) => {
  const branch = stateBranch();
  branch.setTip(
    files.map(([path, text]): [string, string] => [path, text]),
    message,
    isSluices,
  );
  await expect(writeLedger(branch.host, [merged(1)])).rejects.toThrow(reason);
  expect(branch.count()).toBe(1);
});
