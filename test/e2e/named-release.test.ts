import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

/** dev -> prod, v1 in both; dev then gets v2 and v3. */
async function start(prod = '    gates: [manual]\n') {
  setting = await makeSetting({
    '.github/sluice.yml': config(`  dev:\n  prod:\n    from: dev\n${prod}`),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  await release('v2');
  await release('v3');
}

const release = (tag: string) => setting.write(overlayPath('dev'), overlay(tag));
const tagIn = async (environment: string) =>
  /newTag: (\S+)/.exec((await setting.read(overlayPath(environment))) ?? '')?.[1];

async function say(login: string, body: string): Promise<string> {
  const { data } = await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Talk' });
  await setting.comment(login, data.number, body);
  return (await setting.comments(data.number)).join('\n');
}

test('a release that the source held before comes when somebody names it, and stays what comes', async () => {
  await start();
  const { pull } = await setting.open('prod');
  expect(await say('eve', '/promote checkout to prod v2')).toContain('needs the role **write**');
  expect((await setting.open('prod')).title).toBe('Promote checkout v3 to prod');
  expect(await say('dan', '/promote checkout to prod v2')).toContain('`v2`, which `dan` named');
  const named = await setting.open('prod');
  expect([named.pull, named.title]).toEqual([pull, 'Promote checkout v2 to prod']);
  const { data } = await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: pull });
  expect(data.body).toContain('`dan` named this release');
  // Whoever names it has asked for it.
  expect(await setting.check(named.headSha)).toMatchObject({ state: 'success' });
  await release('v4');
  await setting.sweep();
  expect(await setting.open('prod')).toMatchObject({ headSha: named.headSha, release: 'v2' });
  const [reason] = setting.world.outcomeOf('acme/gitops')!.plan.notPromoted.map((each) => each.reason);
  expect(reason).toContain('`v4`');
  expect(reason).toContain('dan named `v2`');
  await setting.merge('sam', pull);
  expect(await setting.read(overlayPath('prod'))).toBe(overlay('v2', 3));
  expect((await setting.open('prod')).title).toBe('Promote checkout v4 to prod');
});

test('naming what is due takes the other back, and so does closing', async () => {
  await start();
  await say('dan', '/promote checkout to prod v2');
  await say('sam', '/promote checkout to prod v3');
  const { pull, title } = await setting.open('prod');
  expect(title).toBe('Promote checkout v3 to prod');
  await release('v4');
  expect((await setting.open('prod')).title).toBe('Promote checkout v4 to prod');
  await say('dan', '/promote checkout to prod v3');
  expect(await setting.open('prod')).toMatchObject({ pull, release: 'v3' });
  await setting.comment('sam', pull, '/close');
  await setting.sweep();
  const next = await setting.open('prod');
  expect([next.pull === pull, next.title]).toEqual([false, 'Promote checkout v4 to prod']);
});

test('its time in the source is what soak counts, and approvals are of its own head', async () => {
  await start('    gates: [{ soak: 24h }, { approvals: 1 }]\n');
  const { pull } = await setting.open('prod');
  await setting.approve('sue', pull);
  await say('dan', '/promote checkout to prod v2');
  const { headSha } = await setting.open('prod');
  const check = await setting.check(headSha);
  expect(check.state).not.toBe('success');
  expect(check.summary).toContain('soak');
  expect(await setting.comments(pull)).toContainEqual(expect.stringContaining('approvals of the old head'));
  expect(check.title).toContain('approvals');
});

test('what cannot come is said, and nothing is done', async () => {
  await start();
  const { headSha } = await setting.open('prod');
  expect(await say('dan', '/promote checkout to prod v9')).toContain(
    'dev has not held `v9` lately; it held `v3`, `v2`',
  );
  expect(await say('dan', '/promote checkout to prod v1')).toContain('prod holds `v1` already');
  expect(await say('dan', '/promote checkout to dev v2')).toContain('takes builds');
  expect(await say('dan', '/promote checkout to prod v2 --dry-run')).toContain('Nothing was done');
  expect((await setting.open('prod')).headSha).toBe(headSha);
  expect(await tagIn('prod')).toBe('v1');
});

test('an older one than the environment holds comes only where that is allowed', async () => {
  await start('    allow-downgrade: true\n    auto-merge: true\n');
  expect(await tagIn('prod')).toBe('v3');
  await setting.comment('dan', 1, '/hold checkout prod no more for now');
  await release('v4');
  await say('dan', '/promote checkout to prod v2');
  await say('dan', '/override hold the old one works');
  expect((await setting.open('prod')).title).toBe('Promote checkout v2 to prod');
});

test('a release that a person closed does not come back because another was named', async () => {
  await start('');
  const { pull } = await setting.open('prod');
  await setting.as('sam').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
  await say('dan', '/promote checkout to prod v2');
  await setting.merge('sam', (await setting.open('prod')).pull);
  await setting.sweep();
  expect(await tagIn('prod')).toBe('v2');
  expect((await setting.promotions()).filter(({ isOpen }) => isOpen)).toEqual([]);
  await release('v4');
  expect((await setting.open('prod')).title).toBe('Promote checkout v4 to prod');
});

test('a value that both hold names no release, and a commit of the source names what it held', async () => {
  const pods = (checkout: string) => `${overlay(checkout).trimEnd()}\n  - name: sidecar\n    newTag: s2\n`;
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n'),
    [overlayPath('dev')]: pods('v1'),
    [overlayPath('prod')]: pods('v1'),
  });
  for (const tag of ['v2', 'v3']) await setting.write(overlayPath('dev'), pods(tag));
  expect(await say('dan', '/promote checkout to prod s2')).toContain('has not held `s2` lately');
  const { data } = await setting.as('ann').rest.repos.listCommits({
    ...setting.repo,
    path: overlayPath('dev'),
    per_page: 2,
  });
  await say('dan', `/promote checkout to prod ${data[1]!.sha.slice(0, 8)}`);
  expect((await setting.open('prod')).title).toBe('Promote checkout v2 to prod');
});

test('what is marked as bad there does not come, and that is said', async () => {
  await start('    auto-merge: true\n    allow-downgrade: true\n    rollback: { auto-merge: false }\n');
  await say('dan', '/rollback checkout in prod it fails');
  const back = await setting.open('prod');
  expect(await say('dan', '/promote checkout to prod v3')).toContain('Nothing is promoted by this');
  await setting.merge('sam', back.pull);
  await say('dan', '/resume checkout prod');
  await release('v4');
  const answer = await say('dan', '/promote checkout to prod v3');
  expect(answer).toContain('`v3` is not promoted');
  expect(answer).toContain('marked as bad');
  expect(await tagIn('prod')).not.toBe('v3');
});

test('the button "Update branch" leaves the word standing', async () => {
  await start();
  await say('dan', '/promote checkout to prod v2');
  const { pull } = await setting.open('prod');
  await setting.write('README.md', 'hello');
  await setting.as('sam').rest.pulls.updateBranch({ ...setting.repo, pull_number: pull });
  await setting.settle();
  await setting.sweep();
  const { headSha, title } = await setting.open('prod');
  expect(title).toBe('Promote checkout v2 to prod');
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  expect(await setting.read(overlayPath('prod'), 'sluice/checkout/prod')).toBe(overlay('v2', 3));
});
