import { CONFIG_PATH, parseConfig } from '../config/parse-config.ts';
import { isPromotionBranch } from '../domain/branch-name.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { findGatesCheck, type SortedPulls } from './observe-pulls.ts';
import type { ReportedHeads } from './occasion.ts';
import type { Pull, RepositoryReader } from './ports.ts';
import type { Base, OtherPull } from './snapshot.ts';

const CONCURRENT_PULLS = 4;

/**
 * Pull requests of others whose head has no `sluice/gates` yet. A head that is or was a promotion's is left alone: a
 * green check there would count for the promotion too.
 */
export async function observeOtherPulls(
  reader: RepositoryReader,
  base: Base,
  { others, promotions, unreadable }: SortedPulls,
  reported: ReportedHeads,
): Promise<OtherPull[]> {
  const heads = new Set([...promotions, ...unreadable].map(({ pull }) => pull?.headSha));
  const unknown = others.filter(
    ({ headSha }) => !heads.has(headSha) && !reported.has(`${base.repository} ${headSha}`),
  );
  const looked = await mapConcurrently(unknown, CONCURRENT_PULLS, async (pull) => {
    const { own } = await reader.listCheckRuns(pull.headSha);
    if (findGatesCheck(own)) {
      reported.add(`${base.repository} ${pull.headSha}`);
      return null;
    }
    return { pull, configProblems: await readConfigProblems(reader, base, pull) };
  });
  return looked.filter((pull) => pull !== null);
}

/** Pull requests that would bring a repository its first config; the others there are none of Sluice's business. */
export async function observeFirstConfigs(
  reader: RepositoryReader,
  pulls: readonly Pull[],
  reported: ReportedHeads,
): Promise<OtherPull[]> {
  // A promotion's head is its own: a green check of another kind would count for it once the config is back.
  const isPromotion = ({ isFromFork, branch }: Pull) => !isFromFork && isPromotionBranch(branch);
  const unknown = pulls.filter(
    (pull) => !isPromotion(pull) && !reported.has(`${reader.fullName} ${pull.headSha}`),
  );
  const looked = await mapConcurrently(unknown, CONCURRENT_PULLS, async (pull) => {
    const proposed = await reader.readFile(CONFIG_PATH, pull.headSha);
    const isReported = !proposed || findGatesCheck((await reader.listCheckRuns(pull.headSha)).own) !== null;
    if (isReported) {
      reported.add(`${reader.fullName} ${pull.headSha}`);
      return null;
    }
    const parsed = parseConfig(proposed.text ?? '\u0000', { path: CONFIG_PATH });
    return { pull, configProblems: parsed.ok ? [] : parsed.problems };
  });
  return looked.filter((pull) => pull !== null);
}

/** Null when the pull request does not change the config. */
async function readConfigProblems(
  reader: RepositoryReader,
  base: Base,
  pull: Pull,
): Promise<OtherPull['configProblems']> {
  const proposed = await reader.readFile(CONFIG_PATH, pull.headSha);
  if (proposed && proposed.sha === base.files.get(CONFIG_PATH)?.sha) return null;
  if (!(await reader.listPullFiles(pull.number)).includes(CONFIG_PATH)) return null;
  if (!proposed) return null;
  const parsed = parseConfig(proposed.text ?? '\u0000', { path: CONFIG_PATH });
  return parsed.ok ? [] : parsed.problems;
}
