import { promotionBranch } from '../../domain/branch-name.ts';
import type { Settings } from '../../domain/settings.ts';
import { type HeldValue, valueKey } from '../../domain/value.ts';
import { orUnreadable } from '../or-unknown.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FoundPromotion, Target } from '../snapshot.ts';
import { isAttested } from './observe-pulls.ts';
import { readHeld } from './read-held.ts';

/** Values by `valueKey`. */
export type CarriedValues = ReadonlyMap<string, string>;

/**
 * What the open promotions to first environments carry, by branch, where not every source of the application was
 * heard this time: what one source built must not be forgotten because another one was looked at.
 */
export async function observeCarried(
  reader: RepositoryReader,
  settings: Settings,
  targets: readonly Target[],
  promotions: readonly FoundPromotion[],
  needs: (application: string, found: FoundPromotion) => boolean,
): Promise<Map<string, CarriedValues>> {
  const carried = new Map<string, CarriedValues>();
  const first = new Set(
    settings.environments.filter(({ from }) => from.length === 0).map(({ name }) => name),
  );
  for (const target of targets) {
    const { application, environment } = target.location;
    if (!first.has(environment)) continue;
    const branch = promotionBranch(application, environment);
    const found = promotions.find(({ pull }) => pull.branch === branch);
    if (!found?.trailers || !needs(application, found)) continue;
    const read = await orUnreadable(found.pull, async () => {
      const { own } = await reader.listCheckRuns(found.pull.headSha);
      return { values: isAttested(found, own) ? await readCarried(reader, settings, target, found) : null };
    });
    // What cannot be read is told with the pull request itself, and until then nothing is carried on.
    if ('values' in read && read.values) carried.set(branch, read.values);
  }
  return carried;
}

/**
 * Only what the promotion itself changed: the rest of its head is as old as the base that it was made on. Null when
 * the target has moved since, by a person's hand, in what it changed: what was meant to be replaced is not there any more.
 */
async function readCarried(
  reader: RepositoryReader,
  settings: Settings,
  target: Target,
  { head }: FoundPromotion,
): Promise<CarriedValues | null> {
  const [before, after] = await Promise.all([
    readValuesAt(reader, settings, target, head.parents.at(-1)!),
    readValuesAt(reader, settings, target, head.sha),
  ]);
  const changed = [...after].filter(([key, value]) => before.get(key) !== value);
  const held = new Map(target.held.values.map((value) => [valueKey(value), value.value]));
  const isStill = changed.every(([key, value]) => [before.get(key), value].includes(held.get(key)));
  return changed.length > 0 && isStill ? new Map(changed) : null;
}

async function readValuesAt(
  reader: RepositoryReader,
  settings: Settings,
  { location, texts }: Target,
  sha: string,
): Promise<Map<string, string>> {
  const { treeSha } = await reader.readCommit(sha);
  const blobs = new Map((await reader.readTree(treeSha)).map((entry) => [entry.path, entry.sha]));
  const files = await Promise.all(
    [...texts.keys()].map(async (path) => {
      const blob = blobs.get(path);
      const text = blob === undefined ? null : await reader.readText(blob);
      return text === null ? [] : [{ path, text }];
    }),
  );
  const { values } = readHeld(settings.promote, location, files.flat(), []);
  return new Map(values.map((value: HeldValue) => [valueKey(value), value.value]));
}
