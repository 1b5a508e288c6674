export interface Notification {
  /** The same for every delivery of one notification. */
  readonly id: string;
  /** For people: of a long one, or one that is no single line, a topic may carry less. */
  readonly subject: string;
  /** JSON. */
  readonly message: string;
}
/** Publishes to one topic, at least once. */
export interface Notifier {
  publish(topic: string, notification: Notification): Promise<void>;
}
