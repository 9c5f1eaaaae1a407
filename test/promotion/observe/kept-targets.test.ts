import { DEFAULT_PROMOTE_RULES } from '../../../src/domain/promote-rule.ts';
import { makeKeptTargets } from '../../../src/promotion/observe/kept-targets.ts';
import { observeTargets } from '../../../src/promotion/observe/observe-targets.ts';
import type { RepositoryReader } from '../../../src/promotion/ports/repository.ts';
import { baseOf, settings, sha } from '../support.ts';

const overlay = (tag: string) => `images:\n  - name: acme/checkout\n    newTag: ${tag}\n`;
const kept = makeKeptTargets();
const templated = (promote = DEFAULT_PROMOTE_RULES) => {
  const plain = settings({ promote });
  const environments = plain.environments.map((each) => ({ ...each, paths: ['{app}/{env}'] }));
  return { ...plain, environments };
};

/** What the targets hold, and which texts were asked for. */
async function look(files: Record<string, string>, { mode = '100644', config = templated() } = {}) {
  const texts = new Map(Object.values(files).map((text) => [sha(text), text]));
  const readInto = (asked: string[]) => {
    const readTexts = async (shas: readonly string[]) => {
      asked.push(...shas.map((each) => texts.get(each)!));
      return new Map(shas.map((each) => [each, texts.get(each)!]));
    };
    return { readTexts } as unknown as RepositoryReader;
  };
  const entries = Object.entries(files).map(([path, text]) => ({
    path,
    mode,
    type: 'blob' as const,
    sha: sha(text),
    sizeBytes: text.length,
  }));
  const asked: string[] = [];
  const found = await observeTargets(readInto(asked), baseOf(entries), config, undefined, kept);
  expect(found).toEqual(await observeTargets(readInto([]), baseOf(entries), config));
  return { tags: found.map(({ held }) => held.values[0]?.value ?? null), asked };
}

test('only what is new is read again, and all is what it would be if everything were', async () => {
  const files = { 'a/dev/kustomization.yaml': overlay('v1'), 'a/prod/kustomization.yaml': overlay('v0') };
  expect(await look(files)).toEqual({ tags: ['v1', 'v0'], asked: [overlay('v1'), overlay('v0')] });
  expect(await look(files)).toEqual({ tags: ['v1', 'v0'], asked: [] });
  const moved = { ...files, 'a/dev/kustomization.yaml': overlay('v2') };
  expect(await look(moved)).toEqual({ tags: ['v2', 'v0'], asked: [overlay('v2')] });
  expect(await look(files)).toEqual({ tags: ['v1', 'v0'], asked: [overlay('v1')] });
});

test('another mode, another file beside it and other rules are new too', async () => {
  const files = { 'b/dev/kustomization.yaml': overlay('v1') };
  expect((await look(files)).tags).toEqual(['v1']);
  expect((await look(files, { mode: '120000' })).tags).toEqual([null]);
  expect((await look(files)).asked).toEqual([overlay('v1')]);
  const beside = { ...files, 'b/dev/values.yaml': 'image:\n  repository: acme/x\n  tag: v7\n' };
  expect((await look(beside)).asked).toContain(overlay('v1'));
  const none = templated([{ kind: 'charts', names: [] }]);
  expect((await look(files, { config: none })).tags).toEqual([]);
});
