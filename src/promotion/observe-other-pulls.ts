import { CONFIG_PATH, parseConfig } from '../config/parse-config.ts';
import { isPromotionBranch } from '../domain/branch-name.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { findGatesCheck, type SortedPulls } from './observe-pulls.ts';
import type { ReportedHeads } from './occasion.ts';
import { orUnreadable, splitUnreadable } from './or-unknown.ts';
import type { Pull, RepositoryReader } from './ports.ts';
import { isReported, rememberReported } from './reported-heads.ts';
import type { Base, OtherPull, Unreadable } from './snapshot.ts';

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
): Promise<UnreportedPulls> {
  const heads = new Set([...promotions, ...unreadable].map(({ pull }) => pull?.headSha));
  const unknown = others.filter(
    ({ headSha }) => !heads.has(headSha) && !isReported(reported, base.repository, headSha),
  );
  return lookAtEach(unknown, async (pull) => {
    const { own } = await reader.listCheckRuns(pull.headSha);
    if (findGatesCheck(own)) {
      rememberReported(reported, base.repository, pull.headSha);
      return null;
    }
    return { pull, configProblems: await readConfigProblems(reader, base, pull) };
  });
}

/** What a pull request of somebody else has to be told, and those that could not be looked at. */
export interface UnreportedPulls {
  unreported: OtherPull[];
  unreadable: Unreadable[];
}

/** One that cannot be read gets no check for now, and keeps none of the others from theirs. */
async function lookAtEach(
  pulls: readonly Pull[],
  look: (pull: Pull) => Promise<OtherPull | null>,
): Promise<UnreportedPulls> {
  const looked = await mapConcurrently(pulls, CONCURRENT_PULLS, (pull) =>
    orUnreadable(pull, async () => [await look(pull)].filter((each) => each !== null)),
  );
  const { found, unreadable } = splitUnreadable(looked);
  return { unreported: found.flat(), unreadable: unreadable.map((each) => ({ ...each, pull: null })) };
}

/** Pull requests that would bring a repository its first config; the others there are none of Sluice's business. */
export async function observeFirstConfigs(
  reader: RepositoryReader,
  pulls: readonly Pull[],
  reported: ReportedHeads,
): Promise<UnreportedPulls> {
  // A promotion's head is its own: a green check of another kind would count for it once the config is back.
  const isPromotion = ({ isFromFork, branch }: Pull) => !isFromFork && isPromotionBranch(branch);
  const unknown = pulls.filter(
    (pull) => !isPromotion(pull) && !isReported(reported, reader.fullName, pull.headSha),
  );
  return lookAtEach(unknown, async (pull) => {
    const proposed = await reader.readFile(CONFIG_PATH, pull.headSha);
    const isDone = !proposed || findGatesCheck((await reader.listCheckRuns(pull.headSha)).own) !== null;
    if (isDone) {
      rememberReported(reported, reader.fullName, pull.headSha);
      return null;
    }
    const parsed = parseConfig(proposed.text ?? '\u0000', { path: CONFIG_PATH });
    return { pull, configProblems: parsed.ok ? [] : parsed.problems };
  });
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
