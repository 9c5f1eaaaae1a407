import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pino from 'pino';
import { type HistoryFormat, listHistory, printHistory } from '../../src/cli/history.ts';
import { parseSince, printFigures, writeFigures } from '../../src/cli/history-figures.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { toDelivery } from '../../src/history/delivery.ts';
import { figuresOf } from '../../src/history/figures.ts';
import { figuresSchema } from '../../src/history/figures-schema.ts';
import { recordSchema } from '../../src/history/record.ts';
import { type Filter, type HistoryStore, makeHistoryStore } from '../../src/history/store.ts';
import { recordOf } from '../history/support.ts';

// A busy machine makes databases and stories slow.
jest.setTimeout(300_000);

const HOSTILE = '=cmd|"/c calc"!A1\u001b[2J\u202e\ud800\0\n@all';
let folder: string;
let database: Awaited<ReturnType<typeof openDatabase>>;
let store: HistoryStore;

const RECORDS = [
  recordOf({ pull: 1, outcome: 'merged', mergedAt: '2026-03-02T08:15:30.000Z', mergedBy: 'ann' }),
  recordOf({ pull: 2, application: 'payments', from: [], openedAt: '2026-03-03T12:00:00.000Z' }),
  recordOf({ pull: 3, environment: 'staging', openedAt: '2026-03-02T12:00:00.000Z' }),
  recordOf({
    repository: 'acme/other',
    release: HOSTILE,
    authors: [HOSTILE],
    changes: [{ kind: 'image', name: HOSTILE, part: 'newTag', from: null, to: HOSTILE }],
    openedAt: '2026-02-01T12:00:00.000Z',
  }),
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-history-'));
  await open();
  for (const record of RECORDS) await store.change(record.repository, record.pull, () => [record], true);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function open() {
  database = await openDatabase({ url: null, folder, onError: () => undefined });
  store = makeHistoryStore(database.sql, pino({ level: 'silent' }));
}

/** The folder is free for the commands meanwhile, each of which opens it as a process of its own would. */
async function asCommand(act: (env: NodeJS.ProcessEnv) => Promise<void>) {
  await database.close();
  await act({ SLUICE_DATA: folder });
  await open();
}

function collect() {
  const lines: string[] = [];
  const errors: string[] = [];
  return {
    lines,
    errors,
    line: (text: string) => lines.push(text),
    error: (text: string) => errors.push(text),
  };
}

const whole = (more: Partial<Filter>): Filter => ({
  repository: null,
  application: null,
  environment: null,
  ...more,
});

async function print(format: HistoryFormat, more: Partial<Filter> = {}, most: number | null = null) {
  const output = collect();
  await printHistory(store, whole(more), { format, most }, output);
  return output;
}

test('the command reads the database of its environment', async () => {
  const output = collect();
  await asCommand((env) => listHistory(env, whole({}), { format: 'json', most: 1 }, output));
  expect(output.lines.map((line) => JSON.parse(line).pull)).toEqual([2]);
});

test('people get a table, the last opened first, and nothing in it steers their terminal', async () => {
  const { lines } = await print('table');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toMatch(/^opened +application +from +to +release +outcome +when +by +pull request$/);
  expect(lines[1]).toMatch(/^2026-03-03T12:00Z +payments +build +prod +v2 +open +- +- +https:/);
  expect(lines[3]).toMatch(/checkout +staging +prod +v2 +merged +2026-03-02T08:15Z +ann /);
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('programs get a JSON object a line, as the schema says', async () => {
  const { lines } = await print('json');
  const records = lines.map((line) => recordSchema.parse(JSON.parse(line)));
  expect(records[2]).toEqual(RECORDS[0]);
  expect(records[3]?.release).toBe('=cmd|"/c calc"!A1\u001b[2J\u202e\ufffd\ufffd\n@all');
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('spreadsheets get cells that are no formulas', async () => {
  const { lines } = await print('csv');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toMatch(/^repository,pull,application,environment,kind,from,/);
  expect(lines[4]).toContain(`"'=cmd|""/c calc""!A1[2J`);
  expect(lines.join('\n')).not.toMatch(/(?:^|,)"?[=+\-@]/m);
});

test('a table that is cut short says so, and an export is whole', async () => {
  expect((await print('table', {}, 3)).errors).toEqual([expect.stringContaining('more than 3')]);
  const many = Array.from({ length: 450 }, (_, pull) => recordOf({ repository: 'acme/large', pull }));
  for (const record of many) await store.change(record.repository, record.pull, () => [record], true);
  const { lines } = await print('json', { repository: 'acme/large' });
  expect(lines.map((line) => JSON.parse(line).pull)).toEqual(many.map(({ pull }) => pull).toReversed());
  expect((await print('csv', { repository: 'acme/large' }, 250)).lines).toHaveLength(251);
});

test('what is not asked for is left out', async () => {
  const pulls = async (more: Partial<Filter>) =>
    (await print('json', more)).lines.map((line) => JSON.parse(line).pull);
  expect(await pulls({ application: 'payments' })).toEqual([2]);
  expect(await pulls({ environment: 'staging' })).toEqual([3]);
  expect(await pulls({ repository: 'Acme/Fleet' })).toEqual([2, 3, 1]);
  expect((await print('json', {}, 2)).lines).toHaveLength(2);
  const { lines, errors } = await print('table', { application: 'nobody' });
  expect(lines).toEqual([]);
  expect(errors).toEqual([expect.stringContaining('sluice history rebuild')]);
});

describe('figures', () => {
  const NOW_MS = Date.parse('2026-03-04T12:00:00Z');
  const known = figuresOf(RECORDS.filter(({ repository }) => repository === 'acme/fleet').map(toDelivery), {
    sinceMs: parseSince('7d', NOW_MS),
    untilMs: NOW_MS,
  });
  const write = (format: HistoryFormat, figures = known) => {
    const output = collect();
    writeFigures(figures, format, output);
    return output;
  };

  test('are made of the database', async () => {
    const output = collect();
    const filter = whole({ repository: 'acme/fleet', environment: 'prod' });
    const options = { format: 'json', since: '7d', nowMs: NOW_MS } as const;
    await asCommand((env) => printFigures(env, filter, options, output));
    expect(output.lines.map((line) => JSON.parse(line))).toEqual(
      known.filter(({ environment }) => environment === 'prod'),
    );
  });

  test('people get a table with the counts beside', () => {
    const { lines } = write('table');
    expect(lines[0]).toMatch(/^application +environment +deployments +a week +lead time/);
    expect(lines[1]).toMatch(/^checkout +prod +1 +1 +20h 16m +20h 16m +0 of 1 +- +-$/);
    expect(write('table', []).errors).toEqual([expect.stringContaining('sluice history rebuild')]);
  });

  test('programs get a JSON object a line, as the schema says, and spreadsheets a line with headings', () => {
    const parsed = write('json').lines.map((line) => figuresSchema.parse(JSON.parse(line)));
    expect(parsed.map(({ application, environment }) => `${application} ${environment}`)).toEqual([
      'checkout prod',
      'checkout staging',
      'payments prod',
    ]);
    const csv = write('csv').lines;
    expect(csv).toHaveLength(4);
    expect(csv[1]!.split(',')).toHaveLength(csv[0]!.split(',').length);
  });

  test('how far back: a duration, a date, nothing else', () => {
    expect(parseSince('7d', NOW_MS)).toBe(Date.parse('2026-02-25T12:00:00Z'));
    expect(parseSince('2026-01-31', NOW_MS)).toBe(Date.parse('2026-01-31T00:00:00Z'));
    expect(() => parseSince('soon', NOW_MS)).toThrow('--since soon: write `30d`');
    expect(() => parseSince('2026-12-01', NOW_MS)).toThrow('not in the past');
  });
});
