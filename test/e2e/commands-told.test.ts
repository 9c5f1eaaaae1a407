import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { octokitForApp } from '../sandbox/core-clients.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

/** One setting for all: none of these change what the next one looks at, unless it says so. */
let setting: Setting;
let issue: number;

beforeAll(async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config(
      '  dev:\n  prod:\n    from: dev\n    gates: [manual]\n    commands: { close: [team:acme/sre], promote: [user:ann, team:acme/sre] }\n',
    ),
    [overlayPath('dev')]: overlay('v2'),
    [overlayPath('prod')]: overlay('v1'),
    [overlayPath('dev', 'cart')]: overlay('v7', 1, 'cart'),
    [overlayPath('prod', 'cart')]: overlay('v7', 1, 'cart'),
  });
  issue = (await setting.as('dan').rest.issues.create({ ...setting.repo, title: 'Talk' })).data.number;
});
afterAll(() => setting.world.stop());

async function ask(login: string, number: number, body: string): Promise<{ id: number; answer: string }> {
  const before = (await setting.comments(number)).length;
  const id = await setting.comment(login, number, body);
  return { id, answer: (await setting.comments(number)).slice(before + 1).join('\n') };
}

async function reactions(id: number): Promise<string[]> {
  const { data } = await setting
    .as('ann')
    .rest.reactions.listForIssueComment({ ...setting.repo, comment_id: id });
  return data.map(({ content }) => content);
}

describe('questions, by whoever may read', () => {
  test('/status shows who holds what, what is to come, and what is held', async () => {
    const { pull } = await setting.open('prod');
    const { answer, id } = await ask('eve', issue, '/status');
    expect(answer).toContain(
      `| **checkout** | \`v2\` | \`v1\` ← \`v2\` #${pull} |\n| **cart** | \`v7\` | \`v7\` |`,
    );
    expect(answer).toContain('Nothing is held.');
    expect(await reactions(id)).toEqual(['eyes', 'rocket']);
  });

  test('a newer answer of the thread folds the one before', async () => {
    const { answer } = await ask('eve', issue, '/status cart');
    expect(answer).not.toContain('checkout');
    const folded = (await setting.comments(issue)).filter((body) => body.startsWith('<details>'));
    expect(folded).toHaveLength(1);
    expect(folded[0]).toContain('**checkout**');
  });

  test('/compare shows the values in which two environments differ', async () => {
    const { answer } = await ask('eve', issue, '/compare dev prod');
    expect(answer).toContain('1 application differ');
    expect(answer).toContain('| **checkout** | image `ghcr.io/acme/checkout` | `v2` | `v1` |');
    expect((await ask('eve', issue, '/compare dev prdo')).answer).toContain('did you mean "prod"?');
  });

  test('/where finds a release', async () => {
    const { answer } = await ask('eve', issue, '/where v7');
    expect(answer).toContain('- **cart** in **dev** holds `v7`\n- **cart** in **prod** holds `v7`');
    expect((await ask('eve', issue, '/where v9')).answer).toContain('No environment holds `v9`');
  });

  test('/help lists all commands, with names of this repository', async () => {
    const { answer } = await ask('eve', issue, '/help');
    expect(answer).toContain('`/promote checkout to prod`');
    expect(answer).toContain('Others may do so in `prod`');
  });

  test('/promote --dry-run tells what would come of it', async () => {
    const { answer } = await ask('eve', issue, '/promote checkout to prod --dry-run');
    expect(answer).toContain('`v2` waits for manual');
    expect(answer).toContain('Nothing was done');
  });

  test('a slip of the fingers is asked about once', async () => {
    const { answer, id } = await ask('dan', issue, '/promte checkout to prod');
    expect(answer).toContain('Did you mean `/promote [APPLICATION...]');
    expect(await reactions(id)).toEqual(['eyes', 'confused']);
  });
});

describe('commands, by those whom the environment names', () => {
  test('a release that is neither due nor was in the source is not promoted', async () => {
    const { answer } = await ask('sam', issue, '/promote checkout to prod v7');
    expect(answer).toContain('has not held `v7` lately');
    expect(answer).toContain('What is due is `v2`');
  });

  test('/approve by a writer who is not in the team is refused, and by a member passes the gate', async () => {
    const { pull, headSha } = await setting.open('prod');
    const refused = await ask('dan', pull, '/approve');
    expect(refused.answer).toContain('needs the user `ann` or a member of the team `acme/sre`');
    expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: manual' });
    await ask('sam', pull, '/approve');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
    expect((await setting.check(headSha)).summary).toContain('approved by sam');
  });

  test('/retry has everything looked at again, by who may write', async () => {
    const refused = await ask('eve', issue, '/retry');
    expect(refused.answer).toContain('needs the role **write**');
    const { id } = await ask('dan', issue, '/retry');
    expect(await reactions(id)).toEqual(['eyes', 'rocket']);
  });

  test('a command in an edited comment does nothing, and is said so', async () => {
    const { pull } = await setting.open('prod');
    const id = await setting.comment('sam', pull, 'hello');
    setting.world.sandbox.clock.advance(60_000);
    const body = '/close';
    await setting.as('sam').rest.issues.updateComment({ ...setting.repo, comment_id: id, body });
    await setting.settle();
    expect((await setting.comments(pull)).at(-1)).toContain('nothing was done');
    expect((await setting.open('prod')).pull).toBe(pull);
  });

  test('a bot starts nothing, whatever it may write', async () => {
    const { sandbox } = setting.world;
    const robot = sandbox.addApp({
      slug: 'robot',
      permissions: { issues: 'write', pull_requests: 'write' },
      events: [],
    });
    const { id } = sandbox.install(robot.id, 'acme');
    const octokit = octokitForApp(sandbox, robot, id);
    const { pull } = await setting.open('prod');
    const said = (await setting.comments(pull)).length;
    await octokit.rest.issues.createComment({ ...setting.repo, issue_number: pull, body: '/close' });
    await setting.settle();
    expect((await setting.open('prod')).pull).toBe(pull);
    expect(await setting.comments(pull)).toHaveLength(said + 1);
  });

  test('the author of a pull request from a fork may no more there than anywhere else', async () => {
    const { data: fork } = await setting.as('eve').rest.repos.createFork(setting.repo);
    await setting.settle();
    const theirs = { owner: fork.owner.login, repo: fork.name };
    const path = overlayPath('dev');
    const { data: file } = await setting.as('eve').rest.repos.getContent({ ...theirs, path });
    const { sha } = file as { sha: string };
    const content = Buffer.from(overlay('v2', 9)).toString('base64');
    await setting
      .as('eve')
      .rest.repos.createOrUpdateFileContents({ ...theirs, path, sha, content, message: 'More of it' });
    const { data: theirPull } = await setting.as('eve').rest.pulls.create({
      ...setting.repo,
      title: 'More of it',
      head: `${fork.owner.login}:main`,
      base: 'main',
    });
    await setting.settle();
    const { answer } = await ask('eve', theirPull.number, '/hold checkout prod it is mine');
    expect(answer).toContain('needs the role **write**');
    // Whoever may read is answered; the application is the one whose files it changes.
    expect((await ask('eve', theirPull.number, '/status')).answer).not.toContain('**cart**');
  });

  test('two people who command at once are both heard, and what one stops is stopped', async () => {
    const { pull, headSha } = await setting.open('prod');
    const say = (login: string, body: string) =>
      setting.as(login).rest.issues.createComment({ ...setting.repo, issue_number: pull, body });
    const [one, other] = await Promise.all([
      say('sam', '/promote'),
      say('dan', '/hold checkout prod errors since this morning'),
    ]);
    await setting.settle();
    expect(await reactions(one.data.id)).toEqual(['eyes', 'rocket']);
    expect(await reactions(other.data.id)).toEqual(['eyes', 'rocket']);
    expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: hold' });
    await ask('dan', pull, '/resume checkout prod');
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  });

  test('/close gives the release up, until there is a newer one', async () => {
    const { pull } = await setting.open('prod');
    expect((await ask('dan', pull, '/close')).answer).toContain('a member of the team `acme/sre`');
    const { id, answer } = await ask('sam', pull, '/close it is *broken* @dan');
    expect(answer).toContain('Given up by `sam`: it is \\*broken\\* @\u200bdan.');
    expect(await reactions(id)).toEqual(['eyes', 'rocket']);
    await setting.sweep();
    expect((await setting.promotions()).filter(({ isOpen }) => isOpen)).toEqual([]);
    await setting.write(overlayPath('dev'), overlay('v3'), 'ann');
    expect((await setting.open('prod')).pull).not.toBe(pull);
  });

  test('/promote on a pull request of somebody means the application whose files it changes', async () => {
    const { pull, headSha } = await setting.open('prod');
    const dan = setting.as('dan').rest;
    const main = (await dan.git.getRef({ ...setting.repo, ref: 'heads/main' })).data.object.sha;
    await dan.git.createRef({ ...setting.repo, ref: 'refs/heads/replicas', sha: main });
    const path = overlayPath('dev');
    const { data: file } = await dan.repos.getContent({ ...setting.repo, path });
    const { sha } = file as { sha: string };
    const content = Buffer.from(overlay('v2', 5)).toString('base64');
    const message = 'More replicas';
    await dan.repos.createOrUpdateFileContents({
      ...setting.repo,
      path,
      sha,
      content,
      message,
      branch: 'replicas',
    });
    const { data: own } = await dan.pulls.create({
      ...setting.repo,
      title: message,
      head: 'replicas',
      base: 'main',
    });
    await setting.settle();
    setting.world.sandbox.clock.advance(1_000);
    expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: manual' });
    await ask('ann', own.number, '/promote to prod');
    expect((await setting.comments(pull)).join()).toContain('`ann` asked for this promotion');
    expect((await setting.check(headSha)).summary).toContain('asked for by ann');
  });
});
