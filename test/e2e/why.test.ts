import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { explain } from '../../src/cli/explain.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

beforeEach(async () => {
  const gates = '      - approvals: 1\n      - checks: [ci]\n';
  setting = await makeSetting({
    '.github/sluice.yml': config(
      `  dev:\n  staging: { from: dev, auto-merge: true }\n  prod:\n    from: staging\n    gates:\n${gates}`,
    ),
    [overlayPath('dev')]: overlay('v2'),
    [overlayPath('staging')]: overlay('v2'),
    [overlayPath('prod')]: overlay('v1'),
  });
});

afterEach(async () => setting.world.stop());

/** What `sluice explain` prints, and every call that it makes. */
async function run(words: string, json = false) {
  const { sandbox, appId, privateKeyPem } = setting.world;
  const printed: string[] = [];
  const output = { line: (text: string) => printed.push(text), error: (text: string) => printed.push(text) };
  const env = { APP_ID: String(appId), PRIVATE_KEY: privateKeyPem, GITHUB_API_URL: sandbox.url };
  const before = sandbox.calls.length;
  const isKnown = await explain(
    words.split(' '),
    { repository: 'acme/gitops', json, now: sandbox.clock.now },
    env,
    output,
  );
  return { isKnown, text: printed.join('\n'), calls: sandbox.calls.slice(before) };
}

async function ask(login: string, issue: number, body: string): Promise<string> {
  const before = (await setting.comments(issue)).length;
  await setting.comment(login, issue, body);
  return (await setting.comments(issue)).slice(before + 1).join('\n');
}

async function openIssue(): Promise<number> {
  const { data } = await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Where is v2?' });
  return data.number;
}

const status = (sha: string, state: 'success' | 'failure') =>
  setting.as('sue').rest.repos.createCommitStatus({ ...setting.repo, sha, state, context: 'ci' });

test('the command line says what stops a promotion, and writes nothing', async () => {
  const { headSha, pull } = await setting.open('prod');
  await status(headSha, 'failure');
  await setting.settle();
  const { isKnown, text, calls } = await run('checkout in prod');
  expect(isKnown).toBe(true);
  const [title, url, , header, approvals, checks] = text.split('\n');
  expect(title).toBe('checkout in prod: v2 is stopped by checks. staging holds v2, prod holds v1.');
  expect(url).toMatch(new RegExp(`/acme/gitops/pull/${pull}$`));
  expect(header).toBe('gate       state    why');
  expect(approvals).toMatch(/^approvals {2}waiting {2}\S/);
  expect(checks).toMatch(/^checks {5}failed {3}.*`ci`/);
  // A token is asked for with POST; it changes nothing.
  const writes = calls.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/access_tokens'));
  expect(writes).toEqual([]);
  expect(calls.length).toBeGreaterThan(5);
});

test('as JSON it gives the gates as data', async () => {
  const { text } = await run('checkout', true);
  const { repository, targets } = JSON.parse(text);
  expect(repository).toBe('acme/gitops');
  expect(targets).toMatchObject([
    { environment: 'dev', state: 'stopped', release: null, gates: [] },
    { environment: 'staging', state: 'up-to-date', holds: 'v2', reasons: [] },
    {
      environment: 'prod',
      state: 'waiting',
      release: 'v2',
      holds: 'v1',
      gates: [{ gate: 'approvals' }, { gate: 'checks' }],
    },
  ]);
});

test('a target that there is not gets a suggestion', async () => {
  expect(await run('chekout/prod')).toMatchObject({
    isKnown: false,
    text: 'there is no target "chekout/prod"; did you mean "checkout/prod"?',
  });
});

test('/why on a promotion tells of it, to somebody who may only read', async () => {
  const { pull } = await setting.open('prod');
  const answer = await ask('eve', pull, '/why');
  expect(answer).toContain('**checkout** in **prod**: `v2` waits for approvals, checks in #');
  expect(answer).toContain('| gate | state | why |');
  expect(answer).toContain('| checks | ⏳ waiting |');
});

test('/why elsewhere tells of what is named: up to date, closed by somebody, or unknown', async () => {
  const { pull } = await setting.open('prod');
  const issue = await openIssue();
  expect(await ask('eve', issue, '/why checkout staging')).toContain(
    'up to date: staging holds `v2` already. dev holds `v2`.',
  );
  await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
  const closed = await ask('eve', issue, '/why checkout prod');
  expect(closed).toContain('`v2` is not promoted. staging holds `v2`, prod holds `v1`.');
  expect(closed).toContain('| approvals | ⏳ waiting |');
  expect(closed).toContain(`was closed in #${pull}`);
  expect((await setting.promotions()).filter(({ isOpen }) => isOpen)).toEqual([]);
  const unknown = await ask('eve', issue, '/why chekout');
  expect(unknown).toContain('did you mean "checkout"?');
  expect(await ask('eve', issue, '/why')).toContain('name an application and an environment');
});

test('many answers to one comment fit into one', async () => {
  await setting.world.stop();
  const names = Array.from({ length: 25 }, (_, index) => `${'service-'.repeat(25)}${index}`);
  const tag = `v1-${'long'.repeat(14)}`;
  const files = names.flatMap((name) => [
    [overlayPath('dev', name), overlay(tag, 1, 'checkout')],
    [overlayPath('prod', name), overlay(tag, 1, 'checkout')],
  ]);
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n'),
    ...Object.fromEntries(files),
  });
  const issue = await openIssue();
  const answer = await ask('eve', issue, Array(10).fill('/why prod').join('\n'));
  expect(answer).toContain('up to date');
  expect(answer).toContain('more characters do not fit');
});

test('as JSON, names cannot steer a terminal either', async () => {
  await setting.world.stop();
  const name = 'check\u009b2Jout\u202e';
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n'),
    [overlayPath('dev', name)]: overlay('v1'),
    [overlayPath('prod', name)]: overlay('v1'),
  });
  const { text } = await run('prod', true);
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(JSON.parse(text).targets).toMatchObject([{ application: name }]);
});
