import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { type ChangedFile, deriveTree } from '../../src/github/derive-tree.ts';
import { blobSha } from '../../src/github/git-hash.ts';
import type { TreeEntry } from '../../src/promotion/ports/git.ts';
import { diffCommits } from '../../src/sandbox/git-diff.ts';

let dir: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args]).toString();

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'sluice-derive-'));
  git('init', '-q', '-b', 'main');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Commits exactly these files; real git says what they are. */
function commit(files: Record<string, string>, prepare: () => void = () => {}): string {
  git('rm', '-rqf', '--ignore-unmatch', '.');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  prepare();
  git('add', '-A');
  git('commit', '-qm', 'x', '--allow-empty');
  return git('rev-parse', 'HEAD').trim();
}

function listed(commitSha: string): TreeEntry[] {
  const lines = git('ls-tree', '-r', '-t', '-l', '-z', commitSha).split('\0').filter(Boolean);
  return lines.map((line) => {
    const [, mode, type, sha, size, path] = /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line)!;
    return { path: path!, mode: mode!, type: type as 'blob', sha: sha!, sizeBytes: Number(size) || 0 };
  });
}

const treeOf = (commitSha: string) => git('rev-parse', `${commitSha}^{tree}`).trim();
const changes = async (from: string, to: string): Promise<ChangedFile[]> =>
  diffCommits(join(dir, '.git'), from, to);

async function derive(from: string, to: string, texts: Record<string, string>) {
  const byName = new Map(Object.values(texts).map((text) => [blobSha(Buffer.from(text)), text]));
  const textOf = (sha: string) => byName.get(sha) ?? null;
  return deriveTree(listed(from), await changes(from, to), treeOf(to), textOf);
}

test('whatever a commit does to text files, the tree is what git says, or nothing', async () => {
  const line = fc.constantFrom(
    'tag: v1',
    'tag: v2',
    '',
    '# ä',
    'x: "y"\r',
    '\\ No newline',
    '@@ -1 +1 @@',
    '- a',
    '+ b',
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
    .map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''));
  const path = fc.constantFrom('a', 'a.b', 'a-b/x', 'a/x', 'a/b/x', 'a/b.yaml', 'ä/é.yaml', 'z');
  const files = fc
    .dictionary(path, text, { maxKeys: 6 })
    .filter(
      (each) =>
        !Object.keys(each).some((one) => Object.keys(each).some((other) => other.startsWith(`${one}/`))),
    );
  let derived = 0;
  await fc.assert(
    fc.asyncProperty(files, files, async (before, after) => {
      const [from, to] = [commit(before), commit(after)];
      const found = await derive(from, to, before);
      if (!found) return;
      derived++;
      expect(found.entries).toEqual(listed(to));
      const known = [...found.texts].filter(([sha, each]) => blobSha(Buffer.from(each)) !== sha);
      expect(known).toEqual([]);
    }),
    { numRuns: 40 },
  );
  // Not all: an empty file that is new has no patch, nor has one with a NUL in it.
  expect(derived).toBeGreaterThan(20);
}, 120_000);

const KUSTOMIZATION = 'images:\n  - name: a\n    newTag: v1\n';

test('the new text of a file is known, its mode stays, and what nobody read stays unread', async () => {
  const before = { 'dev/k.yaml': KUSTOMIZATION, 'dev/run.sh': 'echo 1\n', 'README.md': 'one\ntwo\n' };
  const executable = () => chmodSync(join(dir, 'dev/run.sh'), 0o755);
  const from = commit(before, executable);
  const after = KUSTOMIZATION.replace('v1', 'v2');
  const to = commit(
    { 'dev/k.yaml': after, 'dev/run.sh': 'echo 2\n', 'README.md': 'one\ntwo\nthree\n' },
    executable,
  );
  const found = await derive(from, to, { known: KUSTOMIZATION, script: 'echo 1\n' });
  expect(found?.entries).toEqual(listed(to));
  expect([...found!.texts.values()].sort()).toEqual(['echo 2\n', after].sort());
});

test.each<[string, Record<string, string>, () => void]>([
  ['a file becomes executable', { k: 'a\n' }, () => chmodSync(join(dir, 'k'), 0o755)],
  ['a link is new', { k: 'a\n' }, () => symlinkSync('k', join(dir, 'l'))],
  ['a binary file is new', { k: 'a\n', b: 'x\0y' }, () => {}],
])('where %s, GitHub has to be asked', async (_what, files, prepare) => {
  const from = commit({ k: 'a\n' });
  expect(await derive(from, commit(files, prepare), { known: 'a\n' })).toBeNull();
});

test('a patch that was tampered with, or a list that lacks a file, never becomes a tree', async () => {
  const from = commit({ 'dev/k.yaml': KUSTOMIZATION, 'prod/k.yaml': KUSTOMIZATION });
  const to = commit({
    'dev/k.yaml': KUSTOMIZATION.replace('v1', 'v2'),
    'prod/k.yaml': KUSTOMIZATION.replace('v1', 'v3'),
  });
  const files = await changes(from, to);
  const from_ = listed(from);
  const derived = (each: ChangedFile[]) => deriveTree(from_, each, treeOf(to), () => KUSTOMIZATION);
  expect(derived(files)?.texts.size).toBe(2);
  expect(derived(files.slice(1))).toBeNull();
  expect(derived(files.map((file) => ({ ...file, patch: file.patch!.replace('v2', 'v9') })))).toBeNull();
  expect(derived(files.map((file) => ({ ...file, sha: files[0]!.sha })))).toBeNull();
});
