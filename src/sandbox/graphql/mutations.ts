import { pinIssue, unpinIssue } from './issue-mutations.ts';
import {
  dequeuePullRequest,
  disablePullRequestAutoMerge,
  enablePullRequestAutoMerge,
  enqueuePullRequest,
} from './merge-mutations.ts';
import type { Mutation } from './mutation.ts';
import { updateRefs } from './ref-mutations.ts';
import {
  convertPullRequestToDraft,
  markPullRequestReadyForReview,
  resolveReviewThread,
  unresolveReviewThread,
} from './review-mutations.ts';

/** What REST cannot do. One more is one more line here, and one in schema.ts. */
export const MUTATIONS: Record<string, Mutation> = {
  enqueuePullRequest,
  dequeuePullRequest,
  enablePullRequestAutoMerge,
  disablePullRequestAutoMerge,
  resolveReviewThread,
  unresolveReviewThread,
  markPullRequestReadyForReview,
  convertPullRequestToDraft,
  pinIssue,
  unpinIssue,
  updateRefs,
};
