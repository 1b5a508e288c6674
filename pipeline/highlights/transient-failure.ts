import { JobFailure } from "../errors/job-error.ts";
import { StoreFailure } from "../ports/store-failure.ts";

/** Whether a step of a watcher that failed may succeed a moment later. */
export const isTransientFailure = (cause: unknown): cause is JobFailure | StoreFailure =>
  (cause instanceof JobFailure || cause instanceof StoreFailure) && cause.retryable;
