import type { SandboxContext } from './context.ts';
import type { GitCommit, GitFileChange } from './git.ts';
import { nodeId, userByEmail } from './json.ts';
import type { Repository } from './state.ts';

/** Path of a file in a URL: slashes stay. */
export function urlPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function urls(sandbox: SandboxContext, repository: Repository) {
  return {
    api: `${sandbox.url()}/repos/${repository.fullName}`,
    page: `${sandbox.url()}/${repository.fullName}`,
  };
}

function verificationOf(sandbox: SandboxContext, sha: string) {
  const verified = sandbox.state.signedCommits.has(sha);
  const reason = verified ? 'valid' : 'unsigned';
  return { verified, reason, signature: null, payload: null, verified_at: null };
}

/** A commit as `/git/commits` gives it. */
export function gitCommitJson(sandbox: SandboxContext, repository: Repository, commit: GitCommit) {
  const { api, page } = urls(sandbox, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', repository.id) + commit.sha,
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parentsOf(sandbox, repository, commit, 'git/commits'),
    verification: verificationOf(sandbox, commit.sha),
  };
}

function parentsOf(sandbox: SandboxContext, repository: Repository, commit: GitCommit, family: string) {
  const { api, page } = urls(sandbox, repository);
  return commit.parents.map((sha) => ({
    sha,
    url: `${api}/${family}/${sha}`,
    html_url: `${page}/commit/${sha}`,
  }));
}

/** A commit as other things carry it: check suites, workflow runs. */
export function headCommitJson(commit: GitCommit): Record<string, unknown> {
  const person = ({ name, email }: GitCommit['author']) => ({ name, email });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: person(commit.author),
    committer: person(commit.committer),
  };
}

/** A commit as `/commits` lists it, with the users that wrote it. */
export function commitJson(sandbox: SandboxContext, repository: Repository, commit: GitCommit) {
  const { api, page } = urls(sandbox, repository);
  const inner = gitCommitJson(sandbox, repository, commit);
  return {
    sha: commit.sha,
    node_id: inner.node_id,
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: inner.tree,
      url: inner.url,
      comment_count: 0,
      verification: inner.verification,
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: userByEmail(sandbox, commit.author.email),
    committer: userByEmail(sandbox, commit.committer.email),
    parents: parentsOf(sandbox, repository, commit, 'commits'),
  };
}

/** One changed file as commits, comparisons and pull requests list it. */
export function fileChangeJson(
  sandbox: SandboxContext,
  repository: Repository,
  change: GitFileChange,
  sha: string,
) {
  const { api, page } = urls(sandbox, repository);
  const path = urlPath(change.path);
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${api}/contents/${path}?ref=${sha}`,
    ...(change.patch === null ? {} : { patch: change.patch }),
    ...(change.previousPath === null ? {} : { previous_filename: change.previousPath }),
  };
}
