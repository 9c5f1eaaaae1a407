import { type CommitNote, NOTE_GROUPS, readCommitNote } from '../../domain/commit-notes.ts';
import type { SourceRange } from '../../domain/source-range.ts';
import { code, plain, safeUrl } from '../markdown.ts';
import type { SourceChanges, SourceCommit } from '../ports/source.ts';

/** More than that are folded. */
const MOST_UNFOLDED = 10;

interface Noted {
  note: CommitNote;
  commit: SourceCommit;
}

/** Commits of an application's source, the newest first, by what they say of themselves. `most`: that many of them. */
export function describeSourceChanges(
  { repository, base, head }: SourceRange,
  { url, repositoryUrl, commits, aheadCount, behindCount }: SourceChanges,
  most: number,
): string {
  const range = `[${plain(shorten(base))} to ${plain(shorten(head))}](${safeUrl(url)})`;
  const first = `${count(aheadCount)} of ${code(repository)}, ${range}${describeBehind(aheadCount, behindCount)}.`;
  const noted = commits.toReversed().flatMap((commit): Noted[] => {
    const note = readCommitNote(commit.message, commit.isMerge);
    return note ? [{ note, commit }] : [];
  });
  const shown = noted.slice(0, most);
  const left = noted.length - shown.length + (aheadCount - commits.length);
  const list = [
    ...listByGroup(shown, repositoryUrl),
    ...(left > 0 ? [`_${left} more are not shown: the page above has them._`] : []),
  ].join('\n\n');
  if (list === '') return first;
  const text =
    shown.length > MOST_UNFOLDED
      ? `<details><summary>What they are</summary>\n\n${list}\n\n</details>`
      : list;
  return `${first}\n\n${text}`;
}

function count(commits: number): string {
  return commits === 1 ? '1 commit' : `${commits} commits`;
}

/** A SHA as people know it. */
function shorten(ref: string): string {
  return /^[0-9a-f]{40}$/.test(ref) ? ref.slice(0, 7) : ref;
}

function describeBehind(aheadCount: number, behindCount: number): string {
  if (behindCount === 0) return '';
  const them = count(behindCount);
  return aheadCount === 0
    ? `: **goes back** by ${them}`
    : `; **leaves out** ${them} that the environment holds now`;
}

/** Without a heading where no commit says of which kind it is. */
function listByGroup(noted: readonly Noted[], repositoryUrl: string): string[] {
  const line = (each: Noted) => describeCommit(each, repositoryUrl);
  if (noted.every(({ note }) => note.group === null))
    return noted.length > 0 ? [noted.map(line).join('\n')] : [];
  return NOTE_GROUPS.flatMap((group) => {
    const own = noted.filter(({ note }) => (note.group ?? 'Other changes') === group);
    return own.length > 0 ? [`**${group}**\n\n${own.map(line).join('\n')}`] : [];
  });
}

function describeCommit({ note, commit }: Noted, repositoryUrl: string): string {
  const { scope, title, pull } = note;
  const { sha, url, authorLogin, authorName } = commit;
  const what = `${scope === null ? '' : `**${plain(scope)}**: `}${plain(title)}`;
  const by = authorLogin === null ? plain(authorName) : code(authorLogin);
  const links = [
    ...(pull === null ? [] : [`[pull request ${pull}](${safeUrl(quiet(`${repositoryUrl}/pull/${pull}`))})`]),
    `[\`${sha.slice(0, 7)}\`](${safeUrl(url)})`,
  ];
  return `- ${what} (${links.join(', ')}) by ${by}`;
}

/**
 * GitHub tells on a pull request wherever it was linked from, which would be once for each environment. It does not for
 * links by this host, which leads there:
 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
function quiet(url: string): string {
  return url.replace(/^https:\/\/github\.com\//, 'https://redirect.github.com/');
}
