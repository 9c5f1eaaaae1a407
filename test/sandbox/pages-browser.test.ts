import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { HERE, propose, startTeam, type Team, textAt } from './collaboration-world.ts';
import { browserTest, launchBrowser } from './pages-browser.ts';

let team: Team;
let browser: Browser | null;
beforeAll(async () => {
  // The browser first: when it does not start, no server stays behind.
  browser = await launchBrowser();
  team = await startTeam();
});
afterAll(async () => {
  await browser?.close();
  await team?.stop();
});

/** A page of a fresh profile, and what went wrong on it or left the machine. */
async function open(url: string): Promise<{ page: Page; alarms: string[] }> {
  if (!browser) throw new Error('there is no browser');
  const page = await browser.newPage();
  const alarms: string[] = [];
  page.on('dialog', (dialog) => {
    alarms.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => alarms.push(`error: ${error.message}`));
  page.on('console', (message) => alarms.push(`console: ${message.text()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(team.sandbox.url)) alarms.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, alarms };
}

async function become(page: Page, login: string): Promise<void> {
  const value = await page.getByLabel('You are').locator('option', { hasText: login }).getAttribute('value');
  await page.getByLabel('You are').selectOption(value);
  await page.getByRole('button', { name: 'Switch' }).click();
  await page.getByText(`As ${login}:`).waitFor();
}

browserTest('people look at a pull request, one approves it, another merges it', async () => {
  await team.as.root.repos.updateBranchProtection({
    ...HERE,
    branch: 'main',
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: { required_approving_review_count: 1 },
    restrictions: null,
  });
  const content = 'tag: 2\n';
  await propose(team.as.alice, {
    branch: 'release',
    path: 'envs/prod/app.yaml',
    content,
    title: 'Promote 2',
  });
  const { page, alarms } = await open(team.sandbox.url);
  await page.getByRole('link', { name: 'acme/gitops' }).click();
  await page.getByRole('link', { name: 'Promote 2' }).click();
  expect(await page.locator('.diff .added').allTextContents()).toEqual(['+tag: 2']);
  const colour = (line: string) =>
    page.evaluate(`getComputedStyle(document.querySelector('.diff .${line}')).backgroundColor`);
  expect(await colour('added')).not.toBe(await colour('removed'));

  await become(page, 'alice');
  await page.getByRole('button', { name: 'Approve' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('Can not approve your own pull request');
  await become(page, 'dave');
  await page.getByRole('button', { name: 'Squash and merge' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('At least 1 approving review is required');
  expect(await textAt(team.as.bob, 'envs/prod/app.yaml')).toBe('tag: 1\n');

  await become(page, 'bob');
  await page.getByLabel('As bob:').fill('Seen on **staging**');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.locator('strong', { hasText: 'staging' }).waitFor();
  await become(page, 'dave');
  await page.getByRole('button', { name: 'Squash and merge' }).click();
  await page.getByText('Merged', { exact: true }).waitFor();
  expect(await page.locator('#merge').textContent()).toContain('by dave');
  expect(await page.getByRole('button', { name: 'Squash and merge' }).count()).toBe(0);
  expect(await textAt(team.as.bob, 'envs/prod/app.yaml')).toBe(content);
  // The two refusals are in the browser's console, and nothing else is.
  expect(alarms.filter((alarm) => !/status of 4(05|22)/.test(alarm))).toEqual([]);
});

browserTest('what hostile people write neither runs nor loads anything', async () => {
  await team.as.root.repos.deleteBranchProtection({ ...HERE, branch: 'main' }).catch(() => null);
  const script = '"><img/src=x/onerror=alert(1)><script>alert(2)</script>';
  const title = `</title><svg onload=alert(3)>${script}`;
  const body = [
    script,
    '[a link](javascript:alert(4)) [b](data:text/html,<script>alert(5)</script>) <javascript:alert(6)>',
    '![a picture](https://evil.example/pixel.png) <img src="https://evil.example/raw.png">',
    '<style>@import url(https://evil.example/style.css)</style><base href="https://evil.example/">',
    '<form action="https://evil.example/"><button>Approve</button></form>',
  ].join('\n\n');
  const pull = await propose(team.as.alice, {
    branch: `x${script}`,
    path: `x${script}.txt`,
    content: script,
    title,
  });
  await team.as.alice.pulls.update({ ...HERE, pull_number: pull.number, body });
  await team.as.alice.issues.createComment({ ...HERE, issue_number: pull.number, body });
  const output = { title, summary: body, text: body };
  await team.as.bot.checks.create({ ...HERE, name: script, head_sha: pull.head.sha, output });
  await team.as.bot.repos.createCommitStatus({
    ...HERE,
    sha: pull.head.sha,
    state: 'success',
    context: script,
    description: script,
  });
  await team.sandbox.idle();
  const paths = [
    new URL(pull.html_url).pathname,
    `/acme/gitops/commit/${pull.head.sha}`,
    ...['/acme/gitops', '/-/deliveries', `/-/deliveries/${team.sandbox.deliveries.at(-1)?.id}`],
  ];
  for (const path of paths) {
    const { page, alarms } = await open(team.sandbox.url + path);
    expect(await page.locator('script, img, svg, style, base, [onerror], [onload]').count()).toBe(0);
    expect(
      await page.locator('a[href^="javascript:" i], a[href^="data:" i], form[action*="evil"]').count(),
    ).toBe(0);
    for (const link of await page.getByRole('link', { name: /a link|a picture/ }).all())
      expect(await link.getAttribute('href')).toBe('https://evil.example/pixel.png');
    expect(alarms).toEqual([]);
    await page.close();
  }
  const { page } = await open(pull.html_url);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`${title} #${pull.number}`);
  expect(await page.getByText(`x${script}`, { exact: true }).count()).toBeGreaterThan(0);
  // Were it to get in all the same, it would not run.
  const inject = `const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.body.append(script);
    globalThis.ran`;
  expect(await page.evaluate(inject)).toBeUndefined();
});
