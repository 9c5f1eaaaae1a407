/** What the tag of a build tells of the commit that it was built from. */
export type TaggedCommit = { sha: string } | { release: string };

const MOST_PLACEHOLDERS = 2;
const SHA = '([0-9a-f]{7,40})';

/**
 * The commit that a tag was made of, by the template that made it: `{sha}`, `{short_sha}` or `{release}`, whichever stands
 * in it first; null when the tag does not fit, or the template has neither.
 */
export function matchTag(template: string, tag: string): TaggedCommit | null {
  const placeholder = /\{(sha|short_sha|release)\}/.exec(template);
  if (!placeholder) return null;
  // More of them could make a hostile tag costly.
  if ((template.match(/\{/g)?.length ?? 0) > MOST_PLACEHOLDERS) return null;
  const isRelease = placeholder[1] === 'release';
  let isFound = false;
  const pattern = template.split(/(\{[^{}]+\})/).map((part) => {
    if (!/^\{[^{}]+\}$/.test(part)) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (part !== placeholder[0] || isFound) return '[A-Za-z0-9_.+-]{1,128}';
    isFound = true;
    return isRelease ? '([A-Za-z0-9_.+-]{1,128})' : SHA;
  });
  const found = tag.length <= 128 ? new RegExp(`^${pattern.join('')}$`).exec(tag)?.[1] : undefined;
  if (found === undefined) return null;
  return isRelease ? { release: found } : { sha: found };
}
