import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkRender } from '../../src/cli/check-render.ts';
import { compareCheckouts } from '../../src/cli/compare.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  level: info\n';

async function checkout(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-checkout-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

test('every kustomization counts once: the same, or by the reason for which it is not rendered', async () => {
  const folder = await checkout({
    'a/kustomization.yaml': 'resources: [settings.yaml]',
    'a/settings.yaml': CONFIG_MAP,
    'b/kustomization.yml': 'resources: [../a]',
    'c/Kustomization': 'resources: ["https://github.com/acme/base?ref=v1"]',
    'd/kustomization.yaml': 'resources: [gone.yaml]',
    'e/kustomization.yaml': 'resources: [gone.yaml]',
  });
  expect(await checkRender(folder, () => {})).toEqual({
    roots: 5,
    same: 2,
    differ: 0,
    failed: { 'remote base': 1, '... names ..., which is not there': 2 },
  });
});

test('what only the program renders counts as a difference', async () => {
  const folder = await checkout({
    'a/kustomization.yaml': 'resources: [link.yaml]',
    'a/real.yaml': CONFIG_MAP,
  });
  await symlink('real.yaml', join(folder, 'a/link.yaml'));
  const lines: string[] = [];
  const check = await checkRender(folder, (line) => lines.push(line));
  expect(check).toMatchObject({ roots: 1, same: 0, differ: 1 });
  expect(lines).toContain('a: the program renders it in the checkout');
});

test('two checkouts are compared', async () => {
  const files = { 'a/kustomization.yaml': 'resources: [settings.yaml]', 'a/settings.yaml': CONFIG_MAP };
  const before = await checkout(files);
  const after = await checkout({ ...files, 'a/settings.yaml': CONFIG_MAP.replace('info', 'debug') });
  expect(await compareCheckouts(before, after, './a/')).toContain('@@ data.level @@\n-info\n+debug\n');
});
