import { setTimeout as pause } from "node:timers/promises";
import { type DatabaseFailure, databaseFailure } from "./database-error.ts";
import { type DynaliteStore, type OperationAnswer, openDynaliteStore } from "./dynalite-store.ts";

/** What the embedded database reports of itself. */
export interface DatabaseEvents {
  /** Its files cannot be written or read for now, e.g. on a full disk; it is opened again until that succeeds. */
  onUnavailable?(failure: DatabaseFailure): void;
  onAvailable?(): void;
  /** Its files do not hold what was written. Called once; every operation fails from then on. */
  onDamaged?(failure: DatabaseFailure): void;
}
/** DynamoDB's JSON protocol, without a transport. */
export interface EmbeddedDynamo {
  /**
   * Answers a request; a database that fails is an InternalServerError (500), which clients retry.
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
  /** Milliseconds between two tries to open the database again. */
  readonly reopenMs?: number;
}

const operationOf = (target: string | undefined): string =>
  /^DynamoDB_20120810\.(\w+)$/.exec(target ?? "")?.[1] ?? "";

const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const serverError = (message: string): OperationAnswer => ({
  statusCode: 500,
  body: { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message },
});
const notJson: OperationAnswer = {
  statusCode: 400,
  body: { __type: "com.amazon.coral.service#SerializationException" },
};

/**
 * Opens the embedded database. After a write that failed LevelDB may lose what follows it in the same block of its
 * log, so the database is closed and opened again before the next operation.
 *
 * @throws DatabaseFailure
 */
export const openEmbeddedDynamo = async (options: EmbeddedDynamoOptions): Promise<EmbeddedDynamo> => {
  const { directory, reopenMs = 1000 } = options;
  const closing = new AbortController();
  const state: { store?: DynaliteStore } = { store: await openDynaliteStore(directory) };
  let reason = "The database is closed.";
  let reopening: Promise<void> = Promise.resolve();

  const damaged = (failure: DatabaseFailure): void => {
    reason = failure.message;
    options.onDamaged?.(failure);
  };
  const reopen = async (broken: DynaliteStore): Promise<void> => {
    await broken.close().catch(() => undefined);
    for (;;) {
      await pause(reopenMs, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) return;
      try {
        const opened = await openDynaliteStore(directory);
        if (closing.signal.aborted) return await opened.close();
        state.store = opened;
        options.onAvailable?.();
        return;
      } catch (cause) {
        const failure = databaseFailure(directory ?? "", cause);
        if (failure.kind === "damaged") return damaged(failure);
      }
    }
  };
  const handleFailure = (broken: DynaliteStore, cause: unknown): void => {
    if (state.store !== broken || closing.signal.aborted) return;
    state.store = undefined;
    const failure = databaseFailure(directory ?? "", cause);
    if (failure.kind === "damaged") {
      reopening = broken.close().catch(() => undefined);
      damaged(failure);
      return;
    }
    reason = failure.message;
    options.onUnavailable?.(failure);
    reopening = reopen(broken);
  };

  const execute = async (target: string | undefined, body: string): Promise<OperationAnswer> => {
    const current = state.store;
    if (current === undefined) return serverError(reason);
    const input = parseBody(body);
    if (input === undefined) return notJson;
    try {
      return await current.execute(operationOf(target), input);
    } catch (cause) {
      handleFailure(current, cause);
      return serverError(reason);
    }
  };

  return {
    async request(target, body) {
      const answer = await execute(target, body);
      return { statusCode: answer.statusCode, body: JSON.stringify(answer.body) };
    },
    async close() {
      closing.abort();
      const opened = state.store;
      state.store = undefined;
      reason = "The database is closed.";
      await reopening;
      await opened?.close();
    },
  };
};
