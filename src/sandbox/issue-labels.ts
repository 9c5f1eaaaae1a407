import type { SandboxContext } from './context.ts';
import { issueJson, labelJson } from './json-issue.ts';
import { emitPull } from './pull-requests.ts';
import { timestamp } from './route-input.ts';
import type { Issue, Label, Repository, User } from './state.ts';

/** A label of the repository, made when there is none. Case does not matter in names. */
export function ensureLabel(
  sandbox: SandboxContext,
  repository: Repository,
  input: { name: string; color?: string; description?: string | null },
): Label {
  const key = input.name.toLowerCase();
  const found = repository.labels.get(key);
  if (found) return found;
  const { name, color = 'ededed', description = null } = input;
  const label = { id: sandbox.nextId(), name, color, description };
  repository.labels.set(key, label);
  return label;
}

/** Makes the labels of an issue or pull request what `names` says, and tells each that came or went. */
export async function setLabels(
  sandbox: SandboxContext,
  repository: Repository,
  issue: Issue,
  names: string[],
  sender: User,
): Promise<void> {
  const wanted = new Map(
    names.map((name) => ensureLabel(sandbox, repository, { name })).map((one) => [one.name, one]),
  );
  const removed = issue.labels.filter((name) => !wanted.has(name));
  const added = [...wanted.keys()].filter((name) => !issue.labels.includes(name));
  issue.labels = [...wanted.keys()];
  if (removed.length + added.length > 0) issue.updatedAt = timestamp(sandbox);
  for (const name of removed) await emitLabel(sandbox, repository, issue, name, 'unlabeled', sender);
  for (const name of added) await emitLabel(sandbox, repository, issue, name, 'labeled', sender);
}

async function emitLabel(
  sandbox: SandboxContext,
  repository: Repository,
  issue: Issue,
  name: string,
  action: 'labeled' | 'unlabeled',
  sender: User,
): Promise<void> {
  const label = repository.labels.get(name.toLowerCase());
  const extra = label ? { label: labelJson(sandbox, repository, label) } : {};
  const pull = repository.pulls.get(issue.number);
  if (pull) return emitPull(sandbox, repository, pull, { action, sender, extra });
  const payload = { issue: issueJson(sandbox, repository, issue), ...extra };
  sandbox.emit('issues', { repository, sender, action, payload });
}
