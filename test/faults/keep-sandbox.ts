import { cp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { closeReaders } from '../../src/sandbox/git-reader.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Repository, State } from '../../src/sandbox/state.ts';

/** A local GitHub at rest, as it was once. */
export interface Kept {
  state: State;
  /** Of each repository, its copy. */
  folders: Map<string, string>;
}

/** Copies everything of a local GitHub that is at rest. */
export async function keepSandbox({ state }: Sandbox, folder: string): Promise<Kept> {
  const folders = new Map<string, string>();
  for (const [name, { gitDir }] of state.repositories) {
    const copy = join(folder, name);
    await cp(gitDir, copy, { recursive: true });
    folders.set(name, copy);
  }
  return { state: structuredClone(state), folders };
}

/** Makes a local GitHub what it was, with its repositories in a new folder. What it holds meanwhile is gone. */
export async function restoreSandbox({ state }: Sandbox, kept: Kept, folder: string): Promise<void> {
  await dropRepositories(state);
  const fresh = structuredClone(kept.state);
  for (const [name, repository] of fresh.repositories) {
    repository.gitDir = join(folder, name);
    await cp(kept.folders.get(name)!, repository.gitDir, { recursive: true });
  }
  replace(state, fresh);
}

async function dropRepositories(state: State): Promise<void> {
  for (const { gitDir } of state.repositories.values() as Iterable<Repository>) {
    closeReaders(dirname(gitDir));
    await rm(gitDir, { recursive: true, force: true });
  }
}

/** Many hold on to these maps and lists, so they stay and their contents change. */
function replace(state: State, fresh: State): void {
  for (const [key, value] of Object.entries(fresh)) {
    const held = state[key as keyof State] as unknown;
    if (Array.isArray(held)) held.splice(0, held.length, ...(value as unknown[]));
    else if (isKind<Map<unknown, unknown>>(held, 'Map')) {
      held.clear();
      for (const [each, what] of value as Map<unknown, unknown>) held.set(each, what);
    } else if (isKind<Set<unknown>>(held, 'Set')) {
      held.clear();
      for (const each of value as Set<unknown>) held.add(each);
    } else Object.assign(state, { [key]: value });
  }
}

/** `instanceof` knows only what was made in this realm, and `structuredClone` makes it in another one. */
function isKind<Kind>(value: unknown, name: string): value is Kind {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}
