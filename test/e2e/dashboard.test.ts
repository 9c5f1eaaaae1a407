import { afterEach, expect, test } from '@jest/globals';
import { tick } from '../../src/promotion/dashboard/boxes.ts';
import { mergeJobs } from '../../src/promotion/merge-jobs.ts';
import type { Job } from '../../src/promotion/ports/jobs.ts';
import type { Issue } from '../../src/sandbox/state.ts';
import { makeMemoryDashboards } from '../queue/memory-dashboards.ts';
import { makeMemoryQueue, memoryStorage } from '../queue/memory-queue.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;
/** What waits for its time: the test says when that has come. */
let waiting: Map<string, Job>;
let pass: () => Promise<void>;
let forget: () => void;

afterEach(async () => setting.world.stop());

const CONFIG = config(
  '  dev:\n  prod:\n    from: dev\n    gates: [manual]\n',
  'commands: { freeze: maintain }\n',
);

async function start(text = CONFIG) {
  waiting = new Map();
  const dashboards = makeMemoryDashboards();
  forget = dashboards.forget;
  const { openQueue: _, ...kept } = memoryStorage()({} as never);
  setting = await makeSetting(
    {
      '.github/sluice.yml': text,
      [overlayPath('dev')]: overlay('v2'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    {
      storage: (log) => ({
        ...kept,
        dashboards,
        async openQueue(run) {
          const queue = makeMemoryQueue({ run, log, concurrency: 2, retryDelaysMs: [] });
          const addLater = async (job: Job) => {
            const key = `${job.kind} ${job.repository}`;
            const before = waiting.get(key);
            waiting.set(key, (before && mergeJobs(before, job)) ?? job);
          };
          pass = async () => {
            const due = [...waiting.values()];
            waiting.clear();
            for (const job of due) await queue.add(job);
            await setting.settle();
          };
          return { ...queue, addLater };
        },
      }),
    },
  );
}

const issues = () => [...setting.gitops.issues.values()].filter(({ isPullRequest }) => !isPullRequest);

function dashboard(): Issue {
  const [only, ...others] = issues();
  expect(others).toEqual([]);
  return only!;
}

const idOf = (label: string) =>
  new RegExp(`^- \\[ \\] <!-- sluice:box=(\\S+) -->.*${label}`, 'm').exec(dashboard().body!)![1]!;

/** Ticks boxes as GitHub's page does: with the whole text, and the ends of lines of a browser. */
async function tickAs(login: string, ids: readonly string[], body = dashboard().body!) {
  const text = tick(body.replace(/\r/g, ''), ids).replace(/\n/g, '\r\n');
  await setting
    .as(login)
    .rest.issues.update({ ...setting.repo, issue_number: dashboard().number, body: text });
}

/** Keeps deliveries back; the returned function has those about issues come, one after the other. */
function withheld(): () => Promise<void> {
  const { sandbox, appId } = setting.world;
  const first = sandbox.deliveries.length;
  const times = Number.POSITIVE_INFINITY;
  const fault = sandbox.faults.add({ delivery: {}, times, effect: { kind: 'reset', when: 'before' } });
  return async () => {
    await sandbox.idle();
    fault.remove();
    const app = sandbox.state.apps.get(appId)!;
    for (const each of sandbox.deliveries.slice(first).filter(({ event }) => event === 'issues'))
      sandbox.context.redeliver(app, each);
    await setting.settle();
  };
}

/** Reading costs nothing where nothing changed; writing is what is to be rare. */
function callsOfApp(from: number): string[] {
  return setting.world.sandbox.calls
    .slice(from)
    .filter(({ actor }) => /^installation:/.test(actor))
    .map(({ method, path, status }) => `${status} ${method} ${path.split('?')[0]}`);
}

async function callsOf(act: () => Promise<unknown>): Promise<string[]> {
  const before = setting.world.sandbox.calls.length;
  await act();
  return callsOfApp(before);
}

const prodTitle = async () => (await setting.check((await setting.open('prod')).headSha)).title;

test('is opened and pinned once, and written once for all that comes together, only when something changed', async () => {
  await start();
  expect(issues()).toEqual([]);
  const opening = await callsOf(pass);
  const { number, body } = dashboard();
  expect(opening).toEqual([
    '404 GET /repos/acme/gitops/git/ref/heads%2Fsluice-state',
    '200 GET /repos/acme/gitops/issues',
    '201 POST /repos/acme/gitops/issues',
    '200 POST /graphql',
  ]);
  expect(setting.gitops.pinnedIssues).toEqual([number]);
  const { pull } = await setting.open('prod');
  expect(body).toContain(`| **checkout** | \`v2\` | \`v1\`<br>🙋 \`v2\` [#${pull}](../pull/${pull}) |`);
  // Nothing has changed: nothing waits, and nothing is asked.
  await setting.write('README.md', 'hello\n');
  expect(waiting.size).toBe(0);
  // Several things change: one text for all of them, and no look asks or says anything about it.
  const meanwhile = await callsOf(async () => {
    await setting.write(overlayPath('dev'), overlay('v3'));
    await setting.write(overlayPath('dev'), overlay('v4'));
    await setting.comment('dan', pull, '/hold checkout prod errors');
  });
  expect(meanwhile.filter((call) => /issues(\/\d+)?$/.test(call))).toEqual([]);
  expect(waiting.size).toBe(1);
  expect(await callsOf(pass)).toEqual([
    '304 GET /repos/acme/gitops/git/ref/heads%2Fsluice-state',
    `200 GET /repos/acme/gitops/issues/${number}`,
    `200 PATCH /repos/acme/gitops/issues/${number}`,
  ]);
  expect(dashboard().body).toContain(`⏸️ \`v4\` [#${pull}](../pull/${pull})`);
  expect(dashboard().body).toContain('⏸️ **checkout** in **prod** | somebody resumes it | errors | dan |');
  expect(issues()).toHaveLength(1);
  // A database that is lost costs a question, and no second issue.
  forget();
  await setting.sweep();
  expect(await callsOf(pass)).toEqual([
    '304 GET /repos/acme/gitops/git/ref/heads%2Fsluice-state',
    '200 GET /repos/acme/gitops/issues',
  ]);
  expect(issues()).toHaveLength(1);
});

test('a box to promote does what the command does, for whoever may, and is unticked again', async () => {
  await start();
  await pass();
  const { pull } = await setting.open('prod');
  const id = idOf('Promote \\*\\*checkout');
  expect(await prodTitle()).toBe('Waiting: manual');

  await tickAs('ann', [id]);
  await setting.settle();
  expect(await prodTitle()).not.toBe('Waiting: manual');
  expect((await setting.comments(pull)).join()).toContain('`ann` asked for this promotion by a check box');
  expect(dashboard().body).not.toMatch(/^- \[x\]/m);
  expect(dashboard().body).not.toContain('Promote **checkout**');
  expect(await setting.comments(dashboard().number)).toEqual([]);
});

test('a tick by somebody who may not is refused in words, once, and unticked', async () => {
  await start(CONFIG.replace('freeze: maintain', 'freeze: maintain, promote: maintain'));
  await pass();
  const boxes = [idOf('Freeze \\*\\*prod'), idOf('Promote \\*\\*checkout')];
  for (let times = 0; times < 2; times++) {
    await tickAs('dan', boxes);
    await setting.settle();
  }
  const [said, ...more] = await setting.comments(dashboard().number);
  const refusal = 'needs the role **maintain** on this repository, and `dan` has **write**';
  expect(said).toContain(`The box to freeze \`prod\` ${refusal}`);
  expect(said).toContain(`The box to promote \`checkout\` to \`prod\` ${refusal}`);
  expect(more).toEqual([]);
  expect(dashboard().body).not.toMatch(/^- \[x\]|❄️/m);
  expect(await prodTitle()).toBe('Waiting: manual');
});

test('an environment is frozen and let go on by boxes, and all is looked at anew', async () => {
  await start();
  await pass();
  await tickAs('ann', [idOf('Freeze \\*\\*prod')]);
  await setting.settle();
  expect(dashboard().body).toContain('❄️ everything in **prod** | somebody resumes it | ticked Freeze');
  expect((await setting.check((await setting.open('prod')).headSha)).summary).toContain(
    'ann holds everything in',
  );
  await tickAs('ann', [idOf('Let \\*\\*prod\\*\\* go on')]);
  await setting.settle();
  expect(dashboard().body).not.toContain('❄️');
  const looked = await callsOf(async () => {
    await tickAs('dan', ['refresh']);
    await setting.settle();
  });
  expect(looked).toContain(`200 PATCH /repos/acme/gitops/issues/${dashboard().number}`);
  expect(dashboard().body).not.toMatch(/^- \[x\]/m);
});

test('two people who tick at once are both heard', async () => {
  await start();
  await pass();
  const [freeze, promote] = [idOf('Freeze \\*\\*prod'), idOf('Promote \\*\\*checkout')];
  const deliver = withheld();
  await tickAs('ann', [freeze]);
  await tickAs('dan', [promote]);
  await deliver();
  expect(dashboard().body).toContain('❄️ everything in **prod**');
  const { pull } = await setting.open('prod');
  expect((await setting.comments(pull)).join()).toContain('`dan` asked for this promotion');
  expect(dashboard().body).not.toMatch(/^- \[x\]/m);
});

test('a tick that is gone before Sluice comes to it is not passed over in silence', async () => {
  await start();
  await pass();
  const before = dashboard().body!;
  const deliver = withheld();
  await tickAs('ann', [idOf('Freeze \\*\\*prod')]);
  dashboard().body = before;
  await deliver();
  expect(dashboard().body).not.toContain('❄️');
  expect(await setting.comments(dashboard().number)).toEqual([
    expect.stringMatching(/`ann` ticked .* tick again/),
  ]);
});

test('what nobody told of, or what was edited, starts nothing: it is unticked, with a word', async () => {
  await start();
  await pass();
  const [freeze, promote] = [idOf('Freeze \\*\\*prod'), idOf('Promote \\*\\*checkout')];
  const unmute = setting.muteWebhooks();
  await tickAs('ann', [freeze]);
  await setting.settle();
  unmute();
  await setting.sweep();
  await pass();
  // It may still be on its way.
  expect(dashboard().body).toMatch(/^- \[x\]/m);
  setting.world.sandbox.clock.advance(3 * 60_000);
  await pass();
  expect(dashboard().body).not.toMatch(/^- \[x\]|❄️/m);
  expect(await setting.comments(dashboard().number)).toEqual([expect.stringContaining('Please tick again')]);

  // A label that says something else than its box.
  const forged = dashboard()
    .body!.replace('Look at everything anew', 'Nothing at all')
    .replace(`sluice:box=refresh`, `sluice:box=${promote}`);
  await setting
    .as('dan')
    .rest.issues.update({ ...setting.repo, issue_number: dashboard().number, body: forged });
  await tickAs('ann', [promote], forged);
  await setting.settle();
  expect(await prodTitle()).toBe('Waiting: manual');
  setting.world.sandbox.clock.advance(3 * 60_000);
  await pass();
  expect(dashboard().body).not.toMatch(/^- \[x\]|Nothing at all/m);
  expect(await prodTitle()).toBe('Waiting: manual');
});

test('closed by a person it stays closed, until a person opens it again; other people’s issues are nobody’s', async () => {
  await start();
  await setting.as('dan').rest.issues.create({
    ...setting.repo,
    title: 'Sluice dashboard',
    body: '<!-- sluice:dashboard -->',
    labels: ['sluice-dashboard'],
  });
  await pass();
  const [theirs, own] = issues();
  const at = { ...setting.repo, issue_number: own!.number };
  await setting.as('dan').rest.issues.update({ ...at, state: 'closed' });
  await setting.write(overlayPath('dev'), overlay('v3'));
  const before = own!.body;
  await pass();
  expect([theirs!.body, own!.body, issues().length]).toEqual(['<!-- sluice:dashboard -->', before, 2]);
  await setting.as('dan').rest.issues.update({ ...at, state: 'open' });
  await setting.settle();
  await pass();
  expect(own!.body).toContain('`v3`');
});

test('a config that is broken, and one that wants no dashboard, are said on it', async () => {
  await start();
  await pass();
  await setting.write('.github/sluice.yml', CONFIG.replace('gates:', 'gatez:'));
  await pass();
  expect(dashboard().body).toMatch(/Nothing is promoted until it is mended[\s\S]*unknown key "?`?gatez/);
  await setting.write('.github/sluice.yml', `${CONFIG}dashboard: false\n`);
  await pass();
  expect(dashboard().body).toContain('asks for no dashboard');
  await setting.write(overlayPath('dev'), overlay('v3'));
  expect(waiting.size).toBe(0);
});

test('a repository without issues gets none, and is not asked at each look', async () => {
  await start();
  const fault = setting.world.sandbox.faults.add({
    call: { method: 'POST', path: /\/issues$/ },
    effect: { kind: 'answer', status: 410, body: { message: 'Issues are disabled for this repo' } },
  });
  await pass();
  await setting.write('README.md', 'hello\n');
  expect([fault.fired, waiting.size, issues()]).toEqual([1, 0, []]);
  fault.remove();
  await setting.sweep();
  await pass();
  expect(issues()).toHaveLength(1);
});

test('a repository that wants none gets none', async () => {
  await start(`${CONFIG}dashboard: false\n`);
  await setting.sweep();
  expect([waiting.size, issues()]).toEqual([0, []]);
});
