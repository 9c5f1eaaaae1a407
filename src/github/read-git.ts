import type { CommitFile } from '../promotion/ports/git.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { RepositoryReader } from '../promotion/ports/repository.ts';
import type { KeptCommit } from './cache.ts';
import { type AppIdentity, type Client, statusOf } from './client.ts';
import { decodeText } from './decode-text.ts';
import type { ChangedFile } from './derive-tree.ts';
import { makeContentReader } from './read-contents.ts';
import type { RepositoryContext } from './repository-context.ts';

type GitReader = Pick<
  RepositoryReader,
  | 'readDefaultTip'
  | 'readCommit'
  | 'readTree'
  | 'readText'
  | 'readTexts'
  | 'readFile'
  | 'listCommits'
  | 'listAncestors'
  | 'wasChangedBefore'
>;

/** A commit's file list of this length may have been cut (https://docs.github.com/en/rest/commits/commits#get-a-commit). */
const MOST_FILES = 300;

/** Of a file that is read by its path, a fork's too. */
const MOST_BYTES = 2_000_000;

/** Reads git data over REST: by SHA, so that what was read once need not be read again. */
export function makeGitReader(context: RepositoryContext, log: Log): GitReader {
  const { client, owner, name, cache } = context;
  const repo = { owner, repo: name };
  const keyOf = (sha: string) => `${owner}/${name} ${sha}`;
  const byTree = new Map<string, KeptCommit>();
  let tip: KeptCommit | null = null;
  const contents = makeContentReader(
    context,
    { ofTree: (treeSha) => byTree.get(treeSha) ?? null, tip: () => tip },
    log,
  );

  const readCommitAt = async (ref: string): Promise<KeptCommit> => {
    const { data } = await client.rest.repos.getCommit({ ...repo, ref });
    const commit = toCommit(data, context.identity);
    if (commit.isSluices !== null) cache.commits.set(keyOf(commit.sha), commit);
    byTree.set(commit.treeSha, commit);
    return commit;
  };

  const readTip = async (branch: string): Promise<KeptCommit | 'missing' | null> => {
    try {
      tip = await readCommitAt(`heads/${branch}`);
      return tip;
    } catch (error) {
      const status = statusOf(error);
      // 409 is GitHub's answer for a repository without any commit, 422 and 404 for a branch that is not there.
      if (status === 409) return null;
      if (status === 404 || status === 422) return 'missing';
      throw error;
    }
  };

  return {
    ...contents,
    async readDefaultTip() {
      if (context.defaultBranch) {
        const found = await readTip(context.defaultBranch);
        if (found !== 'missing') return found && { branch: context.defaultBranch, commit: found };
      }
      const { default_branch: branch } = (await client.rest.repos.get(repo)).data;
      context.onDefaultBranch(branch);
      const commit = await readTip(branch);
      if (commit === 'missing')
        throw new Error(
          `GitHub names ${branch} as the default branch of ${owner}/${name}, and has no such branch`,
        );
      return commit && { branch, commit };
    },
    async readCommit(sha) {
      const commit = cache.commits.get(keyOf(sha)) ?? (await readCommitAt(sha));
      byTree.set(commit.treeSha, commit);
      if (commit.isSluices === null)
        throw new Error(`GitHub cannot verify the signature of ${sha.slice(0, 7)} now`);
      return commit;
    },
    async readFile(path, ref) {
      try {
        const { data } = await client.rest.repos.getContent({ ...repo, path, ref });
        if (Array.isArray(data) || data.type !== 'file') return null;
        if (data.size > MOST_BYTES) return { sha: data.sha, text: null };
        // Over 1 MB the answer has no content: https://docs.github.com/en/rest/repos/contents#get-repository-content
        if (data.encoding !== 'base64') return { sha: data.sha, text: await contents.readText(data.sha) };
        return { sha: data.sha, text: decodeText(Buffer.from(data.content, 'base64')) };
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    async listCommits(sha, path, limit) {
      const key = `${keyOf(sha)} ${limit} ${path}`;
      const kept = cache.histories.get(key);
      if (kept) return kept;
      const { data } = await client.rest.repos.listCommits({
        ...repo,
        sha,
        path,
        per_page: Math.min(limit, 100),
      });
      const commits = data.map((commit) => commit.sha);
      cache.histories.set(key, commits);
      return commits;
    },
    async listAncestors(sha, page) {
      const { data } = await client.rest.repos.listCommits({ ...repo, sha, per_page: 100, page });
      return data.map((commit) => toCommit(commit, context.identity));
    },
    async wasChangedBefore(path, time) {
      // https://docs.github.com/en/rest/commits/commits#list-commits
      const { data } = await client.rest.repos.listCommits({ ...repo, path, until: time, per_page: 1 });
      return data.length > 0;
    },
  };
}

type RawCommit = Awaited<ReturnType<Client['rest']['repos']['getCommit']>>['data'];

function toCommit(data: RawCommit, { botLogin }: AppIdentity): KeptCommit {
  const { commit } = data;
  const files = !data.files || data.files.length >= MOST_FILES ? null : data.files.map(toFile);
  const authorLogin = loginOf(data.author);
  const committerLogin = loginOf(data.committer);
  return {
    sha: data.sha,
    url: data.html_url,
    treeSha: commit.tree.sha,
    parents: data.parents.map(({ sha }) => sha),
    message: commit.message,
    authorLogin,
    committerLogin,
    authorName: commit.author?.name ?? 'unknown',
    committedAt: commit.committer?.date ?? '',
    isSluices: authorLogin === botLogin ? isSignedByGitHub(data, botLogin) : false,
    files,
    changed: files,
  };
}

function toFile(file: NonNullable<RawCommit['files']>[number]): CommitFile & ChangedFile {
  const { filename: path, previous_filename: previousPath = null, status, sha, patch = null } = file;
  return { path, previousPath, status, sha, patch };
}

/**
 * GitHub signs what an App commits over its API without naming an author. A signature proves who the committer is,
 * never the author: anybody can sign, with a key of their own, a commit that names the App's bot as its author. So the
 * committer counts too, and GitHub's own (`web-flow`) and the App's bot are accounts that nobody can add a key to.
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification
 */
function isSignedByGitHub({ commit, committer }: RawCommit, botLogin: string): boolean | null {
  const login = loginOf(committer);
  // https://docs.github.com/en/rest/commits/commits#get-a-commit
  if (commit.verification?.reason === 'gpgverify_unavailable') return null;
  return commit.verification?.verified === true && (login === 'web-flow' || login === botLogin);
}

/** Null when GitHub links no account: then it gives null or an empty object. */
export function loginOf(account: object | null | undefined): string | null {
  return account && 'login' in account && typeof account.login === 'string' ? account.login : null;
}
