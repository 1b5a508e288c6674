/** A queue of JSON messages, delivered at least once, in any order. Rejects with `StoreFailure`. */
export interface Queue {
  /** @param options `delaySeconds`: at most 900; a longer delay is shortened to 900 */
  send(message: unknown, options?: { readonly delaySeconds?: number }): Promise<void>;
}
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
/** Current time; `now().toISOString()` is ISO 8601. */
export interface Clock {
  now(): Date;
}
export interface TranscoderKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly scope: "full" | "read";
}
/** The transcoder API's keys; at most two are valid per scope. */
export interface Secrets {
  /**
   * Rejects with `StoreFailure`, of kind `invalid` if the secret does not match its schema. No error contains its
   * value.
   */
  readTranscoderKeys(options?: {
    /** Bypass the cache, because a caller used an unknown key: the keys may have been rotated. */
    readonly forceRefresh?: boolean;
  }): Promise<readonly TranscoderKey[]>;
}
/** Structured log. `details` are plain data and never contain a whole event, a credential or media. */
export interface Logger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}
