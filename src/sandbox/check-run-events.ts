import { roleAtLeast, roleOf } from './access.ts';
import { completeSuite } from './check-suites.ts';
import type { SandboxContext } from './context.ts';
import { checkRunJson, checkSuiteJson } from './json-check.ts';
import type { CheckRun, Repository, User } from './state.ts';

/** What people ask an App for goes to that App alone: https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run */
export function emitRun(
  sandbox: SandboxContext,
  repository: Repository,
  run: CheckRun,
  action: 'created' | 'completed' | 'rerequested' | 'requested_action',
  sender: User,
  extra: Record<string, unknown> = {},
): void {
  const suite = repository.checkSuites.get(run.suiteId);
  const json = checkRunJson(sandbox, repository, run);
  const payload = {
    check_run: suite ? { ...json, check_suite: checkSuiteJson(sandbox, repository, suite) } : json,
    ...extra,
  };
  const toAppId = action === 'rerequested' || action === 'requested_action' ? run.appId : undefined;
  sandbox.emit('check_run', { repository, sender, action, payload, toAppId });
}

export function emitCompleted(
  sandbox: SandboxContext,
  repository: Repository,
  run: CheckRun,
  sender: User,
): void {
  emitRun(sandbox, repository, run, 'completed', sender);
  completeSuite(sandbox, repository, run, sender);
}

/**
 * A person who may write presses a button that an App put on its check run; GitHub has no call for it, only its pages,
 * and shows buttons once the run has completed: https://docs.github.com/en/rest/checks/runs#create-a-check-run
 * @throws Error when the person sees no such button.
 */
export function requestAction(
  sandbox: SandboxContext,
  repository: Repository,
  input: { checkRunId: number; identifier: string; login: string },
): void {
  const run = repository.checkRuns.get(input.checkRunId);
  const sender = sandbox.state.users.get(input.login);
  if (!sender) throw new Error(`there is no user ${input.login}`);
  if (!run?.actions.some((action) => action.identifier === input.identifier))
    throw new Error(`check run ${input.checkRunId} has no action ${input.identifier}`);
  if (!roleAtLeast(roleOf(sandbox, repository, input.login), 'write'))
    throw new Error(`${input.login} may not write, and sees no buttons`);
  if (run.status !== 'completed')
    throw new Error(`check run ${input.checkRunId} has not completed: its buttons are not shown`);
  const extra = { requested_action: { identifier: input.identifier } };
  emitRun(sandbox, repository, run, 'requested_action', sender, extra);
}
