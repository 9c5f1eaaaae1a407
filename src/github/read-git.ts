import type { Commit, TreeEntry } from '../promotion/ports/git.ts';
import type { RepositoryReader } from '../promotion/ports/repository.ts';
import type { ObjectCache } from './cache.ts';
import { type AppIdentity, type Client, statusOf } from './client.ts';

type GitReader = Pick<
  RepositoryReader,
  'readDefaultTip' | 'readCommit' | 'readTree' | 'readText' | 'readFile' | 'listCommits' | 'wasChangedBefore'
>;

/** A commit's file list of this length may have been cut (https://docs.github.com/en/rest/commits/commits#get-a-commit). */
const MOST_FILES = 300;

/** Of a file that is read by its path, a fork's too. */
const MOST_BYTES = 2_000_000;

export interface RepositoryContext {
  client: Client;
  identity: AppIdentity;
  owner: string;
  name: string;
  cache: ObjectCache;
  /** Null when it must be asked for. */
  defaultBranch: string | null;
  /** Told what GitHub said when it was asked. */
  onDefaultBranch: (branch: string) => void;
}

/** Reads git data over REST: by SHA, so that what was read once need not be read again. */
export function makeGitReader(context: RepositoryContext): GitReader {
  const { client, owner, name, cache } = context;
  const repo = { owner, repo: name };
  const keyOf = (sha: string) => `${owner}/${name} ${sha}`;

  const readCommitAt = async (ref: string): Promise<Commit> => {
    const { data } = await client.rest.repos.getCommit({ ...repo, ref });
    const commit = toCommit(data, context.identity);
    if (commit.isSluices !== null) cache.commits.set(keyOf(commit.sha), commit);
    return commit;
  };

  const readTip = async (branch: string): Promise<Commit | 'missing' | null> => {
    try {
      return await readCommitAt(`heads/${branch}`);
    } catch (error) {
      const status = statusOf(error);
      // 409 is GitHub's answer for a repository without any commit, 422 and 404 for a branch that is not there.
      if (status === 409) return null;
      if (status === 404 || status === 422) return 'missing';
      throw error;
    }
  };

  return {
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
      if (commit.isSluices === null)
        throw new Error(`GitHub cannot verify the signature of ${sha.slice(0, 7)} now`);
      return commit;
    },
    async readTree(treeSha) {
      const kept = cache.trees.get(keyOf(treeSha));
      if (kept) return kept;
      const entries = await readWholeTree(context, treeSha, '');
      cache.trees.set(keyOf(treeSha), entries);
      return entries;
    },
    async readText(blobSha) {
      const kept = cache.texts.get(keyOf(blobSha));
      if (kept) return kept.text;
      const { data } = await client.rest.git.getBlob({ ...repo, file_sha: blobSha });
      const text = decodeText(Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8'));
      cache.texts.set(keyOf(blobSha), { text });
      return text;
    },
    async readFile(path, ref) {
      try {
        const { data } = await client.rest.repos.getContent({ ...repo, path, ref });
        if (Array.isArray(data) || data.type !== 'file') return null;
        if (data.size > MOST_BYTES) return { sha: data.sha, text: null };
        // Over 1 MB the answer has no content: https://docs.github.com/en/rest/repos/contents#get-repository-content
        if (data.encoding !== 'base64') return { sha: data.sha, text: await this.readText(data.sha) };
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
    async wasChangedBefore(path, time) {
      // https://docs.github.com/en/rest/commits/commits#list-commits
      const { data } = await client.rest.repos.listCommits({ ...repo, path, until: time, per_page: 1 });
      return data.length > 0;
    },
  };
}

/** A tree with all that is below it. Where GitHub cuts the answer short, each folder is read by itself. */
async function readWholeTree(context: RepositoryContext, sha: string, prefix: string): Promise<TreeEntry[]> {
  const { client, owner, name } = context;
  const repo = { owner, repo: name, tree_sha: sha };
  const { data } = await client.rest.git.getTree({ ...repo, recursive: '1' });
  if (!data.truncated) return data.tree.map((entry) => toEntry(entry, prefix));
  const { data: flat } = await client.rest.git.getTree(repo);
  if (flat.truncated)
    throw new Error(`GitHub gives only a part of the folder ${prefix || '/'}: it has too many files`);
  const entries: TreeEntry[] = [];
  for (const raw of flat.tree) {
    const entry = toEntry(raw, prefix);
    entries.push(entry);
    if (entry.type === 'tree') entries.push(...(await readWholeTree(context, entry.sha, `${entry.path}/`)));
  }
  return entries;
}

type RawEntry = Awaited<ReturnType<Client['rest']['git']['getTree']>>['data']['tree'][number];

function toEntry({ path, mode, type, sha, size }: RawEntry, prefix: string): TreeEntry {
  if (type !== 'blob' && type !== 'tree' && type !== 'commit')
    throw new Error(`GitHub lists ${path} as a ${type}`);
  return { path: `${prefix}${path}`, mode, type, sha, sizeBytes: size ?? 0 };
}

type RawCommit = Awaited<ReturnType<Client['rest']['repos']['getCommit']>>['data'];

function toCommit(data: RawCommit, { botLogin }: AppIdentity): Commit {
  const { commit, files } = data;
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
    files:
      !files || files.length >= MOST_FILES
        ? null
        : files.map(({ filename, previous_filename, patch }) => ({
            path: filename,
            previousPath: previous_filename ?? null,
            patch: patch ?? null,
          })),
  };
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

/** Null when the bytes are no UTF-8. */
function decodeText(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
