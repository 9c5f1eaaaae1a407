import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;
let calls: string[] = [];

afterEach(async () => setting.world.stop());

async function start(gate: string) {
  calls = [];
  const gates = `    gates:\n      - pull-request: ${gate}\n`;
  const environments = `  dev:\n  staging:\n    from: dev\n  prod:\n    from: staging\n${gates}`;
  const files = {
    '.github/sluice.yml': config(environments),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('staging')]: overlay('v1', 2),
    [overlayPath('prod')]: overlay('v1', 3),
  };
  setting = await makeSetting(files, {
    beforeCall: ({ method, url }) => {
      if (method === 'GET') calls.push(url);
    },
  });
}

/** How often the app has asked for something since it was last counted. */
function count(path: RegExp): number {
  return calls.filter((call) => path.test(call)).length;
}

/** Dan sets dev by a pull request; it is approved by some, merged by ann, and goes on to staging. */
async function releaseByPull(tag: string, approvers: readonly string[] = []): Promise<number> {
  const path = overlayPath('dev');
  const sdk = setting.as('dan').rest;
  const main = await sdk.git.getRef({ ...setting.repo, ref: 'heads/main' });
  const branch = `change-${tag}`;
  await sdk.git.createRef({ ...setting.repo, ref: `refs/heads/${branch}`, sha: main.data.object.sha });
  const { data } = await sdk.repos.getContent({ ...setting.repo, path, ref: branch });
  const sha = Array.isArray(data) ? undefined : data.sha;
  const content = Buffer.from(overlay(tag)).toString('base64');
  await sdk.repos.createOrUpdateFileContents({ ...setting.repo, path, branch, content, sha, message: tag });
  const pull = await sdk.pulls.create({ ...setting.repo, title: tag, head: branch, base: 'main' });
  await setting.settle();
  for (const login of approvers) await setting.approve(login, pull.data.number);
  await setting.merge('ann', pull.data.number);
  await setting.merge('ann', (await setting.open('staging')).pull);
  return pull.data.number;
}

test('a label that is put later on the pull request of a person lets the promotion go on', async () => {
  await start('{ labels: [Ready], without-labels: [stop] }');
  const number = await releaseByPull('v2');
  const { headSha } = await setting.open('prod');
  const waiting = await setting.check(headSha);
  expect(waiting).toMatchObject({ state: 'in_progress', title: 'Waiting: pull-request' });
  expect(waiting.summary).toContain(`#${number} lacks the label`);

  calls = [];
  await setting.as('dan').rest.issues.addLabels({ ...setting.repo, issue_number: number, labels: ['ready'] });
  await setting.settle();
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  // One look: the commit that staging holds it by, and the one that dev does. Nothing of reviews.
  expect(count(/\/commits\/[^/]+\/pulls\b/)).toBe(2);
  expect(calls.filter((call) => call.includes('/reviews') || call.includes('/permission'))).toEqual([]);

  await setting.as('dan').rest.issues.addLabels({ ...setting.repo, issue_number: number, labels: ['stop'] });
  await setting.settle();
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure', title: 'Failed: pull-request' });
});

test('a release that nobody reviewed waits, until the next one that somebody did', async () => {
  await start('{ reviewed: true }\n      - approvals: 1');
  const number = await releaseByPull('v2');
  const first = await setting.open('prod');
  expect((await setting.check(first.headSha)).summary).toContain(`#${number} has 0 of 1 approval`);
  const next = await releaseByPull('v3', ['sam']);
  const { pull, headSha } = await setting.open('prod');
  await setting.sweep();
  const check = await setting.check(headSha);
  expect(check).toMatchObject({ state: 'in_progress', title: 'Waiting: approvals' });
  expect(check.summary).toContain(`#${next}: approved by 1 person`);

  calls = [];
  await setting.approve('sue', pull);
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  // Both gates ask where the release came from, and one walk answers both.
  expect(count(/\/commits\/[^/]+\/pulls\b/)).toBe(2);
  expect(count(/\/pulls\/[^/]+\/commits\b/)).toBe(1);
  expect(count(/\/pulls\/[^/]+\/reviews\b/)).toBe(2);
});

test('a value that was pushed fails, with the commit, already before there is a pull request', async () => {
  await start('{ reviewed: true }');
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { data } = await setting.as('ann').rest.repos.getCommit({ ...setting.repo, ref: 'main' });
  const reason = expect.stringContaining(`${data.sha.slice(0, 7)} was pushed without a pull request`);
  const { pull } = await setting.open('staging');
  const unmute = setting.muteWebhooks();
  await setting.merge('ann', pull);
  await setting.sweep();
  unmute();
  expect(setting.world.outcomeOf('acme/gitops')?.plan.promotions).toMatchObject([
    { to: 'prod', pull: null, gates: [{ gate: 'pull-request', state: 'failed', reason }] },
  ]);
  const { headSha } = await setting.open('prod');
  expect(await setting.check(headSha)).toMatchObject({
    state: 'failure',
    title: 'Failed: pull-request',
    summary: reason,
  });
});

test('what a build brought fails unless builds are allowed', async () => {
  const gate = '      - pull-request: { reviewed: true }\n';
  const sources =
    'sources:\n  - application: checkout\n    repository: acme/checkout\n    on: dispatch\n    type: image-published\n    tag: "{payload.tag}"\n';
  const configOf = (gates: string) => config(`  dev:\n  prod:\n    from: dev\n    gates:\n${gates}`, sources);
  setting = await makeSetting({
    '.github/sluice.yml': configOf(gate),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  const files = { 'README.md': '# checkout\n' };
  const collaborators = { ann: 'admin', dan: 'write' } as const;
  await setting.world.sandbox.addRepository({ owner: 'acme', name: 'checkout', files, collaborators });
  await setting.settle();
  const event = { owner: 'acme', repo: 'checkout', event_type: 'image-published' };
  await setting.as('dan').rest.repos.createDispatchEvent({ ...event, client_payload: { tag: 'v2' } });
  await setting.settle();
  await setting.merge('ann', (await setting.open('dev')).pull);
  const { headSha } = await setting.open('prod');
  const check = await setting.check(headSha);
  expect(check).toMatchObject({ state: 'failure', title: 'Failed: pull-request' });
  expect(check.summary).toContain('it came from a build');
  await setting.write('.github/sluice.yml', configOf(gate.replace('true', 'true, allow: [build]')), 'ann');
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
});
