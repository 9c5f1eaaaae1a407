import { expect, test } from '@jest/globals';
import { readRollbackWords } from '../../src/domain/rollback-words.ts';

const NAMES = {
  applications: new Set(['checkout', 'shop/cart', 'prod']),
  environments: new Set(['staging', 'prod']),
};

const read = (text: string) =>
  readRollbackWords(
    text.split(' ').filter((word) => word !== ''),
    NAMES,
  );
const NOTHING = { application: null, environment: null, release: null, reason: '', isForgetting: false };

test.each<[string, object]>([
  ['', {}],
  ['checkout', { application: 'checkout' }],
  ['checkout in prod', { application: 'checkout', environment: 'prod' }],
  ['checkout prod', { application: 'checkout', environment: 'prod' }],
  ['in prod', { environment: 'prod' }],
  ['shop/cart in staging to v1.4.1', { application: 'shop/cart', environment: 'staging', release: 'v1.4.1' }],
  ['to v1.4.1', { release: 'v1.4.1' }],
  ['to v1.4.1 it fails', { release: 'v1.4.1', reason: 'it fails' }],
  [
    'checkout in prod errors to many',
    { application: 'checkout', environment: 'prod', reason: 'errors to many' },
  ],
  // A name that both have is the application's in front.
  ['prod in prod', { application: 'prod', environment: 'prod' }],
  ['forget checkout in prod', { application: 'checkout', environment: 'prod', isForgetting: true }],
  ['forget v2', { release: 'v2', isForgetting: true }],
])('/rollback %s', (text, words) => {
  expect(read(text)).toEqual({ ok: true, words: { ...NOTHING, ...words } });
});

test.each([
  ['chekout in prod', '`chekout` is neither an application nor an environment here'],
  ['it fails', '`it` is neither'],
  ['checkout it fails', '`it` is neither'],
  ['checkout in prd', 'name one environment after `in`'],
  ['checkout in prod to', 'name one release after `to`'],
  ['@acme/all`<!-- x', 'is neither'],
])('/rollback %s is not understood', (text, problem) => {
  const reading = read(text);
  expect(reading).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  expect(JSON.stringify(reading)).not.toMatch(/@(?!\u200b)/);
});
