/** Longer texts are no versions; it also bounds the work on hostile input. */
const MAX_CHARACTERS = 256;

const FLOATING_WORDS = new Set(
  (
    'latest main master trunk develop development dev edge nightly canary stable snapshot head ' +
    'staging stage production prod release next ' +
    'preprod preproduction prd stg qa uat sit int integration test testing perf performance sandbox demo'
  ).split(' '),
);

/**
 * Whether a tag names whatever is newest (`latest`, `main`, `main-latest`, `1.x`) rather than one release.
 * A word beside a number or a commit (`main-42`, `release_1367`, `dev-1a2b3c4`) names one release. `floating` are
 * whole tags that float too, whatever they contain: `eu-1`.
 */
export function isFloating(value: string, floating: readonly string[] = []): boolean {
  if (value.length > MAX_CHARACTERS) return false;
  const text = value.trim().toLowerCase();
  if (floating.some((each) => each.toLowerCase() === text)) return true;
  if (text === '*' || isWildcard(text)) return true;
  const words = text.split(/[-_./\s]+/).filter((word) => word !== '');
  if (words.includes('latest')) return true;
  // Maven's snapshots are rebuilt under one name: `1.2.3-SNAPSHOT`.
  if (words.at(-1) === 'snapshot') return true;
  return (
    words.some((word) => FLOATING_WORDS.has(word)) &&
    words.every((word) => /^[^\d]+$/.test(word) && !isSha(word))
  );
}

function isWildcard(text: string): boolean {
  return /^[v=]*\d{1,9}(?:\.\d{1,9})*(?:\.[x*])+$/i.test(text);
}

/** Whether a version stands for several (`^1.2`, `>=1 <2`, `1.2.x`, `1 - 2`, `a || b`) rather than for one. */
export function isRange(value: string): boolean {
  if (value.length > MAX_CHARACTERS) return false;
  const text = value.trim();
  if (text === '*' || text === 'x' || text === 'X' || isWildcard(text)) return true;
  return (
    /^[<>^~!]/.test(text) || text.includes('||') || /\d\s+-\s+v?\d/i.test(text) || /[\s,][<>^~!=]/.test(text)
  );
}

/**
 * Whether a version of a Helm chart leaves out parts (`6`, `v6.5`): Helm takes the newest that begins with it,
 * https://github.com/Masterminds/semver#wildcards-in-comparisons
 */
export function isPartial(value: string): boolean {
  return /^\s*=?\s*v?\d{1,9}(?:\.\d{1,9})?\s*$/i.test(value);
}

/** Whether a text says by content what is meant: a digest, or a commit, even an abbreviated one of digits alone. */
export function isContent(value: string): boolean {
  if (value.length > MAX_CHARACTERS) return false;
  return /^[0-9a-f]{7,64}$/i.test(value) || /^(?:[^@\s]*@)?[a-z0-9+._-]+:[0-9a-f]{32,}$/i.test(value);
}

interface Version {
  /** What stands before the number, without `v`: `app-`. */
  prefix: string;
  shape: 'number' | 'dotted' | 'calendar';
  numbers: bigint[];
  /** Variant of the build, which must be equal: `alpine`. */
  variant: string;
  /** Identifiers of a pre-release; empty for a release. */
  prerelease: string[];
  /** Commits since the tag, as `git describe` counts them. */
  commits: bigint;
  /** Commit that the version names besides its number. */
  commit: string;
}

/**
 * Order of two versions: semantic versions (https://semver.org/#spec-item-11), dates, build numbers, each with a
 * common prefix and suffix. -1 when `a` is older; null when no order is known: commits, digests, floating tags,
 * ranges, versions of different shapes.
 */
export function compareVersions(a: string, b: string): -1 | 0 | 1 | null {
  if (a === b) return 0;
  const first = parseVersion(a);
  const second = parseVersion(b);
  if (!first || !second || !isComparable(first, second)) return null;
  const order =
    compareLists(first.numbers, second.numbers, 0n) ||
    comparePrereleases(first.prerelease, second.prerelease) ||
    compare(first.commits, second.commits);
  return order === 0 && first.commit !== second.commit ? null : order;
}

/**
 * Order of a version and the bound of a constraint, which says less: `1.4.2-alpine` is compared with `1.4` by its
 * number, `app-1.4.2` too, `1.4.2` with `2`. Null when no order is known.
 */
export function compareToBound(version: string, bound: string): -1 | 0 | 1 | null {
  const [a, b] = [parseVersion(version), parseVersion(bound)];
  if (!a || !b) return null;
  if (b.prefix !== '' && a.prefix !== b.prefix) return null;
  if (b.variant !== '' && a.variant !== b.variant) return null;
  // `175` is not counted as `1.4` is, but `2` begins what `1.4.2` is compared with, and `2024` a date.
  if (a.shape !== b.shape && b.shape !== 'number' && (a.shape !== 'number' || a.numbers[0] !== b.numbers[0]))
    return null;
  return (
    compareLists(a.numbers, b.numbers, 0n) ||
    comparePrereleases(a.prerelease, b.prerelease) ||
    compare(a.commits, b.commits)
  );
}

/** Whether a version comes before the one that it names: `1.4.2-rc.1`. */
export function isPrerelease(version: string): boolean {
  return (parseVersion(version)?.prerelease.length ?? 0) > 0;
}

/** `main-1a2b3c4-1611840548`: branch, commit and what counts, https://fluxcd.io/flux/guides/sortable-image-tags/ */
const COUNTED_COMMIT = /^((?:[A-Za-z][A-Za-z0-9]*[-_.])*)([0-9a-f]{7,40})[-_.](\d{1,20})$/;

function parseVersion(value: string): Version | null {
  if (value.length > MAX_CHARACTERS || isSha(value) || isDigest(value) || isFloating(value) || isRange(value))
    return null;
  const counted = COUNTED_COMMIT.exec(value);
  if (counted && isSha(counted[2] ?? '')) {
    const [, branch = '', commit = '', count = ''] = counted;
    const none = { variant: 'commit', prerelease: [], commits: 0n };
    return { ...none, prefix: branch.toLowerCase(), shape: 'number', numbers: [BigInt(count)], commit };
  }
  const [, before = '', rest] =
    /^((?:(?!v?\d)[a-z][a-z0-9]*[-_/]|[a-z]+\.)*[a-z]*)(\d.*)$/i.exec(value) ?? [];
  if (rest === undefined || isSha(rest) || /(?:^|[-_/.])(?:sha|git|commit|g)[-_/.]?$/i.test(before))
    return null;
  const prefix = before.toLowerCase().replace(/(^|[-_/.])v$/, '$1');
  const core = readCalendar(rest) ?? readNumbers(rest);
  return core && { prefix, shape: core.shape, numbers: core.numbers, ...readSuffix(core.suffix) };
}

/** A commit's name, whole or abbreviated. All digits count only at full length: `1234567` may be a build number. */
function isSha(text: string): boolean {
  return (
    /^[0-9a-f]{40}$|^[0-9a-f]{64}$/i.test(text) || (/^[0-9a-f]{7,40}$/i.test(text) && /[a-f]/i.test(text))
  );
}

function isDigest(text: string): boolean {
  return text.includes('@') || /^[a-z0-9+._-]+:[0-9a-f]{32,}$/i.test(text);
}

interface Core {
  shape: Version['shape'];
  numbers: bigint[];
  suffix: string;
}

const MONTH_DAY = '(0[1-9]|1[0-2])SEP(0[1-9]|[12]\\d|3[01])';
const YEAR = '((?:19|20|21)\\d\\d)';
const CALENDARS = [
  // 2024-01-15, 2024-01-15T10-00-00Z, 2024.01.15.3
  new RegExp(
    `^${YEAR}([-.])${MONTH_DAY.replace('SEP', '\\2')}(?:[T_-](\\d\\d)[-:.]?(\\d\\d)(?:[-:.]?(\\d\\d))?Z?)?(?:[.-](\\d+))?(?![\\w])(.*)$`,
  ),
  // 20240115, 20240115.3, 202401151000, 20240115T100000Z
  new RegExp(
    `^${YEAR}()${MONTH_DAY.replace('SEP', '')}(?:[T_-]?(\\d\\d)(\\d\\d)(\\d\\d)?Z?)?(?:[.-](\\d+))?(?![\\w])(.*)$`,
  ),
];

function readCalendar(text: string): Core | null {
  for (const pattern of CALENDARS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const [, year, , month, day, hour, minute, second, build, suffix = ''] = match;
    const numbers = [year, month, day, hour, minute, second, build].map((part) => BigInt(part ?? 0));
    return { shape: 'calendar', numbers, suffix };
  }
  // 2024.1, 2024.01.3: a year and what the project counts within it.
  const short = new RegExp(`^${YEAR}((?:\\.\\d{1,9}){1,3})(?![\\w.])(.*)$`).exec(text);
  if (!short) return null;
  const [, year, parts = '', suffix = ''] = short;
  return { shape: 'calendar', numbers: [`${year}`, ...parts.slice(1).split('.')].map(BigInt), suffix };
}

function readNumbers(text: string): Core | null {
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)*)(.*)$/.exec(text) ?? [];
  if (!digits) return null;
  const numbers = digits.split('.').map(BigInt);
  return { shape: numbers.length === 1 ? 'number' : 'dotted', numbers, suffix };
}

const PRERELEASE =
  /^(?:alpha|beta|a|b|c|rc|cr|pre|preview|dev|canary|next|nightly|ea|m|milestone)(?=\d|[-._]|$)|^\d/i;

function readSuffix(text: string): Pick<Version, 'variant' | 'prerelease' | 'commits' | 'commit'> {
  const none = { variant: '', prerelease: [], commits: 0n, commit: '' };
  // Build metadata does not count: https://semver.org/#spec-item-10
  const suffix = text
    .replace(/\+.*$/, '')
    .replace(/^[-_.]/, '')
    .toLowerCase();
  if (suffix === '') return none;
  const described = /^(\d+)-g([0-9a-f]{7,40})$/.exec(suffix);
  if (described) return { ...none, commits: BigInt(described[1] ?? 0), commit: described[2] ?? '' };
  const parts = suffix.split(/[-_.]/);
  const commit = parts.filter((part) => isSha(part.replace(/^g/, ''))).join('-');
  const others = parts.filter((part) => !isSha(part.replace(/^g/, '')));
  // Digits and letters apart, as people count: rc2 is before rc10.
  if (PRERELEASE.test(others.join('-'))) {
    return { ...none, commit, prerelease: others.flatMap((part) => part.match(/\d+|\D+/g) ?? []) };
  }
  return { ...none, commit, variant: others.join('-') };
}

function isComparable(a: Version, b: Version): boolean {
  if (a.prefix !== b.prefix || a.variant !== b.variant) return false;
  if (a.shape === b.shape) return true;
  // `v1` and `v1.2.3` miss parts of one version; `175` and `1.2.3` are counted in different ways.
  return a.shape !== 'calendar' && b.shape !== 'calendar' && a.numbers[0] === b.numbers[0];
}

function comparePrereleases(a: readonly string[], b: readonly string[]): -1 | 0 | 1 {
  if (a.length === 0 || b.length === 0) return compare(b.length, a.length);
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const order = compareIdentifiers(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return compare(a.length, b.length);
}

function compareIdentifiers(a: string, b: string): -1 | 0 | 1 {
  const [isNumberA, isNumberB] = [/^\d/.test(a), /^\d/.test(b)];
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return isNumberA ? compare(BigInt(a), BigInt(b)) : compare(a, b);
}

function compareLists(a: readonly bigint[], b: readonly bigint[], missing: bigint): -1 | 0 | 1 {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = compare(a[index] ?? missing, b[index] ?? missing);
    if (order !== 0) return order;
  }
  return 0;
}

function compare<T extends bigint | number | string>(a: T, b: T): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}
