import { compareValues, subject } from './compare-values.ts';
import type { PromoteRule } from './promote-rule.ts';
import { type Decision, toRelease } from './promotion.ts';
import type { Environment } from './settings.ts';
import { groupKey, type HeldValue, type HeldValues, isReleaseSource, roleOf, valueKey } from './value.ts';

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
    floating: [environment.name, ...environment.from],
    allow: environment.allow,
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
  const images = target.values.flatMap((value) => {
    const image = imageName(value, target.values);
    return image === null ? [] : [{ value, image }];
  });
  const wanted = build.images.length > 0 ? new Set(build.images) : null;
  const set = images.filter(({ image }) => wanted === null || wanted.has(image)).map(({ value }) => value);
  if (images.length > 0 && set.length === 0) {
    return `the build sets ${build.images.join(', ')}, and the target holds ${[...new Set(images.map(({ image }) => image))].join(', ')}`;
  }
  const unpinned = set.find((value) => roleOf(value) === 'digest' && build.digest === null);
  if (unpinned) {
    return `${subject(unpinned)} is pinned, and the build tells no digest; add \`digest:\` to the source`;
  }
  const replaced = new Set(set.filter((value) => roleOf(value) === 'tag').map(({ value }) => value));
  const setKeys = new Set(set.map(valueKey));
  const setsFields = images.length === 0;
  const values = target.values.map((value) => ({
    ...value,
    value: builtValue(value, build, setKeys, replaced, setsFields),
  }));
  return { values, ambiguous: target.ambiguous, problems: [] };
}

/** Which image a value is a part of; null for what is no image: fields, charts, revisions. */
function imageName(value: HeldValue, all: readonly HeldValue[]): string | null {
  if (value.kind === 'image') return value.name;
  const role = roleOf(value);
  if (value.kind === 'field' || isReleaseSource(value) || role === 'version' || role === 'content')
    return null;
  const group = groupKey(value);
  const repository = all.find((other) => groupKey(other) === group && roleOf(other) === 'repository');
  // `checkout ghcr.io/acme/checkout`: below an object, the name ends in that of the image.
  return repository?.value ?? value.name.split(' ').at(-1) ?? value.name;
}

function builtValue(
  value: HeldValue,
  build: Build,
  setKeys: ReadonlySet<string>,
  replaced: ReadonlySet<string>,
  setsFields: boolean,
): string {
  const role = roleOf(value);
  if (setKeys.has(valueKey(value))) {
    if (role === 'tag') return build.tag;
    if (role === 'digest') return build.digest ?? value.value;
  }
  if (isReleaseSource(value) && replaced.has(value.value)) return build.tag;
  return value.kind === 'field' && setsFields ? build.tag : value.value;
}
