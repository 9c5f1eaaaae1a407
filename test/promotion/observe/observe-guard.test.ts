import type { Settings } from '../../../src/domain/settings.ts';
import { observeGuard } from '../../../src/promotion/observe/observe-guard.ts';
import type { TreeEntry } from '../../../src/promotion/ports/git.ts';
import type { RepositoryReader } from '../../../src/promotion/ports/repository.ts';
import { environment } from '../../domain/support.ts';
import { baseOf, pullOf, settings, sha } from '../support.ts';

/** Text of a file, or an entry that is none: a link, a submodule. */
type Files = Record<string, string | Partial<TreeEntry>>;

const PROD = 'apps/checkout/prod/kustomization.yaml';
const image = (tag: string, more = '') => `images:\n  - name: shop\n    newTag: ${tag}\n${more}`;

const guarded = (more: Partial<Settings> = {}) =>
  settings({ environments: [environment('dev'), environment('prod', ['dev'], { guard: true })], ...more });

function entriesOf(files: Files): TreeEntry[] {
  return Object.entries(files).map(([path, file]) => {
    const text = typeof file === 'string' ? file : '';
    const entry: TreeEntry = { path, mode: '100644', type: 'blob', sha: sha(text), sizeBytes: text.length };
    return typeof file === 'string' ? entry : { ...entry, ...file };
  });
}

/** What a pull request does that left the default branch at `origin`, by the config. */
async function observe(origin: Files, head: Files, config = guarded(), tip = origin, isWhole = true) {
  const texts = [origin, head, tip].flatMap((files) => Object.values(files));
  const textOf = (blob: string) =>
    texts.find((text) => typeof text === 'string' && sha(text) === blob) ?? null;
  const reader = {
    readMergeBase: async () => 'origin',
    listAhead: async () => (!isWhole ? null : [{ sha: 'head', parents: ['origin'], authorLogin: 'dan' }]),
    readCommit: async (name: string) => ({ treeSha: name === 'origin' ? 'origin' : 'head' }),
    readTree: async (name: string) => entriesOf(name === 'origin' ? origin : head),
    readTexts: async (blobs: string[]) => new Map(blobs.map((blob) => [blob, textOf(blob)])),
  };
  return observeGuard(
    reader as unknown as RepositoryReader,
    baseOf(entriesOf(tip)),
    config,
    pullOf(),
    [],
    [],
  );
}

async function changed(...sides: Parameters<typeof observe>): Promise<string[]> {
  const { changes } = await observe(...sides);
  return changes.map(
    ({ application, environment: name, from, to }) => `${application}@${name}: ${from} -> ${to}`,
  );
}

test('promoted values of a guarded environment are told, with their place', async () => {
  const { changes, unreadable, strict } = await observe(
    { [PROD]: image('v1') },
    { [PROD]: `# new\n${image('v2')}` },
  );
  expect(changes).toMatchObject([
    { application: 'checkout', environment: 'prod', from: 'v1', to: 'v2', place: { path: PROD, line: 4 } },
  ]);
  expect([unreadable, strict]).toEqual([[], []]);
});

test('text that changes no value changes nothing', async () => {
  const head = { [PROD]: `# the shop\n${image("'v1'", 'replicas:\n  - name: shop\n    count: 9\n')}` };
  expect(await changed({ [PROD]: image('v1') }, head)).toEqual([]);
});

test('a value that moves to another file of the target is the same value', async () => {
  const head = { [PROD]: 'resources: [../base]\n', 'apps/checkout/prod/sub/kustomization.yaml': image('v1') };
  expect(await changed({ [PROD]: image('v1') }, head)).toEqual([]);
});

test('a file under another name that Sluice does not read takes the value away', async () => {
  const head = { 'apps/checkout/prod/release.txt': image('v2') };
  expect(await changed({ [PROD]: image('v1') }, head)).toEqual(['checkout@prod: v1 -> null']);
});

test('environments without a guard change freely, and so do applications that an override lets', async () => {
  const dev = 'apps/checkout/dev/kustomization.yaml';
  expect(await changed({ [dev]: image('v1') }, { [dev]: image('v2') })).toEqual([]);
  const free = guarded({
    overrides: [
      { applications: ['check*'], environments: ['prod'], terms: { guard: false }, addedGates: [] },
    ],
  });
  expect(await changed({ [PROD]: image('v1') }, { [PROD]: image('v2') }, free)).toEqual([]);
});

test('a target that came to the default branch meanwhile is no new one', async () => {
  const head = { [PROD]: image('v9') };
  expect(await changed({}, head)).toEqual([]);
  expect(await changed({}, head, guarded(), { [PROD]: image('v1') })).toEqual(['checkout@prod: v1 -> v9']);
});

test('a target that is gone is let go, one behind a link or a submodule is not', async () => {
  const origin = { [PROD]: image('v1'), 'README.md': 'x' };
  expect(await observe(origin, { 'README.md': 'x' })).toMatchObject({ changes: [], unreadable: [] });
  for (const entry of [{ mode: '120000' }, { mode: '160000', type: 'commit' as const }]) {
    const head = { 'README.md': 'x', 'apps/checkout': entry };
    const { unreadable } = await observe(origin, head);
    expect(unreadable).toMatchObject([{ application: 'checkout', environment: 'prod' }]);
  }
});

test('what cannot be read is not known, unless the pull request did not touch it', async () => {
  const broken = 'images: [\n';
  const { unreadable } = await observe({ [PROD]: image('v1') }, { [PROD]: broken });
  expect(unreadable[0]?.reason).toContain(`cannot be compared: \`${PROD}`);
  const other = 'apps/checkout/prod/values.txt';
  const before = { [PROD]: broken, [other]: '1' };
  expect((await observe(before, { ...before, [other]: '2' })).unreadable).toEqual([]);
});

test('where nobody may override the guard, the environment is named', async () => {
  const strict = settings({
    environments: [environment('prod', [], { guard: true, noOverride: ['guard'] })],
  });
  expect((await observe({ [PROD]: image('v1') }, { [PROD]: image('v2') }, strict)).strict).toEqual(['prod']);
});

test('of too many commits nobody can tell, and the reason says what to do', async () => {
  const same = { [PROD]: image('v1') };
  const { unreadable } = await observe(same, same, guarded(), same, false);
  expect(unreadable).toMatchObject([
    { environment: 'prod', reason: expect.stringContaining('has too many commits to tell') },
  ]);
});
