export type StoreFailureKind =
  | "missing"
  | "denied"
  | "precondition"
  | "bucket-not-found"
  | "transient"
  | "no-space"
  /** What the caller gave is wrong and would be refused again. */
  | "invalid"
  /** The role by which the store is reached cannot be assumed, and will not be until somebody changes it. */
  | "assume-role"
  | "unknown";

/** A store or service refused or failed; `kind` says how, `cause` holds its own error. */
export class StoreFailure extends Error {
  readonly kind: StoreFailureKind;
  readonly retryable: boolean;

  constructor(kind: StoreFailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StoreFailure";
    this.kind = kind;
    this.retryable = kind === "transient";
  }
}
