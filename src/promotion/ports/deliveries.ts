/** One try of GitHub to deliver a webhook. */
export interface LoggedDelivery {
  /** Of this try. A number of GitHub's that may be larger than a number can be here. */
  id: string;
  /** The same for all tries: what a webhook says its delivery is. */
  guid: string;
  event: string;
  action: string | null;
  /** Milliseconds since the epoch, by GitHub's clock. */
  deliveredAtMs: number;
  isFailed: boolean;
}

/** GitHub's log of what it tried to deliver to the App, for as long as GitHub keeps it. */
export interface DeliveryLog {
  /** A page of the tries that failed, or of those that did not, newest first; the first page without a cursor. */
  list(
    outcome: 'failure' | 'success',
    cursor?: string,
  ): Promise<{ tries: LoggedDelivery[]; next: string | null }>;
  /** What was to be delivered; null when GitHub does not have it any more. */
  readPayload(id: string): Promise<Record<string, unknown> | null>;
}
