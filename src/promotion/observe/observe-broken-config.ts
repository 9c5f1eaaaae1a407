import type { ReportedHeads } from '../occasion.ts';
import { orUnreadable, splitUnreadable } from '../or-unknown.ts';
import { type BrokenConfig, CONFIG_CHECK } from '../plan/plan-broken-config.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { tellApartTold } from '../reported-heads.ts';
import type { Observation } from './observe.ts';
import { observeOtherPulls } from './observe-other-pulls.ts';
import { findGatesCheck, isAttested, observePulls } from './observe-pulls.ts';

/** What the check runs have to say while the config cannot be used. */
export async function observeBrokenConfig(
  reader: RepositoryReader,
  reported: ReportedHeads,
  { base, pulls, problems, mayGuard }: Extract<Observation, { kind: 'broken-config' }>,
): Promise<BrokenConfig> {
  const { own } = await reader.listCheckRuns(base.commit.sha);
  const sorted = await observePulls(reader, base, pulls);
  const read = await Promise.all(
    sorted.promotions.map((found) =>
      orUnreadable(found.pull, async () => {
        const reports = (await reader.listCheckRuns(found.pull.headSha)).own;
        return { ...found, check: findGatesCheck(reports), isAttested: isAttested(found, reports) };
      }),
    ),
  );
  const { found: promotions, unreadable } = splitUnreadable(read);
  const others = await observeOtherPulls(reader, base, { mayGuard }, sorted, reported);
  const unread = [...sorted.unreadable, ...unreadable, ...others.unreadable];
  return {
    base,
    problems,
    check: own.find(({ name }) => name === CONFIG_CHECK) ?? null,
    promotions,
    unreadable: tellApartTold(reported, base.repository, promotions, unread),
    unreported: others.unreported,
  };
}
