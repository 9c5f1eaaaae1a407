import { makeObjectCache } from '../../src/github/cache.ts';
import type { Client } from '../../src/github/client.ts';
import { makeCollaborationReader } from '../../src/github/read-collaboration.ts';
import { APP_ID, BOT, closeWire, openWire, QuickOctokit, type Wire } from './support.ts';

let wire: Wire;
beforeEach(() => {
  wire = openWire();
});
afterEach(closeWire);

const request = 'GET /repos/acme/gitops/collaborators/dana/permission';

function makeReader() {
  const client: Client = new QuickOctokit();
  const identity = { id: APP_ID, botLogin: BOT };
  const cache = makeObjectCache();
  return makeCollaborationReader({
    client,
    identity,
    owner: 'acme',
    name: 'gitops',
    cache,
    defaultBranch: null,
    onDefaultBranch: () => {},
  });
}

// `permission` knows admin, write, read and none only; `role_name` tells the rest.
// https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
test.each([
  ['admin', 'admin', 'admin'],
  ['maintain', 'write', 'maintain'],
  ['write', 'write', 'write'],
  ['triage', 'read', 'triage'],
  ['read', 'read', 'read'],
  ['none', 'none', 'none'],
  ['release captain', 'write', 'write'],
  ['auditor', 'read', 'read'],
  ['Admin', 'read', 'read'],
  ['release captain', 'something new', 'none'],
  [undefined, 'write', 'write'],
])('role %s with permission %s is the role %s', async (roleName, permission, role) => {
  wire.expect([{ request, reply: { permission, role_name: roleName } }]);
  expect(await makeReader().readRole('dana')).toBe(role);
});

// The role that a custom one extends: https://docs.github.com/en/rest/orgs/custom-roles
test.each([
  ['write', { pull: true, triage: true, push: true, maintain: true, admin: false }, 'maintain'],
  ['write', { pull: true, triage: true, push: true, maintain: false, admin: false }, 'write'],
  ['read', { pull: true, triage: true, push: false, maintain: false, admin: false }, 'triage'],
  ['read', { pull: true, triage: false, push: false, maintain: true, admin: true }, 'read'],
])(
  'a role that the organisation made, with permission %s and %j, is %s',
  async (permission, permissions, role) => {
    wire.expect([{ request, reply: { permission, role_name: 'release captain', user: { permissions } } }]);
    expect(await makeReader().readRole('dana')).toBe(role);
  },
);

test('somebody whom the repository does not know has no role', async () => {
  wire.expect([{ request, status: 404, reply: { message: 'Not Found' } }]);
  expect(await makeReader().readRole('dana')).toBe('none');
});

test('a role that cannot be read is an error, never a role', async () => {
  wire.expect([{ request, status: 403, reply: { message: 'Resource not accessible by integration' } }]);
  await expect(makeReader().readRole('dana')).rejects.toThrow('Resource not accessible');
});
