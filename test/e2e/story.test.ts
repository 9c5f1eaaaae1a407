import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { type DemoOptions, runDemo } from '../../src/cli/demo/demo.ts';
import type { Report } from '../../src/cli/demo/report.ts';
import { config, overlay, overlayPath } from './setting.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function play(
  options: Partial<DemoOptions>,
): Promise<{ report: Report; lines: string[]; isOk: boolean }> {
  const lines: string[] = [];
  const results: string[] = [];
  const all = {
    repo: null,
    story: 'release' as const,
    config: null,
    once: true,
    json: true,
    port: 0,
    ...options,
  };
  const output = { line: (text: string) => lines.push(text), result: (text: string) => results.push(text) };
  const isOk = await runDemo(all, output, Promise.resolve());
  return { report: JSON.parse(results.at(-1) ?? '') as Report, lines, isOk };
}

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

test('the story brings a release from CI to production, and refuses what it must refuse', async () => {
  const { report, lines, isOk } = await play({});
  expect(isOk).toBe(true);
  expect(report).toMatchObject({
    ok: true,
    applications: 3,
    environments: ['dev', 'staging', 'prod-eu', 'prod-us'],
  });
  const merged = { application: 'checkout', release: 'v1.5.0', merged: true };
  expect(report.promotions).toEqual([
    { ...merged, from: 'build', to: 'dev', pull: 1 },
    { ...merged, from: 'dev', to: 'staging', pull: 2 },
    { ...merged, from: 'staging', to: 'prod-eu', pull: 3 },
    { ...merged, from: 'staging', to: 'prod-us', pull: 4 },
  ]);
  expect(lines.filter((line) => line.includes('in the cluster: Deployment checkout changes'))).toHaveLength(
    2,
  );
  expect(lines.filter((line) => line.includes('too early: refused'))).toHaveLength(2);
  expect(lines.filter((line) => line.includes('approve; sam merges: refused'))).toHaveLength(2);
  expect(report.apiCalls).toBeGreaterThan(0);
});

test('an own folder is tried as it is: what may move moves, the rest is explained, and nothing of it changes', async () => {
  const text = config('  dev:\n  staging:\n    from: dev\n  prod:\n    from: staging\n    gates: [manual]\n');
  const files = {
    '.github/sluice.yml': text,
    [overlayPath('dev')]: overlay('v2'),
    [overlayPath('staging')]: overlay('v1', 3),
    [overlayPath('prod')]: overlay('v1', 9),
    [overlayPath('dev', 'cart')]: overlay('latest', 1, 'cart'),
    [overlayPath('staging', 'cart')]: overlay('v1', 1, 'cart'),
    [overlayPath('dev', 'pay')]: overlay('v21', 1, 'pay'),
    [overlayPath('staging', 'pay')]: overlay('v175', 1, 'pay'),
  };
  const folder = await folderWith(files);
  const { report, isOk } = await play({ repo: folder });
  expect(isOk).toBe(true);
  expect(report.promotions).toMatchObject([
    { application: 'checkout', from: 'dev', to: 'staging', release: 'v2', merged: true },
    { application: 'checkout', from: 'staging', to: 'prod', release: 'v2', merged: false },
  ]);
  const reasons = report.notPromoted
    .map(({ application, to, reason }) => `${application} ${to}: ${reason}`)
    .join('\n');
  expect(reasons).toContain('cart staging: image `ghcr.io/acme/cart` offers `latest`, a floating tag');
  expect(reasons).toContain(
    'pay staging: image `ghcr.io/acme/pay` would go back from `v175` to `v21`, a downgrade',
  );
  expect(reasons).toContain('checkout prod: #2 is open: manual: comment `/promote`');
  for (const [path, content] of Object.entries(files))
    expect(await readFile(join(folder, path), 'utf8')).toBe(content);
});

test('a config with mistakes is refused with its lines before anything starts', async () => {
  const folder = await folderWith({ '.github/sluice.yml': 'path: apps/{app}/{env}\nenvironment:\n  dev:\n' });
  await expect(play({ repo: folder })).rejects.toThrow(
    /sluice\.yml:2:1: unknown key "environment"; did you mean "environments"\?/,
  );
});
