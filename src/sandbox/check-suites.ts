import { isInstalledOn } from './access.ts';
import { headCommitJson } from './commit-json.ts';
import type { RefChange, SandboxContext } from './context.ts';
import { readCommit } from './git.ts';
import { checkSuiteJson, suiteResult } from './json-check.ts';
import { timestamp } from './route-input.ts';
import type { CheckRun, CheckSuite, Repository, User } from './state.ts';

/** The suite of an App at a commit, made when there is none. */
export async function suiteOf(
  sandbox: SandboxContext,
  repository: Repository,
  input: { appId: number; headSha: string; headBranch: string | null },
): Promise<CheckSuite> {
  // Read before looking: what comes after must not be interrupted, or two would be made.
  const headCommit = headCommitJson(await readCommit(repository.gitDir, input.headSha));
  const found = [...repository.checkSuites.values()].find(
    (suite) => suite.appId === input.appId && suite.headSha === input.headSha,
  );
  if (found) return found;
  const now = timestamp(sandbox);
  const suite = { id: sandbox.nextId(), ...input, headCommit, createdAt: now, updatedAt: now };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}

/**
 * Makes a suite on what was pushed for every App that may write checks, and asks the App for it:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_suite
 */
export async function requestCheckSuites(
  sandbox: SandboxContext,
  repository: Repository,
  change: RefChange,
): Promise<void> {
  const branch = /^refs\/heads\/(.+)$/.exec(change.ref)?.[1];
  if (branch === undefined || change.after === null) return;
  for (const installation of sandbox.state.installations.values()) {
    if (!isInstalledOn(installation, repository) || installation.suspendedAt !== null) continue;
    if (installation.permissions.checks !== 'write') continue;
    const input = { appId: installation.appId, headSha: change.after, headBranch: branch };
    const suite = await suiteOf(sandbox, repository, input);
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
  if (!suite) return;
  suite.updatedAt = timestamp(sandbox);
  if (suiteResult(repository, suite).status === 'completed')
    emitSuite(sandbox, repository, suite, 'completed', sender);
}

/** Asks the App for its checks once more: the suite is queued until a run of it is written. */
export function rerequestSuite(
  sandbox: SandboxContext,
  repository: Repository,
  suite: CheckSuite,
  sender: User,
): void {
  suite.isReset = true;
  suite.updatedAt = timestamp(sandbox);
  emitSuite(sandbox, repository, suite, 'rerequested', sender);
}

export function emitSuite(
  sandbox: SandboxContext,
  repository: Repository,
  suite: CheckSuite,
  action: 'requested' | 'completed' | 'rerequested',
  sender: User,
): void {
  const payload = { check_suite: checkSuiteJson(sandbox, repository, suite) };
  // An App is asked for its own suite only; that one is over concerns all.
  const toAppId = action === 'completed' ? undefined : suite.appId;
  sandbox.emit('check_suite', { repository, sender, action, payload, toAppId });
}
