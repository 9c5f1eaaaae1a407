import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from '../../src/database/lock-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a folder is for one at a time, and whoever comes second is told what to do', async () => {
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder, 0)).rejects.toThrow(
    `Another process uses the data folder ${folder}: stop it, or give this one a folder of its own`,
  );
  await unlock();
  await (await lockFolder(folder, 0))();
});
