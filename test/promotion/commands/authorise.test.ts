import { toPermissions } from '../../../src/config/schema-commands.ts';
import type { Role } from '../../../src/domain/role.ts';
import { makeAuthoriser, refuseRole } from '../../../src/promotion/commands/authorise.ts';
import { environment } from '../../domain/support.ts';
import { settings, snapshotOf } from '../support.ts';

const PROMOTE = { name: 'promote', shown: '`/promote`' } as const;
const OVERRIDE = { name: 'override', shown: '`/override`' } as const;

/** GitHub, which knows one person. */
const as = (role: Role, teams: readonly string[] = []) => ({
  readRole: async () => role,
  isTeamMember: async (organization: string, slug: string) => teams.includes(`${organization}/${slug}`),
  readText: async () => '/apps/checkout/ @acme/checkout @olga\n',
});

const prod = {
  ...environment('prod', ['dev']),
  permissions: toPermissions({ promote: ['team:acme/release', 'codeowners'] }),
};
const config = settings({ environments: [environment('dev'), prod] });
const { base, targets } = snapshotOf({ dev: 'v2', prod: 'v1' });
const entry = {
  path: 'CODEOWNERS',
  mode: '100644',
  type: 'blob',
  sha: 'c'.repeat(40),
  sizeBytes: 40,
} as const;
const owned = { ...base, files: new Map([...base.files, ['CODEOWNERS', entry]]) };
const known = { base: owned, settings: config, targets };
const inProd = [{ application: 'checkout', environment: prod }];
const inDev = [{ application: 'checkout', environment: environment('dev') }];

test('the role of the moment decides, by what the config asks for', async () => {
  const dan = makeAuthoriser(as('triage'), known, 'dan');
  expect(await dan.refuse(PROMOTE, inDev)).toBe(
    '`/promote` needs the role **write** on this repository, and `dan` has **triage**.',
  );
  expect(await dan.refuse(OVERRIDE, [])).toContain('the role **admin**');
  expect(await makeAuthoriser(as('write'), known, 'sue').refuse(PROMOTE, inDev)).toBeNull();
});

test('an environment can leave it to a team, whatever role somebody has', async () => {
  const ann = makeAuthoriser(as('admin'), known, 'ann');
  expect(await ann.refuse(PROMOTE, inDev)).toBeNull();
  expect(await ann.refuse(PROMOTE, [...inDev, ...inProd])).toBe(
    '`/promote` in **prod** needs a member of the team `acme/release` or a code owner of its files, and `ann` has **admin**.',
  );
  expect(await makeAuthoriser(as('read', ['acme/release']), known, 'rob').refuse(PROMOTE, inProd)).toBeNull();
});

test('a code owner counts by name or by team, and like on GitHub only with write access', async () => {
  expect(await makeAuthoriser(as('write'), known, 'Olga').refuse(PROMOTE, inProd)).toBeNull();
  expect(
    await makeAuthoriser(as('write', ['acme/checkout']), known, 'max').refuse(PROMOTE, inProd),
  ).toBeNull();
  expect(await makeAuthoriser(as('triage'), known, 'olga').refuse(PROMOTE, inProd)).not.toBeNull();
  const other = { ...known, base };
  expect(await makeAuthoriser(as('write'), other, 'olga').refuse(PROMOTE, inProd)).not.toBeNull();
});

test('who may do it nowhere is told at once, and whoever may be in a team is not', async () => {
  const eve = makeAuthoriser(as('read'), known, 'eve');
  expect(await eve.refuseAnywhere(OVERRIDE)).toContain('needs the role **admin**');
  expect(await eve.refuseAnywhere(PROMOTE)).toBeNull();
});

test('what GitHub does not tell is an error, and lets nobody do anything', async () => {
  const broken = { ...as('read'), isTeamMember: () => Promise.reject(new Error('502')) };
  await expect(makeAuthoriser(broken, known, 'rob').refuse(PROMOTE, inProd)).rejects.toThrow('502');
});

test('without a config that can be used, a role alone decides', async () => {
  expect(await refuseRole(as('write'), 'dan', '**Re-evaluate**', 'write')).toBeNull();
  expect(await refuseRole(as('read'), 'eve', '**Re-evaluate**', 'write')).toBe(
    '**Re-evaluate** needs the role **write** on this repository, and `eve` has **read**.',
  );
});
