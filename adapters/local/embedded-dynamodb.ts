import { setTimeout as pause } from "node:timers/promises";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { type DatabaseFailure, toDatabaseFailure } from "./database-error.ts";
import { type DynaliteStore, type OperationResponse, openDynaliteStore } from "./dynalite-store.ts";

/** Callbacks for the state of the embedded database. */
export interface DatabaseEvents {
  /** Its files currently cannot be written or read, e.g. because the disk is full. Opening it is retried. */
  onUnavailable?(failure: DatabaseFailure): void;
  onAvailable?(): void;
  /** Its files are corrupt. Called once; all later operations fail. */
  onDamaged?(failure: DatabaseFailure): void;
}
/** DynamoDB's JSON protocol, without a transport. */
export interface EmbeddedDynamo {
  /**
   * Handles a request. A failure of the database is an InternalServerError (500), which clients retry.
   *
   * @param target header `x-amz-target`, e.g. `DynamoDB_20120810.PutItem`
   * @param body JSON
   */
  request(target: string | undefined, body: string): Promise<{ statusCode: number; body: string }>;
  /** Waits for the operations in progress. */
  close(): Promise<void>;
}
interface EmbeddedDynamoOptions extends DatabaseEvents {
  /** Absent: in memory. */
  readonly directory?: string;
  /** Milliseconds between tries to reopen the database. */
  readonly reopenDelayMs?: number;
}

const parseOperationName = (target: string | undefined): string =>
  /^DynamoDB_20120810\.(\w+)$/.exec(target ?? "")?.[1] ?? "";

const buildServerError = (message: string): OperationResponse => ({
  statusCode: 500,
  body: { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message },
});
const invalidJsonResponse: OperationResponse = {
  statusCode: 400,
  body: { __type: "com.amazon.coral.service#SerializationException" },
};

/**
 * Opens the embedded database. After a failed write, LevelDB may lose later writes in the same block of its log, so the
 * database is reopened before the next operation.
 *
 * @throws DatabaseFailure
 */
export const openEmbeddedDynamo = async (options: EmbeddedDynamoOptions): Promise<EmbeddedDynamo> => {
  const { directory, reopenDelayMs = 1000 } = options;
  const closeController = new AbortController();
  const state: { store?: DynaliteStore } = { store: await openDynaliteStore(directory) };
  let reason = "The database is closed.";
  let reopenPromise: Promise<void> = Promise.resolve();

  const reportDamage = (failure: DatabaseFailure): void => {
    reason = failure.message;
    options.onDamaged?.(failure);
  };
  const reopen = async (failedStore: DynaliteStore): Promise<void> => {
    await failedStore.close().catch(() => undefined);
    for (;;) {
      await pause(reopenDelayMs, undefined, { signal: closeController.signal }).catch(() => undefined);
      if (closeController.signal.aborted) return;
      try {
        const reopenedStore = await openDynaliteStore(directory);
        if (closeController.signal.aborted) return await reopenedStore.close();
        state.store = reopenedStore;
        options.onAvailable?.();
        return;
      } catch (cause) {
        const failure = toDatabaseFailure(directory ?? "", cause);
        if (failure.kind === "damaged") return reportDamage(failure);
      }
    }
  };
  const handleFailure = (failedStore: DynaliteStore, cause: unknown): void => {
    if (state.store !== failedStore || closeController.signal.aborted) return;
    state.store = undefined;
    const failure = toDatabaseFailure(directory ?? "", cause);
    if (failure.kind === "damaged") {
      reopenPromise = failedStore.close().catch(() => undefined);
      reportDamage(failure);
      return;
    }
    reason = failure.message;
    options.onUnavailable?.(failure);
    reopenPromise = reopen(failedStore);
  };

  const execute = async (target: string | undefined, body: string): Promise<OperationResponse> => {
    const current = state.store;
    if (current === undefined) return buildServerError(reason);
    const input = parseJson(body);
    if (input === undefined) return invalidJsonResponse;
    try {
      return await current.execute(parseOperationName(target), input);
    } catch (cause) {
      handleFailure(current, cause);
      return buildServerError(reason);
    }
  };

  return {
    async request(target, body) {
      const response = await execute(target, body);
      return { statusCode: response.statusCode, body: JSON.stringify(response.body) };
    },
    async close() {
      closeController.abort();
      const openStore = state.store;
      state.store = undefined;
      reason = "The database is closed.";
      await reopenPromise;
      await openStore?.close();
    },
  };
};
