import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { blobSha } from '../../src/github/git-hash.ts';
import { readArchive } from '../../src/github/read-archive.ts';

let dir: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
    maxBuffer: 1e9,
  });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sluice-archive-'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Real git archives the files as GitHub does; in pieces of `pieceBytes`. */
function archive(files: Record<string, string | Buffer>, pieceBytes = 4096) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  git('add', '-A');
  git('commit', '-qm', 'x');
  const bytes = git('archive', '--format=tar.gz', '--prefix=acme-gitops-0123456/', 'HEAD');
  return { tree: String(git('rev-parse', 'HEAD^{tree}')).trim(), bytes, body: inPieces(bytes, pieceBytes) };
}

async function* inPieces(bytes: Buffer, pieceBytes: number) {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function read(body: AsyncIterable<Uint8Array>) {
  const texts = new Map<string, string | null>();
  const archive = await readArchive(body, (sha, text) => texts.set(sha, text));
  return { root: '', entries: [], isTooLarge: archive === null, ...archive, texts };
}

const LONG = `${'a-long-name/'.repeat(20)}k.yaml`;

test.each([1, 511, 65_536])('holds all that git has, in pieces of %i bytes', async (pieceBytes) => {
  mkdirSync(join(dir, 'a'));
  symlinkSync(`../${LONG}`, join(dir, 'a/link'));
  writeFileSync(join(dir, 'a/run.sh'), 'echo\n');
  chmodSync(join(dir, 'a/run.sh'), 0o755);
  const files = { 'k.yaml': 'tag: v1\n', [LONG]: 'tag: ä\n', 'a.b': 'x', empty: '', 'ö.yaml': 'b: 1\r\n' };
  const { tree, body } = archive({ ...files, binary: Buffer.from([0xff, 0xfe, 0]) }, pieceBytes);
  const { root, entries, texts } = await read(body);
  expect(root).toBe(tree);
  const listed = String(
    git(
      '-c',
      'core.quotepath=off',
      'ls-tree',
      '-r',
      '-t',
      '-z',
      '--format=%(objectmode) %(objectname) %(path)',
      'HEAD',
    ),
  );
  expect(entries.map(({ mode, sha, path }) => `${mode} ${sha} ${path}`)).toEqual(
    listed.split('\0').filter(Boolean),
  );
  const sha = blobSha(Buffer.from('tag: ä\n'));
  expect(entries).toContainEqual({ path: LONG, mode: '100644', type: 'blob', sha, sizeBytes: 8 });
  expect([...texts.values()].sort()).toEqual([...Object.values(files), 'echo\n', null].sort());
});

test.each<[string, Record<string, string>]>([
  ['leaves files out', { '.gitattributes': 'secret export-ignore\n', secret: 'x\n' }],
  ['fills something in', { '.gitattributes': 'v export-subst\n', v: '$Format:%H$\n' }],
])('is told from the tree where it %s, and what it holds is named rightly', async (_what, files) => {
  const { tree, body } = archive({ ...files, 'k.yaml': 'tag: v1\n' });
  const { root, texts } = await read(body);
  expect(root).not.toBe(tree);
  expect(texts.get(blobSha(Buffer.from('tag: v1\n')))).toBe('tag: v1\n');
  for (const [sha, text] of texts) expect(blobSha(Buffer.from(text!))).toBe(sha);
});

test('is told from the tree where there is a submodule', async () => {
  archive({ 'k.yaml': 'x\n' });
  git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
  git('commit', '-qm', 'x');
  const bytes = git('archive', '--format=tar.gz', '--prefix=p/', 'HEAD');
  const { root } = await read(inPieces(bytes, 1000));
  expect(root).not.toBe(String(git('rev-parse', 'HEAD^{tree}')).trim());
});

describe('fails', () => {
  test('when it is cut off', async () => {
    const { bytes } = archive({ 'k.yaml': 'tag: v1\n', noise: Buffer.alloc(300_000, 'abcdefg\n') });
    await expect(read(inPieces(bytes.subarray(0, bytes.length - 200), 1000))).rejects.toThrow();
  });

  test('when it is no archive', async () => {
    await expect(read(inPieces(Buffer.from('<html>Bad Gateway</html>'.repeat(100)), 1000))).rejects.toThrow();
    await expect(read(inPieces(gzipSync('tag: v1\n'.repeat(1000)), 1000))).rejects.toThrow();
  });
});

test('ends early when a few bytes would become very many', async () => {
  const { bytes } = archive({ 'a.yaml': 'x\n', zeros: Buffer.alloc(2 ** 22), 'z.yaml': 'x\n' });
  let given = 0;
  const body = (async function* () {
    for await (const piece of inPieces(bytes, 512)) {
      given += piece.length;
      yield piece;
    }
  })();
  expect(await readArchive(body, () => {}, 1_000_000)).toBeNull();
  expect(given).toBeLessThan(bytes.length);
});
