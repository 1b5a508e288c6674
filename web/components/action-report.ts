/** A video for which an action failed. */
export interface ActionFailure {
  readonly video: { readonly id: string; readonly title: string };
  /** Why, and what to do. */
  readonly reason: string;
}

/** Describes why a request failed, for people. */
export const describeFailure = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
