import { once } from '../once.ts';
import type { RepositoryReader } from '../ports/repository.ts';

/** The last one of a branch counts; people may have opened others from it. */
export const RECENT_CLOSED = 10;

/** A reader that asks for the latest closed pull requests of these branches together, when the first one is asked for. */
export function shareClosed<Reader extends Pick<RepositoryReader, 'listClosedPulls' | 'listClosedPullsOf'>>(
  reader: Reader,
  branches: readonly string[],
): Reader {
  const all = once(() => reader.listClosedPullsOf(branches));
  return {
    ...reader,
    async listClosedPulls(branch: string, most: number) {
      if (most !== RECENT_CLOSED || !branches.includes(branch)) return reader.listClosedPulls(branch, most);
      return (await all()).get(branch) ?? reader.listClosedPulls(branch, most);
    },
  };
}
