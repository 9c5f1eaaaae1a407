import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const COMMAND = '.ci/test-github.mjs';

test('without a token and a repository it says that it did not run and why, and that is no failure', async () => {
  const { stdout } = await run(process.execPath, [COMMAND], { env: {} });
  expect(stdout).toContain('did not run against GitHub');
  expect(stdout).toContain('GITHUB_CONTRACT_TOKEN is not set');
  expect(stdout).toContain('GITHUB_CONTRACT_REPOSITORY is not set');
  const half = await run(process.execPath, [COMMAND], { env: { GITHUB_CONTRACT_TOKEN: 'ghp_x' } });
  expect(half.stdout).not.toContain('GITHUB_CONTRACT_TOKEN is not set');
});

test('a repository that cannot be one is refused before anything is asked', async () => {
  const env = {
    GITHUB_CONTRACT_TOKEN: 'ghp_x',
    GITHUB_CONTRACT_REPOSITORY: 'https://github.com/acme/gitops',
  };
  await expect(run(process.execPath, [COMMAND], { env })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('OWNER/NAME'),
  });
});
