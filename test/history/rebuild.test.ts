import { jest } from '@jest/globals';
import { sql } from 'kysely';
import pino from 'pino';
import { Probot } from 'probot';
import { rebuildHistory } from '../../src/cli/history.ts';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import type { Client } from '../../src/github/client.ts';
import { makeHost } from '../../src/github/host.ts';
import { makeHistoryWriter } from '../../src/history/history-writer.ts';
import { rebuildRepository } from '../../src/history/rebuild.ts';
import type { PromotionRecord } from '../../src/history/record.ts';
import { makeHistoryStore } from '../../src/history/store.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';
import type { Setting } from '../e2e/setting.ts';
import { environmentOf, makeHistorySetting, playHistory } from './story.ts';

// A busy machine makes databases and stories slow.
jest.setTimeout(300_000);

let server: PostgresServer;
let url: string;
let setting: Setting;
let databases: Record<'server' | 'embedded', Database>;

/** The story is played once, and written into both databases while it happens. */
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase('history');
  databases = {
    server: await openDatabase({ url, folder: null, onError }),
    embedded: await openDatabase({ url: null, folder: null, onError }),
  };
  setting = await makeHistorySetting((log) => {
    const writers = Object.values(databases).map(({ sql: tables }) =>
      makeHistoryWriter(makeHistoryStore(tables, log), log),
    );
    return { keep: async (...seen) => void (await Promise.all(writers.map((each) => each.keep(...seen)))) };
  });
  await playHistory(setting);
});

afterAll(async () => {
  await setting.world.stop();
  for (const database of Object.values(databases)) await database.close();
  await server.stop();
});

const onError = () => undefined;
const quiet = pino({ level: 'silent' });
const everything = { repository: null, application: null, environment: null };
const page = { limit: 100, offset: 0 };

/** Through the command, as somebody would, who has only the credentials. */
async function rebuildByCommand(): Promise<void> {
  const lines: string[] = [];
  const output = { line: (text: string) => lines.push(text), error: (text: string) => lines.push(text) };
  const options = { repository: null, isResumed: false };
  expect(await rebuildHistory({ ...environmentOf(setting.world), DATABASE_URL: url }, options, output)).toBe(
    true,
  );
  expect(lines).toEqual(['acme/gitops: 8 promotions in 7 pull requests']);
}

async function rebuildInside(): Promise<void> {
  const { APP_ID, PRIVATE_KEY, GITHUB_API_URL } = environmentOf(setting.world);
  const probot = new Probot({ appId: APP_ID, privateKey: PRIVATE_KEY, baseUrl: GITHUB_API_URL, log: quiet });
  const host = makeHost(async (id) => (await probot.auth(id)) as Client, quiet);
  const store = makeHistoryStore(databases.embedded.sql, quiet);
  await rebuildRepository(store, await host.open('acme/gitops'), 'acme/gitops', false);
}

describe.each([
  ['server', rebuildByCommand],
  ['embedded', rebuildInside],
] as const)('%s', (name, rebuild) => {
  const list = () => makeHistoryStore(databases[name].sql, quiet).list(everything, page);

  test('what was written down while it happened is what GitHub tells afterwards', async () => {
    const live = await list();
    await sql`drop schema sluice cascade`.execute(databases[name].sql);
    await rebuild();
    const rebuilt = await list();
    // Where no gate asks for reviews, a look does not read them.
    const unread = live.filter(({ approvals }) => approvals === null);
    expect(new Set(unread.map(({ environment }) => environment))).toEqual(
      new Set(['staging', 'canary', 'perf']),
    );
    const known = ({ approvals, ...record }: PromotionRecord) => ({ ...record, approvals: approvals ?? [] });
    expect(live.map(known)).toEqual(rebuilt);
  });

  test('again, it changes nothing', async () => {
    const before = await list();
    await rebuild();
    expect(await list()).toEqual(before);
  });

  test('each promotion has its record, with what became of it', async () => {
    const brief = (await list()).map(
      ({ application, from, environment, release, outcome, mergedBy, closedBy }) => {
        const way = `${application} ${from.join('+')} -> ${environment} ${release}`;
        return `${way}: ${outcome} ${mergedBy ?? closedBy ?? ''}`.trimEnd();
      },
    );
    expect(brief.toSorted()).toEqual([
      'checkout dev -> canary v3: open',
      'checkout dev -> staging v2: merged sluice[bot]',
      'checkout dev -> staging v3: merged sluice[bot]',
      'checkout staging -> perf v3: obsolete sluice[bot]',
      'checkout staging -> prod v3: merged ann',
      'payments dev -> canary v5: left',
      'payments dev -> staging v5: merged sluice[bot]',
      'payments staging -> prod v5: closed ann',
    ]);
  });

  test('one that people brought to production tells who, when, what and by which gates', async () => {
    const found = (await list()).find(
      ({ environment, outcome }) => environment === 'prod' && outcome === 'merged',
    )!;
    const { data: pull } = await setting
      .as('ann')
      .rest.pulls.get({ ...setting.repo, pull_number: found.pull });
    expect(found).toMatchObject({
      repository: 'acme/gitops',
      application: 'checkout',
      branch: 'sluice/checkout/prod',
      changes: [{ kind: 'image', name: 'ghcr.io/acme/checkout', part: 'newTag', from: 'v1', to: 'v3' }],
      headSha: pull.head.sha,
      mergeCommitSha: pull.merge_commit_sha,
      mergedAt: new Date(pull.merged_at!).toISOString(),
      openedAt: new Date(pull.created_at).toISOString(),
      closedAt: null,
      approvals: [{ by: 'sam', headSha: pull.head.sha }],
      gates: [
        {
          gate: 'approvals',
          kind: 'approvals',
          state: 'passed',
          facts: [{ reviewer: 'sam', state: 'approved', head: pull.head.sha, counts: true }],
        },
      ],
    });
    expect(found.releases.map(({ release }) => release)).toEqual(['v2', 'v3']);
    expect(new Set(found.releases.map(({ at }) => at)).size).toBe(2);
  });
});
