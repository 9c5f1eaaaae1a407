import type { Role } from '../../../src/domain/role.ts';
import { authorise } from '../../../src/promotion/commands/authorise.ts';
import { settings } from '../support.ts';

const as = (role: Role) => ({ readRole: async () => role });
const OVERRIDE = { name: 'override', shown: '`/override`' } as const;
const PROMOTE = { name: 'promote', shown: '`/promote`' } as const;
const LOOK = { name: 're-evaluate', shown: '**Re-evaluate**' } as const;

test('the role of the moment decides, by what the config asks for', async () => {
  const config = settings({ overrideRole: 'maintain', promoteRole: 'triage' });
  const { may, refused } = await authorise(as('triage'), config, 'dan', [OVERRIDE, PROMOTE, OVERRIDE]);
  expect([may('override'), may('promote'), may('re-evaluate')]).toEqual([false, true, false]);
  expect(refused).toEqual([
    '`/override` needs the role **maintain** on this repository, and `dan` has **triage**.',
  ]);
});

test('without a config, only those with the highest role may do what a config could allow others', async () => {
  const { may, refused } = await authorise(as('maintain'), null, 'dan', [LOOK]);
  expect([may('override'), may('promote'), may('re-evaluate')]).toEqual([false, false, true]);
  expect(refused).toEqual([]);
});

test('a role that cannot be read is an error', async () => {
  const host = { readRole: () => Promise.reject(new Error('502')) };
  await expect(authorise(host, settings(), 'dan', [PROMOTE])).rejects.toThrow('502');
});
