/** A failed attempt of a delivery. */
export interface WebhookFailure {
  /** ISO 8601. */
  readonly at: string;
  /** HTTP status of the response; absent if there was none. */
  readonly status?: number;
  /** A sentence. */
  readonly reason: string;
}

/** What happened to the deliveries of a webhook. */
export interface WebhookStatus {
  /** Accepted by the endpoint; a delivery that was repeated may count twice. */
  readonly delivered: number;
  /** Waiting for an attempt. */
  readonly pending: number;
  /** Given up: permanent failure, or a day of retries. */
  readonly deadLetter: number;
  /** ISO 8601. */
  readonly lastDeliveredAt?: string;
  readonly lastFailure?: WebhookFailure;
}

/** The deliveries of a stage's webhooks, for an operator. Methods take the name of a webhook. */
export interface WebhookStore {
  readStatus(webhook: string): Promise<WebhookStatus>;
  /**
   * Queues deliveries of the dead-letter queue again, with the same `webhook-id` and another day of retries.
   *
   * @param isSelected whether the delivery is queued again
   * @returns `webhook-id` of each that was queued
   */
  redeliver(webhook: string, isSelected: (delivery: DeadLetter) => boolean): Promise<readonly string[]>;
}

/** What identifies a delivery in a dead-letter queue. */
export interface DeadLetter {
  /** `webhook-id`. */
  readonly id: string;
  /** Id of the job or the appearance. */
  readonly subjectId: string;
}
