import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate, generatedFiles } from '../../src/cli/generate.ts';
import { parseConfig } from '../../src/config/parse-config.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test.each(Object.keys(generatedFiles()))('%s is what the code says', async (path) => {
  const committed = await readFile(join(ROOT, path), 'utf8').catch(() => '');
  const advice =
    committed === generatedFiles()[path] ? 'fresh' : `${path} is stale: run \`npm run schema\` and commit it`;
  expect(advice).toBe('fresh');
});

test('generate writes the files below the folder that it is given', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  try {
    const paths = await generate(folder);
    expect(paths).toEqual(Object.keys(generatedFiles()));
    for (const path of paths) expect(await readFile(join(folder, path), 'utf8')).toBe(generatedFiles()[path]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the schema describes every key and refuses others', () => {
  const schema = JSON.parse(generatedFiles()['docs/schema/sluice.schema.json'] ?? '');
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema).toMatchObject({
    $id: expect.any(String),
    title: expect.any(String),
    additionalProperties: false,
  });
  const described: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties = {} } = node as { properties?: Record<string, { description?: string }> };
    for (const [key, value] of Object.entries(properties)) {
      expect({ key, description: value.description }).toEqual({
        key,
        description: expect.stringMatching(/\.$/),
      });
      described.push(key);
    }
    for (const value of Object.values(node)) visit(value);
  };
  visit(schema);
  expect(described).toEqual(
    expect.arrayContaining(['environments', 'auto-merge', 'allow-author', 'prereleases']),
  );
});

test('the examples of the reference that are whole configs are right', () => {
  const reference = generatedFiles()['docs/configuration.md'] ?? '';
  const [beforeKeys = ''] = reference.split('## All keys');
  const examples = [...beforeKeys.matchAll(/```yaml\n(path:.*?)```/gs)].map(([, text = '']) => text);
  expect(examples).toHaveLength(2);
  for (const example of examples) expect(parseConfig(example)).toMatchObject({ ok: true });
});
