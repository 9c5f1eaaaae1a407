import pino from 'pino';
import { makeObjectCache } from '../../src/github/cache.ts';
import type { Client } from '../../src/github/client.ts';
import { makeGitReader } from '../../src/github/read-git.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { octokitForToken } from '../sandbox/core-clients.ts';

let sandbox: Sandbox;
let token: string;
beforeEach(async () => {
  sandbox = await startSandbox();
  token = sandbox.addUser('dan').token;
  sandbox.addOrganization('acme', { owners: ['dan'] });
});
afterEach(() => sandbox.stop());

const HERE = { owner: 'acme', repo: 'gitops' };
const NAMES = Array.from({ length: 12 }, (_, number) => `apps/a${number}/k.yaml`);
const filesOf = (tag: string) => Object.fromEntries(NAMES.map((name) => [name, `${name}: ${tag}\n`]));

/** A process that reads the default branch, and all that it holds. */
function startProcess() {
  const client = octokitForToken(sandbox, token) as unknown as Client;
  const cache = makeObjectCache();
  return async function look() {
    const context = { client, identity: { id: 1, botLogin: 'x[bot]' }, owner: 'acme', name: 'gitops', cache };
    const whole = { ...context, defaultBranch: 'main', onDefaultBranch: () => {} };
    const reader = makeGitReader(whole, pino({ level: 'silent' }));
    const before = sandbox.calls.length;
    const tip = await reader.readDefaultTip();
    const files = (await reader.readTree(tip!.commit.treeSha)).filter(({ type }) => type === 'blob');
    const texts = await reader.readTexts(files.map(({ sha }) => sha));
    const calls = sandbox.calls
      .slice(before)
      .map(({ path }) => /acme\/gitops\/(git\/)?(\w+)/.exec(path)![2]!);
    return { calls, held: Object.fromEntries(files.map(({ path, sha }) => [path, texts.get(sha)])) };
  };
}

/** Commits each set of files upon the one before, and moves the branch once. */
async function push(...commits: Record<string, string>[]) {
  const dan = octokitForToken(sandbox, token);
  let { data: at } = await dan.git.getRef({ ...HERE, ref: 'heads/main' });
  for (const files of commits) {
    const base = (await dan.git.getCommit({ ...HERE, commit_sha: at.object.sha })).data.tree.sha;
    const blobs = Object.entries(files).map(([path, content]) => ({
      path,
      content,
      mode: '100644' as const,
    }));
    const { data: tree } = await dan.git.createTree({ ...HERE, base_tree: base, tree: blobs });
    const { data: made } = await dan.git.createCommit({
      ...HERE,
      tree: tree.sha,
      parents: [at.object.sha],
      message: 'm',
    });
    at = { ...at, object: { ...at.object, sha: made.sha } };
  }
  await dan.git.updateRef({ ...HERE, ref: 'heads/main', sha: at.object.sha });
}

test('a first look is the tip and one archive; one commit more is nothing but the tip', async () => {
  await sandbox.addRepository({ owner: 'acme', name: 'gitops', files: filesOf('v1') });
  const look = startProcess();
  expect(await look()).toEqual({ calls: ['commits', 'tarball'], held: filesOf('v1') });
  await push(filesOf('v2'));
  expect(await look()).toEqual({ calls: ['commits'], held: filesOf('v2') });
  await push({ 'new.yaml': 'a: 1\n' });
  expect(await look()).toEqual({ calls: ['commits'], held: { ...filesOf('v2'), 'new.yaml': 'a: 1\n' } });
});

test('of several commits the tree is read, and an archive where many texts are new', async () => {
  await sandbox.addRepository({ owner: 'acme', name: 'gitops', files: filesOf('v1') });
  const look = startProcess();
  await look();
  await push(filesOf('v2'), filesOf('v3'));
  expect(await look()).toEqual({ calls: ['commits', 'trees', 'tarball'], held: filesOf('v3') });
  await push({ [NAMES[0]!]: 'one\n' }, { [NAMES[1]!]: 'two\n' });
  const held = { ...filesOf('v3'), [NAMES[0]!]: 'one\n', [NAMES[1]!]: 'two\n' };
  expect(await look()).toEqual({ calls: ['commits', 'trees', 'blobs', 'blobs'], held });
});

test('what an archive leaves out or fills in is asked for', async () => {
  const files = {
    ...filesOf('v1'),
    '.gitattributes': 'left export-ignore\nfilled export-subst\n',
    left: 'out\n',
    filled: '$Format:%H$\n',
  };
  await sandbox.addRepository({ owner: 'acme', name: 'gitops', files });
  const { calls, held } = await startProcess()();
  expect(calls).toEqual(['commits', 'tarball', 'trees', 'blobs', 'blobs']);
  expect(held).toEqual(files);
});

test('where there is no archive to be had, all is read one by one, and none is asked for again', async () => {
  await sandbox.addRepository({ owner: 'acme', name: 'gitops', files: filesOf('v1') });
  sandbox.faults.add({ call: { path: /tarball/ }, effect: { kind: 'answer', status: 404 } });
  const look = startProcess();
  const blobs = NAMES.map(() => 'blobs');
  expect(await look()).toEqual({ calls: ['commits', 'tarball', 'trees', ...blobs], held: filesOf('v1') });
  await push(filesOf('v2'), filesOf('v3'));
  expect(await look()).toEqual({ calls: ['commits', 'trees', ...blobs], held: filesOf('v3') });
});

test('a limit of GitHub ends the look, and the next one is as this would have been', async () => {
  await sandbox.addRepository({ owner: 'acme', name: 'gitops', files: filesOf('v1') });
  const effect = { kind: 'answer', status: 429, headers: { 'retry-after': '60' } } as const;
  sandbox.faults.add({ call: { path: /tarball/ }, nth: 1, effect });
  const look = startProcess();
  await expect(look()).rejects.toMatchObject({ status: 429 });
  expect(sandbox.calls.at(-1)?.path).toContain('tarball');
  expect(await look()).toEqual({ calls: ['commits', 'tarball'], held: filesOf('v1') });
});
