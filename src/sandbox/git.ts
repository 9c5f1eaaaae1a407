/** Git, as the local GitHub uses it: a child process an operation, on bare repositories. */
export { diffCommits, type GitFileChange } from './git-diff.ts';
export {
  type GitCommit,
  isAncestor,
  log,
  mergeBase,
  mergeTree,
  readCommit,
} from './git-history.ts';
export {
  createCommit,
  type GitPerson,
  type GitTreeEntry,
  isTreePath,
  listTree,
  objectType,
  readBlob,
  readFileAt,
  writeBlob,
} from './git-objects.ts';
export { fetchFrom, isSha, isValidRef, listRefs, resolveRef, updateRef } from './git-refs.ts';
