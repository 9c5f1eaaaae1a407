import { compareValues, subject } from './compare-values.ts';
import type { PromoteRule } from './promote-rule.ts';
import { type Decision, toRelease } from './promotion.ts';
import type { Environment } from './settings.ts';
import { type HeldValue, type HeldValues, valueKey } from './value.ts';

/** A finished build of an application, as its CI reported it. */
export interface Build {
  application: string;
  /** `owner/name` of the repository that was built. */
  repository: string;
  tag: string;
  digest: string | null;
  /** Names of the kustomize images that it sets; all of the application when empty. */
  images: readonly string[];
  /** Commit of the application's repository; null when the event does not tell. */
  commit: string | null;
  /** Login of whoever caused the build; null when unknown. */
  author: string | null;
  /** What happened, for people: `workflow build.yml succeeded`. */
  cause: string;
  /** Page of the run, release or status. */
  url: string | null;
}

/**
 * Decides what the builds of one application change in a first environment, by the same rules as from one
 * environment to the next. Several builds (one for each image, say) make one promotion. `carried` are values by
 * `valueKey` that a promotion under way holds already; builds go on top.
 */
export function decideBuilds(
  builds: readonly Build[],
  application: string,
  environment: Environment,
  target: HeldValues,
  promote: readonly PromoteRule[],
  carried: ReadonlyMap<string, string> = new Map(),
): Decision {
  const from: string[] = [];
  const to = environment.name;
  if (builds.length === 0 && carried.size === 0) return { promotion: null, notPromoted: [] };
  let built = withCarried(target, carried);
  for (const build of builds) {
    const next = applyBuild(build, built);
    if (typeof next === 'string') {
      return { promotion: null, notPromoted: [{ application, from, to, reason: next }] };
    }
    built = next;
  }
  const rules = {
    promote,
    allowDowngrade: environment.allowDowngrade,
    allowFloating: environment.allowFloating,
  };
  const comparison = compareValues(built, target, rules);
  const notPromoted = [...new Set([...comparison.blocked, ...comparison.leftOut])].map((reason) => ({
    application,
    from,
    to,
    reason,
  }));
  if (comparison.changes.length === 0 || comparison.blocked.length > 0)
    return { promotion: null, notPromoted };
  const release = toRelease(comparison);
  return { promotion: { application, from, to, release, changes: comparison.changes }, notPromoted };
}

function withCarried(target: HeldValues, carried: ReadonlyMap<string, string>): HeldValues {
  const values = target.values.map((value) => ({
    ...value,
    value: carried.get(valueKey(value)) ?? value.value,
  }));
  return { ...target, values };
}

/** What the target would hold with the build, or the reason why the build sets nothing there. */
function applyBuild(build: Build, target: HeldValues): HeldValues | string {
  const images = target.values.filter(({ kind }) => kind === 'image');
  const names = new Set(build.images.length > 0 ? build.images : images.map(({ name }) => name));
  const set = images.filter(({ name }) => names.has(name));
  if (images.length > 0 && set.length === 0) {
    return `the build sets ${[...names].join(', ')}, and the target holds ${[...new Set(images.map(({ name }) => name))].join(', ')}`;
  }
  const unpinned = set.find(({ part }) => part === 'digest' && build.digest === null);
  if (unpinned) {
    return `${subject(unpinned)} is pinned, and the build tells no digest; add \`digest:\` to the source`;
  }
  const replaced = new Set(set.filter(({ part }) => part === 'newTag').map(({ value }) => value));
  const setsFields = images.length === 0;
  const values = target.values.map((value) => ({
    ...value,
    value: builtValue(value, build, names, replaced, setsFields),
  }));
  return { values, ambiguous: target.ambiguous, problems: [] };
}

function builtValue(
  value: HeldValue,
  build: Build,
  names: ReadonlySet<string>,
  replaced: ReadonlySet<string>,
  setsFields: boolean,
): string {
  if (value.kind === 'image' && names.has(value.name)) {
    if (value.part === 'newTag') return build.tag;
    if (value.part === 'digest') return build.digest ?? value.value;
  }
  if (value.kind === 'remote-base' && replaced.has(value.value)) return build.tag;
  return value.kind === 'field' && setsFields ? build.tag : value.value;
}
