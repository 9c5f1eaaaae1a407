import type { RefChange, SandboxContext } from './context.ts';
import { checkSuiteJson, suiteResult } from './json-check.ts';
import type { CheckRun, CheckSuite, Repository, User } from './state.ts';

/** The suite of an App at a commit, made when there is none. */
export function suiteOf(
  sandbox: SandboxContext,
  repository: Repository,
  input: { appId: number; headSha: string; headBranch: string | null },
): CheckSuite {
  const found = [...repository.checkSuites.values()].find(
    (suite) => suite.appId === input.appId && suite.headSha === input.headSha,
  );
  if (found) return found;
  const suite = { id: sandbox.nextId(), ...input };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}

/**
 * Makes a suite on what was pushed for every App that may write checks, and asks the App for it:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_suite
 * GitHub asks each App for its own suite only; here two Apps that both subscribe see each other's requests.
 */
export async function requestCheckSuites(
  sandbox: SandboxContext,
  repository: Repository,
  change: RefChange,
): Promise<void> {
  const branch = /^refs\/heads\/(.+)$/.exec(change.ref)?.[1];
  if (branch === undefined || change.after === null) return;
  for (const installation of sandbox.state.installations.values()) {
    if (installation.account !== repository.owner || installation.suspendedAt !== null) continue;
    if (installation.permissions.checks !== 'write') continue;
    const input = { appId: installation.appId, headSha: change.after, headBranch: branch };
    const suite = suiteOf(sandbox, repository, input);
    const listens = sandbox.state.apps.get(installation.appId)?.events.includes('check_suite');
    if (listens) emitSuite(sandbox, repository, suite, 'requested', change.pusher);
  }
}

/** Tells that a suite is over, when the run that just completed was its last. */
export function completeSuite(
  sandbox: SandboxContext,
  repository: Repository,
  run: CheckRun,
  sender: User,
): void {
  const suite = repository.checkSuites.get(run.suiteId);
  if (suite && suiteResult(repository, suite).status === 'completed')
    emitSuite(sandbox, repository, suite, 'completed', sender);
}

export function emitSuite(
  sandbox: SandboxContext,
  repository: Repository,
  suite: CheckSuite,
  action: 'requested' | 'completed' | 'rerequested',
  sender: User,
): void {
  const payload = { check_suite: checkSuiteJson(sandbox, repository, suite) };
  sandbox.emit('check_suite', { repository, sender, action, payload });
}
