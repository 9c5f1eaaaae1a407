import { jest } from '@jest/globals';
import { sql } from 'kysely';
import pino from 'pino';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { makeHistoryWriter } from '../../src/history/history-writer.ts';
import { makeHistoryStore } from '../../src/history/store.ts';
import type { HistoryReader, HistoryWriter } from '../../src/promotion/ports/history.ts';
import type { Log } from '../../src/promotion/ports/log.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from '../e2e/setting.ts';
import { close, release } from './story.ts';

// A busy machine makes databases and stories slow.
jest.setTimeout(300_000);

const quiet = pino({ level: 'silent' });
const onError = () => undefined;
const everything = { repository: null, application: null, environment: null };
const page = { limit: 100, offset: 0 };

let database: Database;
let setting: Setting;
let asked: string[];

const list = () => makeHistoryStore(database.sql, quiet).list(everything, page);

beforeAll(async () => {
  database = await openDatabase({ url: null, folder: null, onError });
});
afterEach(async () => {
  await setting.world.stop();
  await sql`drop schema if exists sluice cascade`.execute(database.sql);
});
afterAll(() => database.close());

/** What is released to dev is due in prod, where somebody must ask for it; or where Sluice merges it by itself. */
async function start(prod: string, on = database): Promise<void> {
  asked = [];
  const files = {
    '.github/sluice.yml': config(`  dev:\n  prod:\n    from: dev\n    ${prod}\n`),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  };
  const history = (log: Log): HistoryWriter => {
    const writer = makeHistoryWriter(makeHistoryStore(on.sql, log), log);
    return { keep: (look, host) => writer.keep(look, overheard(host)) };
  };
  setting = await makeSetting(files, { history });
}

/** Tells what the history asks of GitHub by itself. */
function overheard<Host extends HistoryReader>(reader: Host): Host {
  return new Proxy(reader, {
    get(target, name: string & keyof Host) {
      asked.push(name);
      return target[name];
    },
  });
}

const MANUAL = 'gates: [manual]';

test('what happened while the tables or the webhooks were away, a sweep writes down', async () => {
  await start(MANUAL);
  await release(setting, 'checkout', 'v2');
  expect(await list()).toMatchObject([{ release: 'v2', outcome: 'open' }]);
  await sql`drop schema sluice cascade`.execute(database.sql);
  await setting.sweep();
  expect(await list()).toMatchObject([{ release: 'v2', outcome: 'open' }]);

  setting.muteWebhooks();
  await setting.merge('ann', (await setting.open('prod')).pull);
  expect(await list()).toMatchObject([{ outcome: 'open' }]);
  await setting.sweep();
  expect(await list()).toMatchObject([
    { outcome: 'merged', mergedBy: 'ann', approvals: [], gates: [{ gate: 'manual', state: 'waiting' }] },
  ]);
  asked = [];
  await setting.sweep();
  expect(asked).toEqual([]);
});

test('what somebody closes and opens again is open', async () => {
  await start(MANUAL);
  await release(setting, 'checkout', 'v2');
  const { pull } = await setting.open('prod');
  await close(setting, 'dan', pull);
  expect(await list()).toMatchObject([{ outcome: 'closed', closedBy: 'dan' }]);
  await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'open' });
  await setting.settle();
  expect(await list()).toMatchObject([{ outcome: 'open', closedBy: null, closedAt: null }]);
});

test('a release on its way to production costs GitHub not one call more', async () => {
  await start('auto-merge: true');
  await release(setting, 'checkout', 'v2');
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v2');
  expect(await list()).toMatchObject([{ release: 'v2', outcome: 'merged', mergedBy: 'sluice[bot]' }]);
  expect(asked).toEqual([]);
  await setting.sweep();
  expect(asked).toContain('listReviews');
});

test('a database that is away keeps nothing from being promoted', async () => {
  const away = await openDatabase({ url: 'postgres://127.0.0.1:1/sluice', folder: null, onError });
  await start(MANUAL, away);
  await release(setting, 'checkout', 'v2');
  expect(await setting.open('prod')).toMatchObject({ release: 'v2' });
  await away.close();
});
