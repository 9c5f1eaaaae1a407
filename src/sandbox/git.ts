/** Git, as the local GitHub uses it, on bare repositories: objects by a reader that stays, the rest by a process each. */
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
export {
  fetchFrom,
  isSha,
  isValidRef,
  listRefs,
  refTarget,
  resolveRef,
  updateRef,
  updateRefs,
} from './git-refs.ts';
