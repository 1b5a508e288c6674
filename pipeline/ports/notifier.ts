export interface Notification {
  /** The same for each delivery of a notification. */
  readonly id: string;
  /** For people. A topic may truncate a long subject or one with several lines. */
  readonly subject: string;
  /** JSON. */
  readonly message: string;
}
/** Publishes to one topic, at least once. */
export interface Notifier {
  publish(topic: string, notification: Notification): Promise<void>;
}
