import type { Call } from '../../src/sandbox/state.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting | null = null;
afterEach(async () => {
  await setting?.world.stop();
  setting = null;
});

const FIVE = ['a', 'b', 'c', 'd', 'e'];
const ONE = config('  dev: {}\n  staging: { from: dev }\n');
const FAN_OUT = config(`  dev: {}\n${FIVE.map((name) => `  ${name}: { from: dev }\n`).join('')}`);
const GROUPED = config('  dev: {}\n  staging: { from: dev, group: all }\n');

const APP = /^(app|installation):/;
const isLabel = ({ method, path }: Call) => method === 'POST' && path.endsWith('/labels');
const describe_ = ({ method, path }: Call) => `${method} ${path.replace(/[0-9a-f]{40}/, 'SHA')}`;

/** What Sluice asks GitHub for until it has labelled so many pull requests. */
async function callsUntil(labelled: number, act: () => Promise<unknown>): Promise<string[]> {
  const { sandbox } = setting!.world;
  const before = sandbox.calls.length;
  await act();
  await setting!.settle();
  const calls = sandbox.calls.slice(before).filter(({ actor }) => APP.test(actor));
  const last = calls.filter(isLabel)[labelled - 1];
  if (!last)
    throw new Error(
      `fewer than ${labelled} pull requests were labelled:\n${calls.map(describe_).join('\n')}`,
    );
  return calls.slice(0, calls.indexOf(last) + 1).map(describe_);
}

const files = (names: readonly string[], text: string, applications = ['checkout']) => ({
  '.github/sluice.yml': text,
  ...Object.fromEntries(
    applications.flatMap((each) =>
      ['dev', ...names].map((name) => [overlayPath(name, each), overlay('v1.0.0', 1, each)] as const),
    ),
  ),
});

const release = () => setting!.write(overlayPath('dev'), overlay('v1.1.0'));

test('one application, one environment: 10 calls when warm', async () => {
  setting = await makeSetting(files(['staging'], ONE));
  expect(await callsUntil(1, release)).toHaveLength(10);
});

test('and 12 when cold, the installation token included', async () => {
  setting = await makeSetting(files(['staging'], ONE), { isStarted: false });
  await release();
  const start = () => setting!.world.startApp();
  const calls = await callsUntil(1, start);
  // What a sweep looks through: whose installations there are, what GitHub could not deliver or Sluice not hear, and
  // which branches are left over.
  const sweep =
    /^GET \/(app\/installations|installation\/repositories|app\/hook|repos\/\w+\/\w+\/(issues\/comments|git\/matching-refs))/;
  expect(calls.filter((call) => !sweep.test(call))).toHaveLength(12);
  expect(calls).not.toContain('GET /app');
});

test('five environments from one: 34 calls in five pull requests', async () => {
  setting = await makeSetting(files(FIVE, FAN_OUT));
  const calls = await callsUntil(5, release);
  expect(calls.filter((call) => call.startsWith('POST /graphql'))).toHaveLength(1);
  expect(calls).toHaveLength(34);
});

test('five applications at once: 10 calls in one pull request of a group', async () => {
  const applications = FIVE.map((name) => `app-${name}`);
  setting = await makeSetting(files(['staging'], GROUPED, applications));
  const { world, repo } = setting;
  const release = async () => {
    const dan = world.as('dan');
    const { data: main } = await dan.rest.git.getRef({ ...repo, ref: 'heads/main' });
    const { data: tree } = await dan.rest.git.createTree({
      ...repo,
      base_tree: main.object.sha,
      tree: applications.map((each) => ({
        path: overlayPath('dev', each),
        mode: '100644',
        type: 'blob',
        content: overlay('v1.1.0', 1, each),
      })),
    });
    const { data: commit } = await dan.rest.git.createCommit({
      ...repo,
      tree: tree.sha,
      parents: [main.object.sha],
      message: 'Take v1.1.0 everywhere',
    });
    await dan.rest.git.updateRef({ ...repo, ref: 'heads/main', sha: commit.sha });
  };
  const calls = await callsUntil(1, release);
  expect(calls).toHaveLength(10);
});

test('a sweep of an idle installation: all that GitHub gives a tag for has not changed', async () => {
  setting = await makeSetting(files(['staging'], ONE));
  const { sandbox } = setting.world;
  const before = sandbox.calls.length;
  await setting.sweep();
  const asked = sandbox.calls.slice(before).filter(({ actor }) => APP.test(actor));
  expect(asked.map((call) => `${call.status} ${describe_(call).split('?')[0]}`).sort()).toEqual([
    // The App's own: each of its tokens is a new one.
    '200 GET /app/hook/deliveries',
    '200 GET /app/installations',
    '304 GET /installation/repositories',
    '304 GET /repos/acme/gitops/commits/heads%2Fmain',
    '304 GET /repos/acme/gitops/git/matching-refs/heads%2Fsluice%2F',
    '304 GET /repos/acme/gitops/issues/comments',
    '304 GET /repos/acme/gitops/pulls',
  ]);
});
