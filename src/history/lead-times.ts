import { carriedSinceMs, type Delivery } from './delivery.ts';

/**
 * Says since when Sluice has known the release that a promotion brought: followed back by the commits that brought it
 * from one environment to the next, to the first promotion that carried it.
 */
export function makeReleaseTimes(deliveries: readonly Delivery[]): (delivery: Delivery) => number {
  const byMerge = new Map(
    deliveries.flatMap((each): [string, Delivery][] =>
      each.mergeCommitSha === null ? [] : [[mergeKey(each, each.mergeCommitSha), each]],
    ),
  );
  return (delivery) => {
    let first = delivery;
    for (;;) {
      const before = first.origin === null ? undefined : byMerge.get(mergeKey(first, first.origin));
      // Time only goes back, whatever the records say.
      if (!before || timeOf(before) >= timeOf(first)) return carriedSinceMs(first);
      first = before;
    }
  };
}

function mergeKey({ repository, application }: Delivery, sha: string): string {
  return `${repository} ${sha} ${application}`;
}

function timeOf({ mergedAt, openedAt }: Delivery): number {
  return Date.parse(mergedAt ?? openedAt);
}
