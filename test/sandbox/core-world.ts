import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { octokitForApp, octokitForToken, webhookReceiver } from './core-clients.ts';

export const SECRET = 'a secret that only these two know';

/** An organisation with a public and a private repository, people with roles, and an App installed. */
export async function startWorld() {
  const clock = { now: Date.parse('2026-03-01T12:00:00Z') };
  const sandbox: Sandbox = await startSandbox({ now: () => clock.now });
  const hooks = await webhookReceiver();
  const [alice, bob, mallory] = ['alice', 'bob', 'mallory'].map((login) => sandbox.addUser(login));
  if (!alice || !bob || !mallory) throw new Error('users are missing');
  sandbox.addOrganization('acme', { members: ['alice'] });
  sandbox.addTeam('acme', 'platform', ['bob']);
  const app = sandbox.addApp({
    slug: 'sluice',
    permissions: { contents: 'write', members: 'read' },
    events: ['push', 'create', 'delete'],
    webhookUrl: hooks.url,
    webhookSecret: SECRET,
  });
  const repository = await sandbox.addRepository({
    owner: 'acme',
    name: 'gitops',
    files: {
      'README.md': '# GitOps\n',
      'envs/dev/app.yaml': 'image: a:1\n',
      'envs/prod/app.yaml': 'image: a:0\n',
    },
    collaborators: { alice: 'write' },
    teams: { platform: 'maintain' },
  });
  const hidden = await sandbox.addRepository({
    owner: 'acme',
    name: 'hidden',
    private: true,
    files: { 'secret.txt': 'hush' },
    collaborators: { alice: 'write' },
  });
  const installation = sandbox.install(app.id, 'acme');
  const stop = async () => {
    await sandbox.stop();
    await hooks.stop();
  };
  const as = {
    app: octokitForApp(sandbox, app),
    bot: octokitForApp(sandbox, app, installation.id),
    alice: octokitForToken(sandbox, alice.token),
    bob: octokitForToken(sandbox, bob.token),
    mallory: octokitForToken(sandbox, mallory.token),
    nobody: octokitForToken(sandbox),
  };
  return { sandbox, clock, hooks, alice, mallory, app, installation, repository, hidden, as, stop };
}
