import { createHash } from 'node:crypto';

const PREFIX = 'sluice/';

/** What the names of all promotion branches begin with. */
export const PROMOTION_BRANCHES = PREFIX;

/**
 * The branch that carries promotions of an application to an environment: the same for every release, so that there
 * is at most one. Characters that git refuses, or that could make one name the folder of another, become `+HH`.
 */
export function promotionBranch(application: string, environment: string): string {
  return `${PREFIX}${encode(application)}/${encode(environment)}`;
}

/** The branch that carries promotions of a group of applications; no application has a name that gives the same. */
export function groupBranch(group: string, environment: string): string {
  return `${PREFIX}+group-${encode(group)}/${encode(environment)}`;
}

/** Whether a branch belongs to Sluice by its name; who wrote it is another question. */
export function isPromotionBranch(branch: string): boolean {
  return branch.startsWith(PREFIX);
}

/** Git keeps a ref in a file, whose name has at most 255 bytes on most systems. */
const MOST_BYTES = 150;

/** What most names are: they stand for themselves. */
const PLAIN = new RegExp(`^[A-Za-z0-9_-]{1,${MOST_BYTES}}$`);

/** A name that would be too long ends in its hash instead; `+x` stands in no other name. */
function encode(name: string): string {
  if (PLAIN.test(name)) return name;
  const whole = encodeWhole(name);
  if (whole.length <= MOST_BYTES) return whole;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `${whole.slice(0, MOST_BYTES - 40).replace(/[.+].?$/, '')}+x${hash}`;
}

function encodeWhole(name: string): string {
  const bytes = [...Buffer.from(name, 'utf8')].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9_-]/.test(character)
      ? character
      : `+${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  });
  return bytes
    .join('')
    .replace(/(?<=[A-Za-z0-9_-])\+2E(?=[A-Za-z0-9_-])/g, '.')
    .replace(/\.lock$/, '+2Elock');
}
