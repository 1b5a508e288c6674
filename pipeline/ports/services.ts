/** A queue of JSON messages, delivered at least once, in any order. Rejects with `StoreFailure`. */
export interface Queue {
  /** @param options `delaySeconds`: at most 900; a longer delay ends then */
  send(message: unknown, options?: { readonly delaySeconds?: number }): Promise<void>;
}
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
/** ISO 8601 comes from `now().toISOString()`. */
export interface Clock {
  now(): Date;
}
export interface TranscoderKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly scope: "full" | "read";
}
/** The transcoder's keys; at most two valid of each scope. */
export interface Secrets {
  /** Rejects with `StoreFailure`, of kind `invalid` where the secret has another form; no error says what it holds. */
  readTranscoderKeys(options?: {
    /** Somebody uses a key that was not among them: a rotation may have come since they were read. */
    readonly forceRefresh?: boolean;
  }): Promise<readonly TranscoderKey[]>;
}
/** Structured log; `details` are plain data and never hold a whole event, a credential or media. */
export interface Logger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}
