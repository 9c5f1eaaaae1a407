import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { say } from '../../src/cli/say.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;
let issue: number;

beforeAll(async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n    gates: [manual]\n'),
    [overlayPath('dev')]: overlay('v2'),
    [overlayPath('prod')]: overlay('v1'),
  });
  issue = (await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Talk' })).data.number;
});
afterAll(() => setting.world.stop());

async function run(login: string, command: string, waitMs = 60_000) {
  const printed: string[] = [];
  const output = { line: (text: string) => printed.push(text), error: (text: string) => printed.push(text) };
  const { token } = (await setting.as(login).auth()) as { token: string };
  const env = { GITHUB_TOKEN: token, GITHUB_API_URL: setting.world.sandbox.url };
  const options = { repository: 'acme/gitops', on: issue, waitMs, everyMs: 20 };
  const said = await say(command, options, env, output);
  return { said, text: printed.join('\n') };
}

test('what somebody says from a shell is done like a comment of theirs, and the answer is printed', async () => {
  const { headSha } = await setting.open('prod');
  setting.world.sandbox.clock.advance(1_000);
  expect(await run('eve', '/promote checkout to prod')).toMatchObject({
    said: 'refused',
    text: expect.stringContaining('needs the role **write**'),
  });
  expect((await run('eve', '/why checkout prod')).text).toContain('waits for manual');
  expect(await run('dan', '/promote checkout to prod')).toMatchObject({ said: 'done' });
  await setting.settle();
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
});

test('a command is one line, and whoever does not wait is told where it stands', async () => {
  await expect(run('dan', '/why\n/promote checkout to prod')).rejects.toThrow('one line');
  expect(await run('dan', '/status', 0)).toMatchObject({
    said: 'sent',
    text: expect.stringContaining('/acme/gitops/issues/'),
  });
});
