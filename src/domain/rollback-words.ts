import { type Names, quoted, toReason } from './hold-words.ts';

/** What a `/rollback` says. */
export interface RollbackWords {
  /** Null: that of the pull request it stands on. */
  application: string | null;
  environment: string | null;
  /** The release that is to come back, or whose mark is to go; null: the one before, or all marks. */
  release: string | null;
  reason: string;
  /** It takes marks away, and rolls nothing back. */
  isForgetting: boolean;
}

/** A problem is Markdown for the person; names in it are in backticks, from the command. */
export type RollbackReading = { ok: true; words: RollbackWords } | { ok: false; problem: string };

const EXAMPLE = '`/rollback checkout in prod to v1.4.1 errors since the deploy`';

/**
 * Reads `/rollback [forget] [APPLICATION] [in ENVIRONMENT] [to RELEASE] [REASON]`. A reason comes behind an environment
 * or a release, so that a slip in a name is never taken for the beginning of one.
 */
export function readRollbackWords(said: readonly string[], names: Names): RollbackReading {
  const words = [...said];
  const isForgetting = words[0] === 'forget' && !names.applications.has('forget');
  if (isForgetting) words.shift();
  const application = words[0] !== undefined && names.applications.has(words[0]) ? words.shift()! : null;
  const hasJoint = words[0] === 'in' || words[0] === 'on';
  if (hasJoint) words.shift();
  const isNamed = words[0] !== undefined && names.environments.has(words[0]);
  if (hasJoint && !isNamed) return refuse(`name one environment after \`in\`: ${EXAMPLE}`);
  const environment = isNamed ? words.shift()! : null;
  const hasRelease = words[0] === 'to';
  if (hasRelease) words.shift();
  const release = hasRelease || (isForgetting && words.length > 0) ? (words.shift() ?? null) : null;
  if (hasRelease && release === null) return refuse(`name one release after \`to\`: ${EXAMPLE}`);
  if (words.length > 0 && environment === null && release === null)
    return refuse(
      `${quoted(words[0]!)} is neither an application nor an environment here; a reason stands behind the environment or the release: ${EXAMPLE}`,
    );
  return { ok: true, words: { application, environment, release, reason: toReason(words), isForgetting } };
}

function refuse(problem: string): RollbackReading {
  return { ok: false, problem };
}
