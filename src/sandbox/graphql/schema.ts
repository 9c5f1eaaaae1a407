import { buildSchema } from 'graphql';

const SCALARS = ['DateTime', 'GitObjectID', 'GitRefname', 'URI'];

const PAGE = 'after: String, before: String, first: Int, last: Int';

/** What mutations take beside `clientMutationId`, and what they give beside it. */
const MUTATIONS = {
  enqueuePullRequest: {
    takes: 'pullRequestId: ID! jump: Boolean expectedHeadOid: GitObjectID',
    gives: 'mergeQueueEntry: MergeQueueEntry',
  },
  dequeuePullRequest: { takes: 'id: ID!', gives: 'mergeQueueEntry: MergeQueueEntry' },
  enablePullRequestAutoMerge: {
    takes: `pullRequestId: ID! mergeMethod: PullRequestMergeMethod = MERGE expectedHeadOid: GitObjectID
      commitHeadline: String commitBody: String authorEmail: String`,
    gives: 'actor: Actor pullRequest: PullRequest',
  },
  disablePullRequestAutoMerge: {
    takes: 'pullRequestId: ID!',
    gives: 'actor: Actor pullRequest: PullRequest',
  },
  resolveReviewThread: { takes: 'threadId: ID!', gives: 'thread: PullRequestReviewThread' },
  unresolveReviewThread: { takes: 'threadId: ID!', gives: 'thread: PullRequestReviewThread' },
  markPullRequestReadyForReview: { takes: 'pullRequestId: ID!', gives: 'pullRequest: PullRequest' },
  convertPullRequestToDraft: { takes: 'pullRequestId: ID!', gives: 'pullRequest: PullRequest' },
  pinIssue: { takes: 'issueId: ID!', gives: 'issue: Issue' },
  unpinIssue: { takes: 'issueId: ID!', gives: 'issue: Issue' },
  updateRefs: { takes: 'repositoryId: ID! refUpdates: [RefUpdate!]!', gives: '' },
};

const CONNECTIONS = [
  'Label',
  'MergeQueueEntry',
  'PinnedIssue',
  'PullRequest',
  'PullRequestReviewComment',
  'PullRequestReviewThread',
];

const TYPES = `
type Query {
  viewer: User!
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
  node(id: ID!): Node
}
interface Node { id: ID! }
interface Actor { login: String! url: URI! }
type User implements Node & Actor { id: ID! login: String! url: URI! }
type Bot implements Node & Actor { id: ID! login: String! url: URI! }
type Repository implements Node {
  id: ID! databaseId: Int name: String! nameWithOwner: String! autoMergeAllowed: Boolean!
  pullRequest(number: Int!): PullRequest
  pullRequests(
    states: [PullRequestState!], headRefName: String, baseRefName: String, orderBy: IssueOrder, ${PAGE}
  ): PullRequestConnection!
  issue(number: Int!): Issue
  pinnedIssues(${PAGE}): PinnedIssueConnection
  mergeQueue(branch: String): MergeQueue
}
type PullRequest implements Node {
  id: ID! databaseId: Int number: Int! title: String! body: String! url: URI! author: Actor
  state: PullRequestState! closed: Boolean! merged: Boolean! createdAt: DateTime! mergedAt: DateTime closedAt: DateTime isDraft: Boolean!
  headRefName: String! headRefOid: GitObjectID! baseRefName: String! baseRefOid: GitObjectID!
  isCrossRepository: Boolean! mergeCommit: Commit
  labels(${PAGE}): LabelConnection
  repository: Repository!
  mergeable: MergeableState! mergeStateStatus: MergeStateStatus!
  isInMergeQueue: Boolean! isMergeQueueEnabled: Boolean! mergeQueueEntry: MergeQueueEntry
  autoMergeRequest: AutoMergeRequest
  reviewThreads(${PAGE}): PullRequestReviewThreadConnection!
}
type AutoMergeRequest {
  enabledAt: DateTime enabledBy: Actor mergeMethod: PullRequestMergeMethod!
  commitHeadline: String commitBody: String
}
type MergeQueue implements Node { id: ID! url: URI! entries(${PAGE}): MergeQueueEntryConnection }
type MergeQueueEntry implements Node {
  id: ID! position: Int! state: MergeQueueEntryState! enqueuedAt: DateTime! enqueuer: Actor!
  headCommit: Commit baseCommit: Commit pullRequest: PullRequest
}
type Commit { oid: GitObjectID! }
type PullRequestReviewThread implements Node {
  id: ID! isResolved: Boolean! resolvedBy: User isOutdated: Boolean! path: String! line: Int
  pullRequest: PullRequest!
  comments(${PAGE}, skip: Int): PullRequestReviewCommentConnection!
}
type PullRequestReviewComment implements Node {
  id: ID! databaseId: Int body: String! path: String! author: Actor createdAt: DateTime!
}
type Issue implements Node {
  id: ID! databaseId: Int number: Int! title: String! body: String! url: URI!
  state: IssueState! closed: Boolean! locked: Boolean! isPinned: Boolean
}
type Label { name: String! }
type PinnedIssue { issue: Issue! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
input RefUpdate { name: GitRefname! beforeOid: GitObjectID afterOid: GitObjectID! force: Boolean = false }
input IssueOrder { field: IssueOrderField! direction: OrderDirection! }
enum IssueOrderField { CREATED_AT }
enum OrderDirection { ASC DESC }
enum PullRequestState { OPEN CLOSED MERGED }
enum IssueState { OPEN CLOSED }
enum MergeableState { MERGEABLE CONFLICTING UNKNOWN }
enum MergeStateStatus { BEHIND BLOCKED CLEAN DIRTY DRAFT HAS_HOOKS UNKNOWN UNSTABLE }
enum MergeQueueEntryState { QUEUED AWAITING_CHECKS MERGEABLE UNMERGEABLE LOCKED }
enum PullRequestMergeMethod { MERGE SQUASH REBASE }
`;

function mutationTypes(): string {
  const fields = Object.entries(MUTATIONS).map(([name, { takes, gives }]) => {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    return {
      field: `${name}(input: ${type}Input!): ${type}Payload`,
      types: `input ${type}Input { clientMutationId: String ${takes} }
        type ${type}Payload { clientMutationId: String ${gives} }`,
    };
  });
  const root = `type Mutation { ${fields.map(({ field }) => field).join('\n')} }`;
  return [root, ...fields.map(({ types }) => types)].join('\n');
}

function connectionTypes(name: string): string {
  return `type ${name}Edge { cursor: String! node: ${name} }
    type ${name}Connection {
      edges: [${name}Edge] nodes: [${name}] pageInfo: PageInfo! totalCount: Int!
    }`;
}

/**
 * The part of GitHub's schema that is answered here, with GitHub's names and types, so that a document that
 * GitHub refuses is refused here: https://docs.github.com/en/graphql/overview/public-schema
 */
export const SCHEMA = buildSchema(
  [
    ...SCALARS.map((name) => `scalar ${name}`),
    TYPES,
    mutationTypes(),
    ...CONNECTIONS.map(connectionTypes),
  ].join('\n'),
);
