export type StoreFailureKind =
  | "missing"
  | "denied"
  /** The object is in a storage class that must be restored before it can be read. */
  | "archived"
  | "precondition"
  | "bucket-not-found"
  /** The table does not exist: its stack is not deployed. */
  | "table-not-found"
  /** The secret does not exist: its stack is not deployed. */
  | "secret-not-found"
  | "transient"
  | "no-space"
  /** The caller's input is not valid. Permanent. */
  | "invalid"
  /** The role for the store cannot be assumed until its configuration changes. */
  | "assume-role"
  | "unknown";

/** A request to a store or service failed. `kind` classifies the failure; `cause` is the original error. */
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
