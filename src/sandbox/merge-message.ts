import type { GitCommit } from './git.ts';
import { issueOf, pullCommits } from './pull-git.ts';
import type { PullRequest, Repository } from './state.ts';
import type { MergeMessages, MergeMethod } from './state-protection.ts';

/** What a repository has that nobody changed: https://docs.github.com/en/rest/repos/repos#update-a-repository */
export const DEFAULT_MERGE_MESSAGES: MergeMessages = {
  mergeTitle: 'MERGE_MESSAGE',
  mergeBody: 'PR_TITLE',
  squashTitle: 'COMMIT_OR_PR_TITLE',
  squashBody: 'COMMIT_MESSAGES',
};

interface Given {
  title?: string;
  message?: string;
}

function settingsOf(repository: Repository): MergeMessages {
  return repository.mergeMessages ?? DEFAULT_MERGE_MESSAGES;
}

/** The settings as `GET /repos/{owner}/{repo}` has them. */
export function mergeMessagesJson(repository: Repository): Record<string, string> {
  const { mergeTitle, mergeBody, squashTitle, squashBody } = settingsOf(repository);
  return {
    merge_commit_title: mergeTitle,
    merge_commit_message: mergeBody,
    squash_merge_commit_title: squashTitle,
    squash_merge_commit_message: squashBody,
  };
}

function compose(title: string, body: string): string {
  return body.trim() === '' ? title : `${title}\n\n${body}`;
}

/** Title of the commit of a merge that nobody gave one; of a rebase there is none. */
export function defaultTitle(
  repository: Repository,
  pull: PullRequest,
  method: MergeMethod,
  only?: GitCommit,
): string {
  const { title } = issueOf(repository, pull);
  const { mergeTitle, squashTitle } = settingsOf(repository);
  if (method === 'rebase') return '';
  if (method === 'merge') {
    const [owner] = pull.headRepository.split('/');
    const classic = `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`;
    return mergeTitle === 'MERGE_MESSAGE' ? classic : `${title} (#${pull.number})`;
  }
  const [subject = title] = squashTitle === 'COMMIT_OR_PR_TITLE' && only ? only.message.split('\n') : [title];
  return `${subject} (#${pull.number})`;
}

/** Text below the title, where it does not come from the commits. */
export function defaultMessage(repository: Repository, pull: PullRequest, method: MergeMethod): string {
  const { title, body } = issueOf(repository, pull);
  const { mergeBody, squashBody } = settingsOf(repository);
  const setting = method === 'merge' ? mergeBody : squashBody;
  if (method === 'rebase') return '';
  if (setting === 'PR_TITLE') return title;
  return setting === 'PR_BODY' ? (body ?? '') : '';
}

export function mergeMessage(repository: Repository, pull: PullRequest, given: Given): string {
  const title = given.title ?? defaultTitle(repository, pull, 'merge');
  return compose(title, given.message ?? defaultMessage(repository, pull, 'merge'));
}

/**
 * Its author is not named as a co-author.
 * https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges#merge-message-for-a-squash-merge
 */
export async function squashMessage(
  repository: Repository,
  pull: PullRequest,
  given: Given,
  authorEmail: string,
): Promise<string> {
  const commits = await pullCommits(repository, pull);
  const only = commits.length === 1 ? commits[0] : undefined;
  const title = given.title ?? defaultTitle(repository, pull, 'squash', only);
  if (given.message !== undefined) return compose(title, given.message);
  const fromCommits = settingsOf(repository).squashBody === 'COMMIT_MESSAGES';
  const body = fromCommits ? messagesOf(commits, only) : defaultMessage(repository, pull, 'squash');
  const others = coAuthors(commits, authorEmail, body);
  return compose(title, [body, others].filter((part) => part !== '').join('\n\n'));
}

function messagesOf(commits: GitCommit[], only: GitCommit | undefined): string {
  if (only) return only.message.split('\n').slice(1).join('\n').trim();
  return commits.map((commit) => `* ${commit.message}`).join('\n\n');
}

function coAuthors(commits: GitCommit[], author: string, body: string): string {
  const lines = commits
    .filter((commit) => commit.author.email !== author)
    .map((commit) => `Co-authored-by: ${commit.author.name} <${commit.author.email}>`);
  return [...new Set(lines)].filter((line) => !body.includes(line)).join('\n');
}
