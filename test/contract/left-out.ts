/** A difference from GitHub's description that is meant. */
interface LeftOut {
  /** Operation id (`pulls/list`) or webhook (`webhook push`) that it is about; all when left out. */
  where?: RegExp;
  /** What the violation says, from its place on. */
  violation: RegExp;
  reason: string;
}

/** Keep it short: what GitHub gives belongs into the answer. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    violation: /^POST \/graphql: /,
    reason: "GraphQL has a description of its own, which is not GitHub's REST API.",
  },
  {
    violation: /response \d+(\/\d+)?\/labels\/\d+\/description: must be string/,
    reason:
      'A label without a description has null there on GitHub; only this copy of the schema forgets it.',
  },
  {
    where: /^actions\/list-workflow-runs/,
    violation: /query created: must match format/,
    reason: 'The text of the parameter says that it takes ranges of dates, as searches do.',
  },
  {
    where: /deployment-status|^webhook deployment_status/,
    violation: /\/(target|log|environment)_url: must match format "uri"/,
    reason: 'Without a link GitHub gives an empty text, the default that its own description names.',
  },
  {
    where: /^webhook issue_comment/,
    violation: /performed_via_github_app: must be (object|null)|performed_via_github_app: must match/,
    reason: "GitHub's examples of its webhooks have null where a person wrote the comment.",
  },
  {
    where: /^apps\/list-installations$/,
    violation: /\/account: /,
    reason: 'Here alone the account is said to be a user and an enterprise at once; elsewhere it is either.',
  },
];
