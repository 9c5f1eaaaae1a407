import { jest } from '@jest/globals';
import { sql } from 'kysely';
import pino from 'pino';
import { Probot } from 'probot';
import { runGit } from '../../src/cli/demo/verify.ts';
import { verifyHistory } from '../../src/cli/history-verify.ts';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import type { Client } from '../../src/github/client.ts';
import { makeHost } from '../../src/github/host.ts';
import { makeHistoryWriter } from '../../src/history/history-writer.ts';
import { rebuildRepository } from '../../src/history/rebuild.ts';
import { makeHistoryStore } from '../../src/history/store.ts';
import { environmentOf } from '../history/story.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

// A busy machine makes databases and stories slow.
jest.setTimeout(300_000);

const quiet = pino({ level: 'silent' });
const DAY_MS = 24 * 60 * 60 * 1000;

let database: Database;
let setting: Setting;

beforeAll(async () => {
  database = await openDatabase({ url: null, folder: null, onError: () => undefined });
  setting = await makeSetting(
    {
      '.github/sluice.yml': config('  dev:\n  prod: { from: dev, auto-merge: true }\n'),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { history: (log) => makeHistoryWriter(makeHistoryStore(database.sql, log), log) },
  );
});
afterAll(async () => {
  await setting.world.stop();
  await database.close();
});

const release = (tag: string) => setting.write(overlayPath('dev'), overlay(tag));
const tipOf = async () =>
  (
    await runGit(setting.gitops.gitDir, ['for-each-ref', '--format=%(objectname)', 'refs/heads/sluice-state'])
  ).trim();
const keptReleases = async () => {
  const text = (await setting.read('history/0001.jsonl', 'sluice-state')) ?? '';
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).record.release]));
};

async function verify(more: { noted?: string } = {}) {
  const lines: string[] = [];
  const output = { line: (text: string) => lines.push(text), error: (text: string) => lines.push(text) };
  const nowMs = setting.world.sandbox.clock.now() + DAY_MS;
  const command = { repository: 'acme/gitops', since: '30d', json: false, nowMs, noted: more.noted ?? null };
  const isRight = await verifyHistory(environmentOf(setting.world), command, output);
  return { isRight, text: lines.join('\n') };
}

/** What the App asks GitHub for during a sweep, of the state branch. */
async function sweepCalls(): Promise<string[]> {
  const { sandbox } = setting.world;
  const before = sandbox.calls.length;
  await setting.world.sweep();
  await setting.settle();
  const own = sandbox.calls.slice(before).filter(({ actor }) => actor.startsWith('installation'));
  return own.flatMap(({ method, path }) =>
    method !== 'GET' || path.includes('sluice-state')
      ? [`${method} ${path.split('/').slice(4).join('/')}`]
      : [],
  );
}

test('a sweep keeps what has ended in one commit, which git and GitHub bear out', async () => {
  await release('v2');
  expect(await tipOf()).toBe('');
  const calls = await sweepCalls();
  expect(calls).toEqual([
    'GET git/ref/heads%2Fsluice-state',
    'POST git/trees',
    'POST git/commits',
    'POST git/refs',
  ]);
  expect(await keptReleases()).toEqual(['v2']);
  expect(await sweepCalls()).toEqual([]);
  const { isRight, text } = await verify();
  expect(text).toMatch(
    /^acme\/gitops: 1 records of 1 pull requests are kept; 1 pull requests were compared .*; the last line is [0-9a-f]{64}$/,
  );
  expect(isRight).toBe(true);
});

test('with the database lost and made again, nothing is kept twice', async () => {
  const before = await tipOf();
  await sql`drop schema sluice cascade`.execute(database.sql);
  const { APP_ID, PRIVATE_KEY, GITHUB_API_URL } = environmentOf(setting.world);
  const probot = new Probot({ appId: APP_ID, privateKey: PRIVATE_KEY, baseUrl: GITHUB_API_URL, log: quiet });
  const host = makeHost(async (id) => (await probot.auth(id)) as Client, quiet);
  const store = makeHistoryStore(database.sql, quiet);
  await rebuildRepository(store, await host.open('acme/gitops'), 'acme/gitops', false);
  await setting.sweep();
  expect(await tipOf()).toBe(before);
  expect(await store.listUnkept('acme/gitops', 10)).toEqual([]);
});

test('what somebody changes, or takes back, shows', async () => {
  const first = await tipOf();
  await release('v3');
  await setting.sweep();
  expect(await keptReleases()).toEqual(['v2', 'v3']);
  const last = await tipOf();
  const { text } = await verify();
  const noted = /last line is ([0-9a-f]{64})/.exec(text)![1]!;
  const dan = setting.as('dan');
  const forceTo = (sha: string) =>
    dan.rest.git.updateRef({ ...setting.repo, ref: 'heads/sluice-state', sha, force: true });

  const path = 'history/0001.jsonl';
  const forged = (await setting.read(path, 'sluice-state'))!.replaceAll('"v2"', '"v9"');
  const { data: tree } = await dan.rest.git.createTree({
    ...setting.repo,
    base_tree: last,
    tree: [{ path, mode: '100644', type: 'blob', content: forged }],
  });
  const message = 'Keep 1 ended promotions\n\nSluice-State: 1\n';
  const { data: commit } = await dan.rest.git.createCommit({
    ...setting.repo,
    tree: tree.sha,
    parents: [last],
    message,
  });
  await forceTo(commit.sha);
  const changed = await verify();
  expect(changed.isRight).toBe(false);
  expect(changed.text).toContain(`commit ${commit.sha.slice(0, 7)} of sluice-state: Sluice did not make it`);
  expect(changed.text).toContain('history/0001.jsonl:2: does not follow the line before');
  expect(changed.text).toContain('#1 checkout to prod: release: the record has "v9", GitHub has "v2"');

  await forceTo(first);
  const cut = await verify({ noted });
  expect(cut.isRight).toBe(false);
  expect(cut.text).toContain(`no line has the hash ${noted}`);
  expect(cut.text).toContain('#2 checkout to prod: it has ended, and is not kept');

  await forceTo(last);
  expect(await verify({ noted })).toMatchObject({ isRight: true });
});
