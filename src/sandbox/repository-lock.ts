import type { Repository } from './state.ts';

const queues = new WeakMap<Repository, Promise<unknown>>();
const held = new WeakMap<Repository, number>();

/** Whatever merges into one repository waits for each other, so that each sees what the last one did. */
export async function withLock<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  held.set(repository, (held.get(repository) ?? 0) + 1);
  const result = (queues.get(repository) ?? Promise.resolve()).then(work);
  const done = result.then(
    () => undefined,
    () => undefined,
  );
  queues.set(repository, done);
  try {
    return await result;
  } finally {
    held.set(repository, (held.get(repository) ?? 1) - 1);
  }
}

export function isLocked(repository: Repository): boolean {
  return (held.get(repository) ?? 0) > 0;
}
