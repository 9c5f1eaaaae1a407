/** What a local GitHub refuses when there is too much of it; null is no limit. Change it at any time. */
export interface Limits {
  /** Requests an hour of one user, App or installation. */
  primaryPerHour: number | null;
  /** Requests an hour without credentials. */
  anonymousPerHour: number | null;
  /** Points an hour of GraphQL, a request being one. */
  graphqlPerHour: number | null;
  /** Requests of one actor that are being answered at the same time. */
  concurrent: number | null;
  /** A read of the REST API is 1 point, a write 5. */
  pointsPerMinute: number | null;
  /** A query of the GraphQL API is 1 point, a mutation 5. */
  graphqlPointsPerMinute: number | null;
  contentPerMinute: number | null;
  contentPerHour: number | null;
  /** GitHub uses both. */
  refusalStatus: 403 | 429;
  /** `retry-after` of secondary limits; null tells when there will be room again. */
  retryAfterSeconds: number | null;
  /** Webhooks with a larger body are not sent: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap */
  payloadBytes: number;
  /** How long an App may take to answer a webhook: https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries */
  deliveryTimeoutMs: number;
}

/** The limits of GitHub.com: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export const GITHUB_LIMITS: Readonly<Limits> = {
  primaryPerHour: 5000,
  anonymousPerHour: 60,
  graphqlPerHour: 5000,
  concurrent: 100,
  pointsPerMinute: 900,
  graphqlPointsPerMinute: 2000,
  contentPerMinute: 80,
  contentPerHour: 500,
  refusalStatus: 403,
  retryAfterSeconds: null,
  payloadBytes: 25 * 1024 * 1024,
  deliveryTimeoutMs: 10_000,
};

/** No request is refused; webhooks are as on GitHub. */
export const UNLIMITED: Readonly<Limits> = {
  ...GITHUB_LIMITS,
  primaryPerHour: null,
  anonymousPerHour: null,
  graphqlPerHour: null,
  concurrent: null,
  pointsPerMinute: null,
  graphqlPointsPerMinute: null,
  contentPerMinute: null,
  contentPerHour: null,
};
