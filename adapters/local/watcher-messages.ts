import type { Notification } from "../../pipeline/ports/notifier.ts";

/** A message of a watcher's process to the runtime. */
export type WatcherMessage =
  /** Answered with `PublishedMessage`. */
  | {
      readonly kind: "publish";
      readonly id: number;
      readonly topic: string;
      readonly notification: Notification;
    }
  /** The run has ended. `failure` says why it failed. */
  | { readonly kind: "ended"; readonly failure?: string };

/** The answer of the runtime to a notification. */
export interface PublishedMessage {
  readonly kind: "published";
  readonly id: number;
  /** Why it was not published. */
  readonly failure?: string;
}
