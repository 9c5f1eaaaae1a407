import { CONFIG_PATH, parseConfig } from '../../config/parse-config.ts';
import { isPromotionBranch } from '../../domain/branch-name.ts';
import type { OverrideFact } from '../../domain/gates/facts.ts';
import type { Settings } from '../../domain/settings.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import type { ReportedHeads } from '../occasion.ts';
import { orUnknown, orUnreadable, splitUnreadable } from '../or-unknown.ts';
import { hasGuard, isGroupMark, isOtherMark, OTHER_MARK, otherMark, UNJUDGED_MARK } from '../other-mark.ts';
import { readOverrides } from '../override-check.ts';
import type { OwnCheck } from '../ports/checks.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { isReported, rememberReported } from '../reported-heads.ts';
import type { Base, GuardFacts, OtherPull, Unreadable } from '../snapshot.ts';
import { observeGuard } from './observe-guard.ts';
import { findGatesCheck, type SortedPulls } from './observe-pulls.ts';

const CONCURRENT_PULLS = 4;

/**
 * Pull requests of others whose head has no `sluice/gates` yet, or one of before the guard was what it is now. A head
 * that is a promotion's is left alone, and where nothing is guarded one that was: a green check there would count for
 * the promotion too.
 */
export async function observeOtherPulls(
  reader: RepositoryReader,
  base: Base,
  config: Settings | { mayGuard: boolean },
  { others, promotions, unreadable }: SortedPulls,
  reported: ReportedHeads,
): Promise<UnreportedPulls> {
  const heads = new Set([...promotions, ...unreadable].map(({ pull }) => pull?.headSha));
  const ownPulls = [...promotions, ...unreadable].flatMap((each) => each.pull ?? []);
  const settings = 'environments' in config ? config : null;
  const mark = settings ? otherMark(settings) : OTHER_MARK;
  const unknown = others.filter(
    ({ headSha }) => !heads.has(headSha) && !isReported(reported, base.repository, headSha, mark),
  );
  return lookAtEach(unknown, async (pull) => {
    const { own } = await reader.listCheckRuns(pull.headSha);
    const check = findGatesCheck(own);
    if (check && isVerdict(check, settings ? mark : null)) {
      rememberReported(reported, base.repository, pull.headSha, mark);
      return null;
    }
    const configProblems = await readConfigProblems(reader, base, pull);
    const judged = { pull, configProblems, mark, check };
    if ('mayGuard' in config) {
      const isHeld = config.mayGuard && !(await mendsOnly(reader, pull, configProblems));
      return isHeld ? { ...judged, guard: UNKNOWN_GUARD } : judged;
    }
    if (!hasGuard(config)) return judged;
    return { ...judged, guard: await readGuard(reader, base, config, pull, readOverrides(own), ownPulls) };
  });
}

const NOTHING_KNOWN: GuardFacts = { changes: [], unreadable: [], unknown: '', override: null, strict: [] };

const UNKNOWN_GUARD: GuardFacts = {
  ...NOTHING_KNOWN,
  unknown: `\`${CONFIG_PATH}\` on the default branch is broken, so it is not known which environments are guarded: mend it, by a pull request that changes no other file`,
};

/** Whether a pull request changes the config, which is broken, and nothing else. */
async function mendsOnly(
  reader: RepositoryReader,
  { number }: Pull,
  configProblems: OtherPull['configProblems'],
): Promise<boolean> {
  return (
    configProblems !== null && (await reader.listPullFiles(number)).every((path) => path === CONFIG_PATH)
  );
}

/** Whether a check run is the verdict on a pull request as things are now; null stands for any guard. */
function isVerdict({ externalId }: OwnCheck, mark: string | null): boolean {
  if (isOtherMark(externalId, mark)) return true;
  // What a merge queue or another guard made of this commit says nothing of it as a pull request of its own.
  if (isOtherMark(externalId) || externalId === UNJUDGED_MARK || isGroupMark(externalId)) return false;
  return mark === null || mark === OTHER_MARK;
}

/** What is not known makes the check wait, and says why. */
async function readGuard(
  reader: RepositoryReader,
  base: Base,
  settings: Settings,
  pull: Pull,
  overrides: readonly OverrideFact[],
  promotions: readonly Pull[],
): Promise<GuardFacts> {
  const read = await orUnknown('what the pull request changes', () =>
    observeGuard(reader, base, settings, pull, overrides, promotions),
  );
  if (read.known) return read.value;
  return { ...NOTHING_KNOWN, unknown: read.reason };
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
export async function readConfigProblems(
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
