import type { DescribedState } from './describe-state.ts';

/** What differs, in words; check runs that are doubled are another question. */
export function compare(expected: DescribedState, found: DescribedState): string[] {
  const problems: string[] = [];
  if (found.tree !== expected.tree) problems.push('the default branch holds something else');
  problems.push(...compareLists('branch', expected.branches, found.branches));
  const pulls = (state: DescribedState) => state.pulls.map((pull) => `${pull.branch} ${pull.title}`);
  problems.push(...compareLists('pull request', pulls(expected), pulls(found)));
  for (const pull of expected.pulls) {
    const same = found.pulls.find(({ branch, title }) => branch === pull.branch && title === pull.title);
    if (!same) continue;
    const about = (what: string) => `${what} of "${pull.title}"`;
    for (const key of ['labels', 'asked', 'comments', 'checks'] as const)
      problems.push(...compareLists(about(key), pull[key], withoutLateShow(pull[key], same[key])));
    for (const key of ['state', 'body'] as const)
      if (pull[key] !== same[key])
        problems.push(`${about(key)} is ${JSON.stringify(same[key])}, not ${JSON.stringify(pull[key])}`);
  }
  return problems;
}

/** Check runs that are there beside an older one, and were not expected. */
export function compareDoubled(expected: DescribedState, found: DescribedState): string[] {
  return found.doubled.filter((each) => !expected.doubled.includes(each)).map((each) => `doubled: ${each}`);
}

/** As lists in which a thing may stand more than once. */
function compareLists(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const missing = [...expected];
  const more = found.filter((each) => {
    const at = missing.indexOf(each);
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  return [
    ...more.map((each) => `${what}, too many: ${each}`),
    ...missing.map((each) => `${what}, missing: ${each}`),
  ];
}

const SHOWS = /^sluice\/diff: |### What changes in the cluster/;

/** What merges at once is not shown; when it merges a look later, it is, once. */
function withoutLateShow(expected: readonly string[], found: readonly string[]): readonly string[] {
  const isLate =
    !expected.some((each) => SHOWS.test(each)) && found.filter((each) => SHOWS.test(each)).length === 1;
  return isLate ? found.filter((each) => !SHOWS.test(each)) : found;
}
