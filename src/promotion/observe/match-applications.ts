import picomatch from 'picomatch';

/** All globs as one regular expression, which is several times as quick as one for each. */
export function matcherOf(globs: readonly string[]): (application: string) => boolean {
  const literal = new Set(globs);
  const pattern = new RegExp(globs.map((glob) => picomatch.makeRe(glob, { dot: true }).source).join('|'));
  return (application) => literal.has(application) || pattern.test(application);
}
