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

/** Changes what a label is; issues that have it keep it under its new name. */
export function changeLabel(
  sandbox: SandboxContext,
  repository: Repository,
  label: Label,
  update: { name?: string; color?: string; description?: string | null },
  sender: User,
): void {
  const { name: oldName, color, description } = label;
  const changes: Record<string, unknown> = {};
  if (update.name !== undefined && update.name !== oldName) changes.name = { from: oldName };
  if (update.color !== undefined && update.color !== color) changes.color = { from: color };
  if (update.description !== undefined && update.description !== description)
    changes.description = { from: description ?? '' };
  label.name = update.name ?? oldName;
  label.color = update.color ?? color;
  if (update.description !== undefined) label.description = update.description;
  repository.labels.delete(oldName.toLowerCase());
  repository.labels.set(label.name.toLowerCase(), label);
  for (const issue of repository.issues.values())
    issue.labels = issue.labels.map((one) => (one === oldName ? label.name : one));
  emitLabelChange(sandbox, repository, label, { action: 'edited', sender, extra: { changes } });
}

/** Removes a label, from all issues too. Those are not told one by one. */
export function removeLabel(
  sandbox: SandboxContext,
  repository: Repository,
  label: Label,
  sender: User,
): void {
  repository.labels.delete(label.name.toLowerCase());
  for (const issue of repository.issues.values())
    issue.labels = issue.labels.filter((one) => one !== label.name);
  emitLabelChange(sandbox, repository, label, { action: 'deleted', sender });
}

export function emitLabelChange(
  sandbox: SandboxContext,
  repository: Repository,
  label: Label,
  event: { action: 'created' | 'edited' | 'deleted'; sender: User; extra?: Record<string, unknown> },
): void {
  const { action, sender, extra } = event;
  const payload = { label: labelJson(sandbox, repository, label), ...extra };
  sandbox.emit('label', { repository, sender, action, payload });
}
