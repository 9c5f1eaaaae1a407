/** A commit, as notes of a release tell of it. */
export interface CommitNote {
  /** Heading that it stands below; null for one that does not say of which kind it is. */
  group: string | null;
  /** Part of the application that it is about, when it tells. */
  scope: string | null;
  title: string;
  /** Number of the pull request that brought it, when it tells. */
  pull: number | null;
}

/** Headings in their order. */
export const NOTE_GROUPS = ['Breaking changes', 'Features', 'Fixes', 'Performance', 'Other changes'] as const;

const TYPES: Readonly<Record<string, (typeof NOTE_GROUPS)[number]>> = {
  feat: 'Features',
  fix: 'Fixes',
  perf: 'Performance',
};

const HEADER = /^([a-z]{2,20})(?:\(([^()\n]{1,100})\))?(!)?: +(.+)$/i;

/**
 * Reads a commit message by Conventional Commits (https://www.conventionalcommits.org/en/v1.0.0/) and by what GitHub
 * writes when it merges; null for a merge that tells nothing by itself.
 */
export function readCommitNote(message: string, isMerge: boolean): CommitNote | null {
  const lines = message.split(/\r?\n/);
  const subject = (lines[0] ?? '').trim();
  const merged = /^Merge pull request #(\d{1,10}) from \S+/.exec(subject);
  if (isMerge && !merged) return null;
  const squashed = /^(.*\S)\s*\(#(\d{1,10})\)$/.exec(subject);
  const text = merged
    ? (lines
        .slice(1)
        .find((line) => line.trim() !== '')
        ?.trim() ?? subject)
    : subject;
  const title = squashed?.[1] ?? text;
  const number = merged?.[1] ?? squashed?.[2];
  const pull = number === undefined ? null : Number(number);
  const [, type, scope = null, mark, said] = HEADER.exec(title) ?? [];
  if (type === undefined || said === undefined) return { group: null, scope: null, title, pull };
  const isBreaking = mark !== undefined || lines.some((line) => /^BREAKING[ -]CHANGE: /.test(line));
  const known = TYPES[type.toLowerCase()];
  return { group: isBreaking ? 'Breaking changes' : (known ?? 'Other changes'), scope, title: said, pull };
}
