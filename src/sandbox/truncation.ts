/** Where GitHub cuts off what it answers; adjustable, so that a test does not need 100,000 files. */
export interface Truncation {
  treeEntries: number;
  treeBytes: number;
  directoryEntries: number;
  /** Up to here contents come inline, in base64. */
  inlineBytes: number;
  /** Beyond this a blob is not served at all. */
  blobBytes: number;
  compareFiles: number;
  compareCommits: number;
  commitFilesPerPage: number;
  commitFiles: number;
  pullFiles: number;
  pullCommits: number;
}

/** Where GitHub itself truncates. */
export const GITHUB_TRUNCATION: Readonly<Truncation> = {
  // https://docs.github.com/en/rest/git/trees#get-a-tree
  treeEntries: 100_000,
  treeBytes: 7 * 1024 * 1024,
  // https://docs.github.com/en/rest/repos/contents#get-repository-content
  directoryEntries: 1000,
  inlineBytes: 1024 * 1024,
  blobBytes: 100 * 1024 * 1024,
  // https://docs.github.com/en/rest/commits/commits#compare-two-commits
  compareFiles: 300,
  compareCommits: 250,
  // https://docs.github.com/en/rest/commits/commits#get-a-commit
  commitFilesPerPage: 300,
  commitFiles: 3000,
  // https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
  pullFiles: 3000,
  // https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request
  pullCommits: 250,
};
