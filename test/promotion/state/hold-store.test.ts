import type { Hold } from '../../../src/domain/hold.ts';
import type { Commit } from '../../../src/promotion/ports/git.ts';
import type { RepositoryReader, RepositoryWriter } from '../../../src/promotion/ports/repository.ts';
import { formatHolds } from '../../../src/promotion/state/hold-document.ts';
import { changeHolds, readHolds, readHoldsBefore } from '../../../src/promotion/state/hold-store.ts';
import { sha } from '../support.ts';

const NOW_MS = Date.parse('2026-11-27T16:00:00Z');

const holdOn = (application: string, untilMs: number | null = null): Hold => ({
  application,
  environment: 'prod',
  untilMs,
  reason: 'errors',
  by: 'sam',
  atMs: 0,
  url: `https://github.example/${application}`,
});

interface Branch {
  text: string;
  path?: string;
  message?: string;
  isSluices?: boolean;
}

/** A repository whose state branch is this, null for none; what is written takes its place. */
function repository(start: Branch | null) {
  let branch = start;
  const written: { parents: string[]; baseTree: string | null; message: string }[] = [];
  const pending = new Map<string, Branch>();
  const tipOf = ({ text }: Branch) => sha(text);
  const host = {
    readBranch: async () => (branch ? tipOf(branch) : null),
    async readCommit(at: string): Promise<Pick<Commit, 'sha' | 'treeSha' | 'message' | 'isSluices'>> {
      const { message = 'Hold\n\nSluice-State: 1', isSluices = true } = branch!;
      return { sha: at, treeSha: sha('tree'), message, isSluices };
    },
    readTree: async () => [
      { path: branch!.path ?? 'holds.json', mode: '100644', type: 'blob', sha: sha('blob'), sizeBytes: 9 },
    ],
    readText: async () => branch!.text,
    async createCommit({
      files,
      ...rest
    }: {
      files: { content: string }[];
      parents: string[];
      baseTree: string | null;
      message: string;
    }) {
      written.push(rest);
      const next = { text: files[0]!.content };
      pending.set(tipOf(next), next);
      return { sha: tipOf(next), treeSha: sha('tree') };
    },
    async createBranch(_: string, at: string) {
      if (branch) return false;
      branch = pending.get(at)!;
      return true;
    },
    async advanceBranch(_: string, at: string) {
      if (written.at(-1)?.parents[0] !== tipOf(branch!)) return false;
      branch = pending.get(at)!;
      return true;
    },
  };
  return {
    host: host as unknown as RepositoryReader & RepositoryWriter,
    written,
    set: (next: Branch | null) => {
      branch = next;
    },
  };
}

const add = (hold: Hold) => (holds: readonly Hold[]) => ({ holds: [...holds, hold], message: 'Hold' });

test('without the branch nobody holds anything', async () => {
  expect(await readHolds(repository(null).host)).toEqual({ known: true, value: [] });
});

test.each<[string, Branch, string]>([
  ['by somebody else', { text: formatHolds([]), isSluices: false }, 'which Sluice did not make'],
  [
    'by the App for something else',
    { text: formatHolds([]), message: 'Promote x\n\nSluice-To: prod' },
    'which Sluice did not make',
  ],
  [
    'that tells of the mark in its text only',
    { text: formatHolds([]), message: 'Hold\n\nSluice-State: 1\n\nbye' },
    'which Sluice did not make',
  ],
  ['without the file', { text: '', path: 'README.md' }, '`holds.json` is not to be found'],
  ['with a file that cannot be read', { text: '{ "holds": [] }' }, 'cannot be read (it is not what Sluice'],
])('a tip %s makes the holds unknown, and nothing is written upon it', async (_, branch, reason) => {
  const { host, written } = repository(branch);
  const unknown = { known: false, reason: expect.stringContaining(reason) };
  expect(await readHolds(host)).toMatchObject(unknown);
  expect(await changeHolds(host, NOW_MS, add(holdOn('checkout')))).toMatchObject(unknown);
  expect(written).toEqual([]);
});

test('GitHub not answering makes the holds unknown for the time being', async () => {
  const { host } = repository(null);
  const failing = { ...host, readBranch: async () => Promise.reject(new Error('Server Error')) };
  expect(await readHolds(failing)).toEqual({
    known: false,
    isPassing: true,
    reason: 'the holds could not be read (Server Error); Sluice asks again',
  });
});

test('the first hold begins a branch of its own, the next one builds on it and drops what has ended', async () => {
  const { host, written } = repository(null);
  await changeHolds(host, NOW_MS, add(holdOn('checkout', NOW_MS)));
  await changeHolds(host, NOW_MS, add(holdOn('cart')));
  expect(written.map(({ parents, baseTree }) => [parents.length, baseTree])).toEqual([
    [0, null],
    [1, sha('tree')],
  ]);
  expect(written.every(({ message }) => message.endsWith('\n\nSluice-State: 1\n'))).toBe(true);
  expect(await readHolds(host)).toEqual({ known: true, value: [holdOn('cart')] });
});

test('what another worker wrote in between is kept', async () => {
  const { host, written, set } = repository(null);
  let isFirst = true;
  await changeHolds(host, NOW_MS, (holds) => {
    if (isFirst) set({ text: formatHolds([holdOn('cart')]) });
    isFirst = false;
    return add(holdOn('checkout'))(holds);
  });
  expect(await readHolds(host)).toEqual({ known: true, value: [holdOn('cart'), holdOn('checkout')] });
  expect(written).toHaveLength(2);
});

test('nothing to change writes nothing, and what nobody could read again is not written', async () => {
  const { host, written } = repository(null);
  expect(await changeHolds(host, NOW_MS, () => null)).toEqual({ known: true, value: 'unchanged' });
  const many = Array.from({ length: 501 }, (_, index) => holdOn(`app${index}`));
  expect(await changeHolds(host, NOW_MS, () => ({ holds: many, message: 'Hold' }))).toMatchObject({
    known: false,
    reason: 'there are 500 holds already; end some of them first',
  });
  const endless = holdOn('checkout', Date.parse('+010000-01-01T00:00:00Z'));
  expect(await changeHolds(host, NOW_MS, add(endless))).toMatchObject({ known: false });
  expect(written).toEqual([]);
});

test('what was held before a word is known too when the history was added to since', async () => {
  const url = 'https://github.example/checkout';
  const mark = 'Sluice-State: 1';
  const commits: Record<string, { message: string; parents: string[]; holds: Hold[] }> = {
    before: { message: `Hold\n\n${mark}`, parents: [], holds: [holdOn('checkout')] },
    resumed: { message: `Resume\n\n${url}\n\n${mark}`, parents: ['before'], holds: [] },
    kept: { message: `Keep 2 ended promotions\n\nLast line: x\n\n${mark}`, parents: ['resumed'], holds: [] },
  };
  const host = {
    readBranch: async () => 'kept',
    readCommit: async (at: string) => ({ ...commits[at]!, sha: at, treeSha: at, isSluices: true }),
    readTree: async (at: string) => [{ path: 'holds.json', type: 'blob', sha: at }],
    readText: async (at: string) => formatHolds(commits[at]!.holds),
  } as unknown as RepositoryReader;
  expect(await readHoldsBefore(host, url)).toEqual([holdOn('checkout')]);
  expect(await readHoldsBefore(host, 'https://github.example/other')).toEqual([]);
});
